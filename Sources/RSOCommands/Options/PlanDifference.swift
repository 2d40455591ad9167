import RSONetworks
import RSORuns
import RSOSearch

/// A setting that differs between the plan of a run and what was asked for.
struct PlanDifference: Sendable, Equatable {
  /// The option on the command line, or the name of a setting that has none.
  var option: String
  var planned: String
  var asked: String

  static func table(_ differences: [PlanDifference]) -> String {
    var table = Table(
      columns: [.left("option"), .left("the run's plan"), .left("asked for")], indent: 2)
    for difference in differences {
      table.add([difference.option, difference.planned, difference.asked])
    }
    return table.description
  }
}

extension ObjectiveCommand {
  /// The files that both commands name and that have changed.
  func fileDifferences(from begun: ObjectiveCommand) -> [PlanDifference] {
    guard command == begun.command else { return [] }
    func digest(_ command: ObjectiveCommand, _ name: String) -> String {
      command.files.first { $0.name == name }.map { "SHA-256 \($0.sha256.prefix(16))..." }
        ?? "not a readable file"
    }
    let names = begun.files.map(\.name) + files.map(\.name)
    return names.enumerated().compactMap { index, name in
      let (planned, asked) = (digest(begun, name), digest(self, name))
      guard planned != asked, names.firstIndex(of: name) == index else { return nil }
      return PlanDifference(option: "'\(name)' of --objective", planned: planned, asked: asked)
    }
  }
}

extension SearchPlan {
  /// Returns the settings in which this plan differs from the plan of a run. The names of the data and
  /// of the file with the initial weights do not count.
  func differences(from begun: SearchPlan) -> [PlanDifference] {
    var differences: [PlanDifference] = []
    if architecture != begun.architecture {
      let preset = try? Architecture.preset(named: architecture.name)
      let hasSameName = architecture.name == begun.architecture.name
      differences.append(
        PlanDifference(
          option: preset == architecture ? "--preset" : "--arch",
          planned: begun.architecture.name,
          asked: architecture.name + (hasSameName ? " (not the same layers)" : "")))
    }
    // The text of an objective that a library's program computes may be that of a command.
    let isOtherKind = options.objectiveCommand.name != begun.options.objectiveCommand.name
    for (mine, theirs) in zip(PlanEntry.all(of: self), PlanEntry.all(of: begun))
    where (mine.value != theirs.value || isOtherKind && mine.name == "objective")
      && !["data", "init"].contains(mine.name)
    {
      var (planned, asked) = (theirs.value, mine.value)
      if mine.name == "precision" {
        let precisions = (begun.precision, precision)
        if precisions.0 != precisions.1 { (planned, asked) = precisions }
      }
      differences.append(
        PlanDifference(
          option: mine.isOption ? "--\(mine.name)" : mine.name, planned: planned, asked: asked))
    }
    differences += options.objectiveCommand.fileDifferences(from: begun.options.objectiveCommand)
    if initialParameters?.sha256 != begun.initialParameters?.sha256 {
      func name(_ plan: SearchPlan) -> String { plan.initialParameters?.source ?? "drawn" }
      differences.append(
        PlanDifference(option: "--init", planned: name(begun), asked: name(self)))
    }
    return differences
  }

  /// The value of `--precision` that selects the numeric path; the path's name if none does.
  private var precision: String {
    Backends.standard.knownPaths.first { $0.name == numericPath }?.precision?.name
      ?? numericPath
  }
}

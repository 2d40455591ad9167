import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// The commands that make a run again, quoted for a shell.
package struct TrainingCommands: Sendable, Equatable {
  /// A file that the commands read and that may be missing.
  package struct File: Sendable, Equatable {
    package var name: String
    package var text: String
  }

  package var lines: [String]
  /// The network, if it has no name that `rso train` knows.
  package var architecture: File?
  /// Notes for the reader about the files and programs that the commands need, and about versions.
  package var remarks: [String] = []

  package init(_ checkpoint: Checkpoint) throws {
    let plan = checkpoint.plan
    if let objective = plan.options.objectiveCommand.name {
      lines = []
      remarks = [
        "a program that uses rso as a library computes the objective '\(objective)', so no command makes the run "
          + "again; start that program"
      ]
      return
    }
    var words = ["rso", "train"]
    let preset = try? Architecture.preset(named: plan.architecture.name)
    if preset == plan.architecture {
      words += ["--preset", plan.architecture.name]
    } else if plan.architecture == Self.automatic(plan) {
      words += ["--arch", Architecture.automaticName]
    } else {
      let text = String(decoding: try plan.architecture.json(), as: UTF8.self)
      let file = File(name: "architecture.json", text: text)
      architecture = file
      words += ["--arch", file.name]
      remarks.append("\(file.name) is the network below")
    }
    words += Self.data(of: checkpoint)
    words += Self.options(plan)
    if let initial = plan.initialParameters, initial.source != TargetUnits.source {
      words += ["--init", initial.source]
      remarks.append(
        "the initial weights are those of a file with the name '\(initial.source)' "
          + "(SHA-256 \(initial.sha256))")
    }
    let run = "runs/again"
    words += ["-o", run]
    lines = [Self.text(words)]
    if plan.options.annealCycles != nil {
      lines.append(
        Self.text(["rso", "resume", run, "--cycles", "\(plan.options.cycles)", "--extend", "keep"]))
    }
    if let other = checkpoint.provenance.differentBits {
      remarks.append("other versions or numeric paths trained a part of the run: \(other)")
    }
  }

  private static func text(_ words: [String]) -> String {
    words.map(shellQuoted).joined(separator: " ")
  }

  private static func automatic(_ plan: SearchPlan) -> Architecture {
    .automatic(
      input: plan.data.shape, outputs: plan.data.outputs, samples: plan.data.trainingCount)
  }

  /// The options that name the data of a run and say how to read them.
  ///
  /// - Parameters:
  ///   - given: The place of the data; nil for the recorded one.
  ///   - request: Replaces parts of how the run asked to read its data.
  static func data(
    of checkpoint: Checkpoint, at given: String? = nil, request: DataRequest = DataRequest()
  ) -> [String] {
    let provenance = checkpoint.provenance
    let place = provenance.dataPlace.map { PathText.text(of: $0.path) }
    let request = request.completed(by: provenance.dataRequest)
    return ["--data", given ?? place ?? checkpoint.plan.data.name]
      + request.options.map { $0.value.isEmpty ? "--\($0.name)" : "--\($0.name)=\($0.value)" }
  }

  /// The options that differ from their defaults, and those without which `rso train` would choose others that
  /// fit the data.
  private static func options(_ plan: SearchPlan) -> [String] {
    let always: Set = ["cycles", "batch-size"]
    var words: [String] = []
    for entry in PlanEntry.options(of: plan)
    where entry.isOption && (entry.defaultInstead != nil || always.contains(entry.name)) {
      let isLength = entry.name == "cycles"
      let value = isLength ? "\(plan.options.annealCycles ?? plan.options.cycles)" : entry.value
      words += ["--\(entry.name)=\(value)"]
    }
    let path = Backends.standard.knownPaths.first { $0.name == plan.numericPath }
    if let precision = path?.precision, precision != .f32 {
      words += ["--precision", precision.name]
    }
    return words + ["--seed", "\(plan.seed)"]
  }
}

import RSONetworks
import RSORuns

/// The result of `rso compare`.
package struct ComparisonReport: Sendable, Equatable {
  /// Runs that differ only in their seeds.
  package struct Group: Sendable, Equatable {
    package var runs: [ComparedRun]
    package var figure: Spread
    /// The losses; nil if they are not defined for the samples.
    package var loss: Spread?
  }

  package var runs: [ComparedRun]
  /// Groups of at least two runs.
  package var groups: [Group]
  package var data: String
  package var split: String
  package var samples: Int

  /// - Parameters:
  ///   - runs: At least one; all have the same figure.
  ///   - data: The name of the data.
  package init(_ runs: [ComparedRun], data: String, split: String, samples: Int) {
    self.runs = runs
    self.data = data
    self.split = split
    self.samples = samples
    var sets: [[ComparedRun]] = []
    for run in runs {
      let fitting = sets.indices.filter { sets[$0].allSatisfy { $0.isSameButForSeed(run) } }
      // A run that stops by itself, and the best state of each, may be after other cycles than others.
      if let index = fitting.first(where: { sets[$0][0].isAsFar(as: run) }) ?? fitting.first {
        sets[index].append(run)
      } else {
        sets.append([run])
      }
    }
    groups = sets.filter { $0.count > 1 }.compactMap { runs in
      guard let figure = Spread(runs.compactMap(\.figure.value)) else { return nil }
      return Group(runs: runs, figure: figure, loss: Spread(runs.compactMap(\.loss)))
    }
  }

  private var figure: Figure? { runs.first?.figure }
  private var style: Numbers.Style { figure?.kind == .share ? .percent : .value }
  private var title: String { figure?.title ?? "" }

  // MARK: For people

  package var text: String {
    var parts = [
      split == "all"
        ? "all \(Numbers.grouped(samples)) samples of \(data)"
        : "\(Numbers.grouped(samples)) \(split) samples of \(data)",
      report.table().description,
    ]
    if runs.count > 1, let first = runs.first {
      parts.append(
        "difference: from \(quotedPath(first.name)), with its 95 % interval (paired bootstrap)"
          + (hasTest ? "; p: McNemar's exact test" : ""))
    }
    let chosen = runs.filter(\.isChosenOnSamples).map { quotedPath($0.name) }
    if !chosen.isEmpty {
      parts.append(
        "chosen on these samples, so the figures are too good: \(chosen.joined(separator: ", "))")
    }
    if !groups.isEmpty {
      parts.append("several seeds\n" + groupReport.table().description)
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var hasTest: Bool { runs.contains { $0.comparison?.test != nil } }

  private func text(_ interval: Interval?) -> String {
    interval.map {
      "\(style.text(of: $0.lower.reportValue)) to \(style.text(of: $0.upper.reportValue))"
    }
      ?? "-"
  }

  /// A row for each run.
  var report: Report<ComparedRun> { Report(runs, columns: columns) }

  /// A row for each group of seeds.
  var groupReport: Report<Group> { Report(groups, columns: groupColumns) }

  private var columns: [Column<ComparedRun>] {
    let key = figure?.key ?? "figure"
    var columns: [Column<ComparedRun>] = [
      Column("run", "run", align: .left, \.name),
      Column("cycle", "cycles", \.cycle) {
        $0.averagedCycles.map { "mean of \(Numbers.ranges($0))" } ?? "\($0.cycle)"
      },
      Column("steps", in: [.csv, .json], \.steps),
      Column("averaged_cycles", in: [.csv, .json], \.averagedCycles),
      Column("seed", "seed", \.plan.seed),
      Column("chosen_on_samples", in: [.csv, .json], \.isChosenOnSamples),
      Column("loss_function", in: [.csv, .json], \.plan.objectiveWithoutProgram.loss.rawValue),
      Column("loss", "loss", as: .loss, \.loss),
      Column(key, title, as: style, \.figure.value),
    ]
    if runs.contains(where: { !$0.plan.options.targetScales.isNone }) {
      columns.append(
        Column("target_scales", in: [.csv, .json], \.plan.options.targetScales.reportText))
    }
    if runs.contains(where: { $0.figure.interval != nil }) {
      columns.append(
        Column(
          "", "95 % interval", in: [.table], \.figure.interval,
          text: { text($0.figure.interval) }))
      columns += Self.ends("\(key)", \.figure.interval)
    }
    guard runs.count > 1 else { return columns }
    columns.append(Column("difference", "difference", as: style) { $0.comparison?.difference })
    columns.append(
      Column(
        "", "95 % interval", in: [.table], { $0.comparison?.interval },
        text: { text($0.comparison?.interval) }))
    columns += Self.ends("difference", \.comparison?.interval)
    if hasTest {
      columns += [
        Column("only_first", "only first right") { $0.comparison?.test?.onlyFirst },
        Column("only_this", "only this right") { $0.comparison?.test?.onlySecond },
        Column(
          "p_value", "p", { $0.comparison?.test?.pValue },
          text: { run in
            // It is below the smallest double.
            run.comparison?.test?.pValue == 0
              ? "< 1e-300" : Numbers.value(run.comparison?.test?.pValue)
          }),
      ]
    }
    return columns
  }

  private static func ends(
    _ key: String, _ interval: @escaping (ComparedRun) -> Interval?
  ) -> [Column<ComparedRun>] {
    [
      Column("\(key)_lower", in: [.csv, .json]) { interval($0)?.lower },
      Column("\(key)_upper", in: [.csv, .json]) { interval($0)?.upper },
    ]
  }

  /// `6`, or `4 to 6`.
  private static func range(_ cycles: [Int]) -> String {
    guard let least = cycles.min(), let most = cycles.max() else { return "-" }
    return least == most ? "\(least)" : "\(least) to \(most)"
  }

  private var groupColumns: [Column<Group>] {
    let key = figure?.key ?? "figure"
    return [
      Column(
        "runs", "runs", align: .left, { $0.runs.map(\.name) },
        text: { $0.runs.map(\.name).joined(separator: ", ") }),
      Column("seeds", in: [.json]) { $0.runs.map(\.plan.seed) },
      Column(
        "cycles", "cycles", { $0.runs.map(\.cycle) },
        text: { Self.range($0.runs.map(\.cycle)) }),
      Column("\(key).mean", "mean \(title)", as: style, \.figure.mean),
      Column("\(key).std", "deviation", as: style, \.figure.deviation),
      Column("\(key).min", "lowest", as: style, \.figure.min),
      Column("\(key).max", "highest", as: style, \.figure.max),
      Column("loss.mean", "mean loss", as: .loss, \.loss?.mean),
      Column("loss.std", "deviation", as: .loss, \.loss?.deviation),
    ]
  }

  // MARK: For programs

  /// A row for each run.
  package var csv: String { report.csv }

  package var json: ReportValue {
    .object([
      "data": .text(data), "split": .text(split), "samples": .integer(samples),
      "runs": report.json, "groups": groupReport.json,
    ])
  }
}

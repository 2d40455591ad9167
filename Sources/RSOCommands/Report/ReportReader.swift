import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// Reads what a report is about.
struct ReportReader {
  let data: DataOptions
  let threads: ThreadOptions
  /// Gets lines about what is done, and warnings about files that were skipped.
  let say: (String) -> Void
  let warn: ([String]) -> Void

  /// Checkpoints that are read for the weights of earlier cycles: of all runs together, and at least of each one.
  private static let mostStates = 96
  private static let fewestStates = 8

  /// Reads runs and files, and evaluates and compares the runs.
  ///
  /// *Throws:* `CommandError.nothingBegun` for a sweep without runs; the errors of `FoundFile`;
  /// `DatasetError` if `--data` names data that cannot be used.
  func content(of paths: [String], date: Double) throws -> ReportContent {
    var content = try read(paths, date: date)
    try complete(&content)
    return content
  }

  /// Reads runs and files without evaluating anything.
  ///
  /// *Throws:* as `content(of:date:)`.
  func read(_ paths: [String], date: Double) throws -> ReportContent {
    var content = ReportContent(date: date)
    for path in paths {
      if let sweep = try SweepHistory(path) {
        try add(sweep, to: &content)
      } else {
        try add(path, to: &content)
      }
    }
    if content.runs.isEmpty, content.files.isEmpty {
      throw CommandError.nothingBegun(sweep: paths.first ?? "")
    }
    return content
  }

  /// Adds what takes time: the weights of earlier cycles, the evaluations and the comparison.
  ///
  /// *Throws:* `DatasetError` if `--data` names data that cannot be used.
  func complete(_ content: inout ReportContent) throws {
    readWeights(&content)
    try evaluate(&content)
    compare(&content)
  }

  private func add(_ path: String, to content: inout ReportContent) throws {
    switch try FoundFile(path) {
    case .tensors(let file):
      content.files.append(ReportedFile(file, threads: threads.count))
    case .checkpoint(let found):
      let isInProgress = FileSystem.isDirectory(path) && RunDirectory.isInUse(at: path)
      warn(try found.warnings(inProgress: isInProgress))
      content.runs.append(
        try ReportedRun(name: path, found: found, isInProgress: isInProgress))
    }
  }

  private func add(_ sweep: SweepHistory, to content: inout ReportContent) throws {
    var runs: [SweepRun] = []
    for begun in sweep.begun {
      let found = try FoundCheckpoint(begun.path)
      let isInProgress = RunDirectory.isInUse(at: begun.path)
      warn(try found.warnings(inProgress: isInProgress))
      var run = try ReportedRun(
        name: "\(begun.cell.name)/seed-\(begun.seed)", found: found, place: begun.place,
        isInProgress: isInProgress)
      run.cellOptions = begun.cell.options
      content.runs.append(run)
      runs.append(
        SweepRun(
          cell: begun.cell, seed: begun.seed, path: begun.path, plan: run.checkpoint.plan,
          checkpoint: run.checkpoint))
    }
    let definition = sweep.definition
    content.sweep = ReportContent.Sweep(
      name: definition.name, about: definition.about,
      results: try SweepResults(
        definition, runs: runs, isScaled: false, directory: sweep.directory
      ).byValidation,
      waiting: definition.cells.count * definition.seeds.count - sweep.begun.count,
      isInProgress: RunDirectory.isInUse(at: sweep.directory))
  }

  /// Reads the weights of earlier cycles of the runs that the page shows in detail.
  private func readWeights(_ content: inout ReportContent) {
    let shown = content.detailed
    guard !shown.isEmpty else { return }
    let states = max(
      Self.fewestStates, min(WeightsByCycle.mostStates, Self.mostStates / shown.count))
    let pool = WorkerPool(threads: threads.count)
    for index in shown {
      content.runs[index].weightsByCycle = WeightsByCycle(
        content.runs[index], states: states, pool: pool)
    }
  }

  // MARK: Evaluation

  private func evaluate(_ content: inout ReportContent) throws {
    var loaded: [String: Result<Dataset, DatasetError>] = [:]
    let pool = WorkerPool(threads: threads.count)
    for index in content.runs.indices {
      let run = content.runs[index]
      do { try run.checkpoint.plan.architecture.requireNetwork() } catch {
        content.runs[index].noEvaluation = reason(error)
        continue
      }
      let identity = run.checkpoint.plan.data
      let key = [identity.trainingSHA256, identity.validationSHA256 ?? "", identity.testSHA256]
        .joined(separator: " ")
      let result = loaded[key] ?? load(run)
      loaded[key] = result
      switch result {
      case .success(let dataset):
        do {
          content.runs[index].evaluations = try evaluations(run, dataset, pool)
          if content.runs[index].evaluations.isEmpty {
            content.runs[index].noEvaluation = "the data have no validation set and no test set"
          }
        } catch {
          content.runs[index].noEvaluation = reason(error)
        }
      case .failure(let error):
        if data.data != nil { throw error }
        content.runs[index].noEvaluation = reason(error)
      }
    }
  }

  private func load(_ run: ReportedRun) -> Result<Dataset, DatasetError> {
    let checkpoint = run.checkpoint
    return Result { () throws(DatasetError) in
      try data.load(for: checkpoint.plan.data, of: checkpoint.provenance, near: run.path)
    }
  }

  private func evaluations(
    _ run: ReportedRun, _ dataset: Dataset, _ pool: WorkerPool
  ) throws -> [SetEvaluation] {
    let splits: [Split] = [.validation, .test].filter { split in
      ((try? split.part(of: dataset)) ?? nil) != nil
    }
    if !splits.isEmpty { say("evaluating \(quotedPath(run.name)) on \(dataset.name)") }
    return try splits.map { split in
      let report = try EvaluationRun(run.checkpoint).evaluate(
        on: dataset, split: split, makeEvaluator: Evaluators.factory(threads: threads.count))
      return try SetEvaluation(
        report, of: dataset, split: split, names: run.outputNames, pool: pool)
    }
  }

  // MARK: Comparison

  /// Compares all evaluated runs with the best one, or else the first, on the same samples.
  private func compare(_ content: inout ReportContent) {
    guard content.runs.count > 1, let best = content.reference else { return }
    guard let judged = best.judged, let first = row(best, judged, nil) else {
      content.notCompared = content.runs.filter { $0.judged == nil }.map(Self.notEvaluated)
      return
    }
    let pool = WorkerPool(threads: threads.count)
    var rows = [first]
    let others = content.runs.filter { $0.path != best.path }
      .sorted { $1.rank ?? -.infinity < $0.rank ?? -.infinity }
    for run in others {
      guard let own = run.judged else {
        content.notCompared.append(Self.notEvaluated(run))
        continue
      }
      guard own.sha256 == judged.sha256, own.split == judged.split,
        run.outputNames == best.outputNames
      else {
        content.notCompared.append("\(run.name): it was judged on other samples")
        continue
      }
      if let row = row(run, own, PairedComparison(judged.report, own.report, pool: pool)) {
        rows.append(row)
      }
    }
    guard rows.count > 1 else { return }
    content.comparison = ComparisonReport(
      rows, data: best.checkpoint.plan.data.name, split: judged.split.rawValue,
      samples: judged.report.samples)
  }

  private static func notEvaluated(_ run: ReportedRun) -> String {
    "\(run.name): \(run.noEvaluation ?? "it was not evaluated")"
  }

  private func row(
    _ run: ReportedRun, _ evaluation: SetEvaluation, _ comparison: PairedComparison?
  ) -> ComparedRun? {
    evaluation.figures.overall.first.map { figure in
      ComparedRun(
        name: run.name, plan: run.checkpoint.plan, cycle: evaluation.report.cycle,
        steps: (try? run.checkpoint.position().steps) ?? 0, loss: evaluation.report.loss,
        figure: figure, comparison: comparison)
    }
  }
}

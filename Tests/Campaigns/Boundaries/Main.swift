import Foundation
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// `campaign-boundaries RUN DATA ARCHITECTURE CYCLES THREADS INTERVAL KILL MODE`: trains in a parallel
/// mode, or goes on where RUN has checkpoints, as the verbs do, and kills itself with SIGKILL when the
/// run asks for the KILLth time, from 0, whether it shall stop (-1: never): in mode `none` once before
/// each step. Prints `begins CYCLES STEPS` with the place it begins at, `saved
/// CYCLES STEPS` after every save, and `state SHA256 STEPS` with the steps of this process at the end.
@main struct Main {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst().map { $0 }
    guard words.count == 8, let cycles = Int(words[3]), let threads = Int(words[4]),
      let interval = Double(words[5]), let kill = Int(words[6]),
      let mode = ParallelMode(rawValue: words[7])
    else { exit(64) }
    var dataset = try IDXReader().load(words[1], DataRequest())
    dataset.adoptClasses(10)
    let paths = RunPaths(directory: words[0])
    let isBegun = !paths.checkpoints().isEmpty
    let directory =
      isBegun
      ? try RunDirectory.open(at: paths.directory) : try RunDirectory.create(at: paths.directory)
    let checkpoint =
      isBegun
      ? try CheckpointStore(paths: paths).newest().stored.resumed(in: environment)
      : try beginning(dataset, architecture: words[2], cycles: cycles, mode)
    var settings = RunSettings()
    settings.saveInterval = interval
    settings.retention = Retention(keepLast: 1, keepEvery: nil)
    settings.workers = mode == .none ? 1 : threads
    let place = Place(
      cycles: checkpoint.state.cursor.cycle,
      steps: try SearchOrder(checkpoint.plan)
        .stepsInCycle(before: checkpoint.state.cursor))
    say("begins", place.cycles, place.steps)
    var run = try TrainingRun(
      checkpoint: checkpoint, dataset: dataset, directory: directory, settings: settings,
      makeEvaluator: Backends.standard.factory(threads: mode == .none ? threads : 1),
      interruption: {
        if place.looks == kill { Foundation.kill(getpid(), SIGKILL) }
        place.looks += 1
        return nil
      },
      observe: { event in
        switch event {
        case .stepFinished(_, let steps): place.steps = steps
        case .cycleFinished(let record, _): (place.cycles, place.steps) = (record.cycle, 0)
        case .saved: say("saved", place.cycles, place.steps)
        default: break
        }
      })
    _ = try run.run()
    say("state", try CheckpointReader.read(paths.last).stateSHA256, place.looks)
  }

  private final class Place {
    var cycles: Int
    var steps: Int
    /// Times that the run asked whether it shall stop: once before each step.
    var looks = 0

    init(cycles: Int, steps: Int) {
      (self.cycles, self.steps) = (cycles, steps)
    }
  }

  private static let environment = RunEnvironment(
    version: "1.0.0", instructionSet: Kernels.best.name)

  private static func beginning(
    _ dataset: Dataset, architecture: String, cycles: Int, _ mode: ParallelMode
  ) throws -> Checkpoint {
    var options = SearchOptions()
    options.cycles = cycles
    options.batchSize = 8
    options.parallel = mode
    let json = try Data(contentsOf: URL(fileURLWithPath: architecture))
    let plan = SearchPlan(
      architecture: try Architecture(json: json), options: options, seed: 7,
      data: dataset.identity, normalization: Normalization(of: dataset.training))
    return try .initial(plan: plan, environment: environment, date: RunClock.system.date())
  }

  /// A line that is out before the next step, whatever standard output is.
  private static func say(_ words: Any...) {
    let line = words.map { "\($0)" }.joined(separator: " ") + "\n"
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}

import ArgumentParser
import RSODatasets
import RSONumerics
import RSORuns
import RSOSearch

/// The runs of a sweep. All are checked before the first one starts.
struct SweepPlan {
  let definition: SweepDefinition
  /// The first seed of every cell, then the second: early results include all cells.
  private(set) var runs: [SweepRun]

  /// - Parameters:
  ///   - path: The file, for messages.
  ///   - directory: The sweep's directory.
  ///
  /// *Throws:* `CommandError.badCell` with the message that `rso train` would have.
  init(_ definition: SweepDefinition, path: String, directory: String) throws {
    let paths = SweepPaths(directory: directory)
    var datasets: [ImageShape?: [String?: [DataRequest: Dataset]]] = [:]
    var runs: [SweepRun] = []
    for seed in definition.seeds {
      for cell in definition.cells {
        let plan: SearchPlan
        do {
          let command = try Self.command(of: cell, seed: seed)
          plan = try command.prepared { name, shape, request in
            if let known = datasets[shape]?[name]?[request] { return known }
            let dataset = try command.dataOptions.source.load(name, for: shape, request: request)
            datasets[shape, default: [:]][name, default: [:]][request] = dataset
            return dataset
          }.plan
        } catch {
          throw Self.complaint(error, of: cell, path: path)
        }
        let run = paths.run(cell: cell.name, seed: seed)
        runs.append(SweepRun(cell: cell, seed: seed, path: run, plan: plan))
      }
    }
    self.definition = definition
    self.runs = runs
  }

  /// Reads the position of each run from its directory.
  ///
  /// *Throws:* `CommandError.begunOtherwise`; `RunError` for unusable checkpoints.
  mutating func look() throws {
    for index in runs.indices {
      let run = runs[index]
      guard let newest = try SweepRun.newest(in: run.path) else { continue }
      let differences = run.plan.differences(from: newest.plan)
      guard differences.isEmpty else {
        throw CommandError.begunOtherwise(run: run.path, cell: run.cell.name, differences)
      }
      runs[index].checkpoint = newest
    }
  }

  private static func command(
    of cell: SweepDefinition.Cell, seed: UInt64
  ) throws -> TrainCommand {
    try TrainCommand.parse(SweepRun.arguments(of: cell, seed: seed))
  }

  /// Returns the error of a cell with the message of `rso train`.
  private static func complaint(
    _ error: any Error, of cell: SweepDefinition.Cell, path: String
  ) -> CommandError {
    let (message, status) = failure(error) ?? (usage(error), ExitStatus.badData)
    let first = message.prefix(1).lowercased()
    return .badCell(
      cell.name, sweep: path, reason: first + message.dropFirst(),
      status: status == ExitStatus.usage ? ExitStatus.badData : status)
  }

  private static func usage(_ error: any Error) -> String {
    ForeignWords.advised(
      TrainCommand.message(for: error), help: TrainCommand.helpMessage(includeHidden: true))
  }

  /// Returns a warning if the memory does not suffice for `jobs` runs at a time.
  ///
  /// - Parameters:
  ///   - choice: The device of the runs. One that was never tested is tested here, so that the runs need not.
  ///   - path: The file, for messages.
  ///   - say: Gets a line before a test.
  ///
  /// *Throws:* `CommandError.badCell` for a run that can never have the memory it needs, or whose device is
  /// refused.
  func memoryWarning(
    jobs: Int, threads: Int, on choice: DeviceChoice, path: String, say: @escaping (String) -> Void
  ) throws -> String? {
    let rest = runs.filter { !$0.isFinished }
    let machine = MachineMemory.current()
    let chooser = DeviceChooser(nil, say: say)
    var needs: [Int] = []
    for run in rest {
      let threads = max(1, threads / jobs)
      let memory: MemoryPlan
      do {
        let device = try chooser.chosen(choice, for: run.plan, threads: threads)
        memory = try MemoryPlan(
          run.plan, threads: threads, backends: device.backends, mostWorkers: device.mostWorkers)
        _ = try memory.check(against: MachineMemory(available: nil, limit: machine.limit))
      } catch {
        throw Self.complaint(error, of: run.cell, path: path)
      }
      needs.append(memory.peak)
    }
    let most = needs.sorted(by: >).prefix(jobs).reduce(0, +)
    guard let available = machine.available, most > available else { return nil }
    return "\(min(jobs, rest.count)) runs at once need up to \(Numbers.bytes(most)), and "
      + "\(Numbers.bytes(available)) are free"
  }
}

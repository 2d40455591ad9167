import Foundation
import RSONetworks

/// The file of `--perf-log`: where the time of a run's cycles went, as CSV.
final class PassLog {
  // A class, because a run's observer writes to it from inside the run.
  let times = PassTimes()
  private let path: String
  private let file: FileHandle
  private let clock = ContinuousClock()
  private var started: ContinuousClock.Instant
  /// The cycle under way, from 1.
  private var cycle: Int

  /// Opens the file, whose content stays until `begin`: the run may be refused yet.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  init(path: String, cycle: Int) throws {
    self.path = path
    self.cycle = cycle
    started = clock.now
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw CommandError.cannotWrite(path, reason: systemText(errno)) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Replaces what the file held, once the run is this process's own; from here on time counts.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  func begin() throws {
    started = clock.now
    // A pipe or a terminal has no length to be cut.
    guard ftruncate(file.fileDescriptor, 0) == 0 || errno == EINVAL else {
      throw CommandError.cannotWrite(path, reason: systemText(errno))
    }
    do {
      try file.write(contentsOf: Data("cycle,layer,pass,seconds,count\n".utf8))
    } catch {
      throw CommandError.cannotWrite(path, reason: describe(error))
    }
  }

  /// Writes what was measured in the cycle under way, which is over, or over for this process.
  ///
  /// - Returns: What went wrong, if anything did.
  func finishCycle() -> String? {
    let now = clock.now
    let text = Self.text(times.take(), cycle: cycle, seconds: (now - started) / .seconds(1))
    (cycle, started) = (cycle + 1, now)
    do {
      try file.write(contentsOf: Data(text.utf8))
      return nil
    } catch {
      return "cannot write '\(path)': \(describe(error))"
    }
  }

  /// One line a row, and one for the rest of the time.
  private static func text(_ rows: [PassTimes.Row], cycle: Int, seconds: Double) -> String {
    let rest = seconds - rows.reduce(0) { $0 + $1.seconds }
    let other = PassTimes.Row(layer: nil, pass: "other", seconds: max(0, rest), count: 1)
    return (rows + [other]).map { row in
      "\(cycle),\(row.layer ?? ""),\(row.pass),\(Numbers.fixed(row.seconds, 6)),\(row.count)\n"
    }.joined()
  }
}

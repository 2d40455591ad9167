internal import Glibc
import RSOSystem

/// The names in a run directory.
package struct RunPaths: Sendable, Hashable {
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// The names in the directory that `file` is in.
  package init(around file: String) {
    directory = Path.parent(of: file)
  }

  /// The newest boundary that was saved. Between two cycles it is a copy of the cycle's checkpoint.
  package var last: String { path("last.h5") }
  /// The same bytes in another file, for a disk that loses a block.
  package var lastCopy: String { path("last-copy.h5") }
  /// The cycle with the highest test accuracy.
  package var best: String { path("best.h5") }
  package var metrics: String { path("metrics.csv") }
  /// The lock file. It names the process that writes to the run.
  package var lock: String { path("lock") }

  /// The checkpoint at the end of a cycle; 0 is the beginning of the run.
  package func cycle(_ cycle: Int) -> String {
    let digits = String(cycle)
    return path("ckpt-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).h5")
  }

  /// The cycles that have a file, by its name, in ascending order.
  package func cycles() -> [Int] {
    let names = (try? FileSystem.names(in: directory)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("ckpt-"), name.hasSuffix(".h5"),
        let cycle = Int(name.dropFirst(5).dropLast(3)), cycle >= 0, self.cycle(cycle) == path(name)
      else { return nil }
      return cycle
    }.sorted()
  }

  /// The checkpoint files that exist. Of two equal states the first is taken.
  package func checkpoints() -> [String] {
    ([last, lastCopy] + cycles().map(cycle) + [best]).filter(FileSystem.exists)
  }

  /// *Throws:* `RunError.system` for a directory that exists and cannot be read.
  package func requireAccess() throws {
    do {
      _ = try FileSystem.status(of: directory)
    } catch  where error.code != ENOENT {
      throw RunError.system(SystemError(operation: .open, path: directory, code: error.code))
    } catch {
      return
    }
    guard FileSystem.allows([.read, .execute], directory) else {
      throw RunError.system(SystemError(operation: .open, path: directory, code: EACCES))
    }
  }

  private func path(_ name: String) -> String { Path.joined(directory, name) }
}

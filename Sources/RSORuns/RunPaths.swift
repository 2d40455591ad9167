import Foundation

/// The names in a run directory.
package struct RunPaths: Sendable, Hashable {
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// The names in the directory that `file` lies in.
  package init(around file: String) {
    let slash = file.lastIndex(of: "/")
    directory = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }

  /// The newest boundary that was saved; between cycles a copy of the cycle's checkpoint.
  package var last: String { path("last.h5") }
  /// The same bytes once more, in a file of their own: for a disk that loses a block.
  package var lastCopy: String { path("last-copy.h5") }
  /// The cycle of the highest test accuracy.
  package var best: String { path("best.h5") }
  package var metrics: String { path("metrics.csv") }
  /// Held by the process that writes to the run, which it names.
  package var lock: String { path("lock") }

  /// The end of a cycle; 0 for the beginning of the run.
  package func cycle(_ cycle: Int) -> String {
    let digits = String(cycle)
    return path("ckpt-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).h5")
  }

  /// The cycles that have a file, by name, in ascending order.
  package func cycles() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("ckpt-"), name.hasSuffix(".h5"),
        let cycle = Int(name.dropFirst(5).dropLast(3)), cycle >= 0, self.cycle(cycle) == path(name)
      else { return nil }
      return cycle
    }.sorted()
  }

  /// Every checkpoint file that is there; of equals that to be taken first.
  package func checkpoints() -> [String] {
    ([last, lastCopy] + cycles().map(cycle) + [best]).filter(FileManager.default.fileExists)
  }

  /// *Throws:* `RunError.system` for a directory that is there and may not be looked into.
  package func requireAccess() throws {
    if access(directory, R_OK | X_OK) != 0, errno != ENOENT {
      throw RunError.system(operation: "open", path: directory, code: errno)
    }
  }

  private func path(_ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }
}

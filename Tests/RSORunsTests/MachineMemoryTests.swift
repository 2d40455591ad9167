import Foundation
import RSORuns
import Testing

@Suite("MachineMemory")
struct MachineMemoryTests {
  /// A root with these files in it.
  private func memory(_ files: [String: String]) throws -> MachineMemory {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-memory-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return MachineMemory.current(root: root.path + "/")
  }

  private let info = """
    MemTotal:        4000 kB
    MemFree:          100 kB
    MemAvailable:    3000 kB
    SwapTotal:       1000 kB
    SwapFree:         500 kB
    """

  @Test("is what the machine has, with swap")
  func machine() throws {
    #expect(
      try memory(["proc/meminfo": info])
        == MachineMemory(available: 3500 << 10, limit: 5000 << 10))
    #expect(try memory([:]) == MachineMemory(available: nil, limit: nil))
  }

  @Test(
    "is no more than the control groups around the process allow",
    arguments: [
      ("0::/a/b\n", "sys/fs/cgroup/a", "memory.max", "memory.current"),
      ("0::/\n", "sys/fs/cgroup", "memory.max", "memory.current"),
      (
        "3:cpu,memory:/a\n", "sys/fs/cgroup/memory/a", "memory.limit_in_bytes",
        "memory.usage_in_bytes"
      ),
    ])
  func group(line: String, directory: String, limit: String, used: String) throws {
    let found = try memory([
      "proc/meminfo": info, "proc/self/cgroup": line, "\(directory)/\(limit)": "2048000\n",
      "\(directory)/\(used)": "78000\n",
      "\(directory)/memory.stat": "active_file 9\ninactive_file 30000\nunevictable 0\n",
    ])
    #expect(found == MachineMemory(available: 2_000_000, limit: 2_048_000))
  }

  @Test("a group without a limit bounds nothing")
  func unlimited() throws {
    let found = try memory([
      "proc/meminfo": info, "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "max\n",
      "sys/fs/cgroup/a/memory.current": "48000\n",
    ])
    #expect(found.limit == 5000 << 10)
  }

  @Test("this machine has some")
  func here() throws {
    let here = MachineMemory.current()
    #expect(try #require(here.available) > 1 << 20)
    #expect(try #require(here.limit) > 1 << 20)
  }
}

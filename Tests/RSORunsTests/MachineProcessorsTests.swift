import Foundation
import RSORuns
import Testing

@Suite("MachineProcessors")
struct MachineProcessorsTests {
  /// The usable processors of a machine whose `proc` and `sys` have these files.
  private func usable(_ affinity: Int, _ files: [String: String]) throws -> Int {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-processors-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return MachineProcessors.usable(affinity: affinity, root: root.path + "/")
  }

  private static let (v2, v1) = ("0::/a/b\n", "5:cpu,cpuacct:/a/b\n")

  @Test(
    "are those of the affinity mask, as far as the quotas of the control groups pay for them",
    arguments: [
      (8, [:], 8), (1, [:], 1),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/b/cpu.max": "max 100000\n"], 8),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/b/cpu.max": "200000 100000\n"], 2),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/b/cpu.max": "250000 100000\n"], 3),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/cpu.max": "10000 100000\n"], 1),
      (2, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/cpu.max": "400000 100000\n"], 2),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/b/cpu.max": "nonsense\n"], 8),
      (8, ["proc/self/cgroup": v2, "sys/fs/cgroup/a/b/cpu.max": "100000 0\n"], 8),
      (
        8,
        [
          "proc/self/cgroup": v1, "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "300000\n",
          "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "100000\n",
        ], 3
      ),
      (
        8,
        [
          "proc/self/cgroup": v1, "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "-1\n",
          "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "100000\n",
        ], 8
      ),
      // Without /proc the groups at the top are the container's own.
      (8, ["sys/fs/cgroup/cpu.max": "200000 100000\n"], 2),
    ] as [(Int, [String: String], Int)])
  func quotas(affinity: Int, files: [String: String], expected: Int) throws {
    #expect(try usable(affinity, files) == expected)
  }

  @Test("of this process are those of its affinity mask")
  func affinity() async {
    await #expect(processExitsWith: .exitCode(1)) {
      var mask = cpu_set_t()
      guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { exit(100) }
      // Keeps the lowest processor of the mask.
      withUnsafeMutableBytes(of: &mask) { bytes in
        var isFound = false
        for index in bytes.indices {
          bytes[index] = isFound ? 0 : bytes[index] & (~bytes[index] &+ 1)
          if bytes[index] != 0 { isFound = true }
        }
      }
      guard sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { exit(101) }
      exit(Int32(MachineProcessors.affinity()))
    }
    #expect(MachineProcessors.affinity() >= MachineProcessors.usable())
  }
}

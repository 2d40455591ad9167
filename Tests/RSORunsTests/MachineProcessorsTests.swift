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

  @Test("of a process are those of its affinity mask")
  func affinity() async throws {
    await #expect(processExitsWith: .exitCode(1)) {
      // taskset(1) changes the mask of a process that runs.
      let taskset = Process()
      taskset.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
      taskset.arguments = ["--all-tasks", "--pid", "--cpu-list", "0", "\(getpid())"]
      taskset.standardOutput = FileHandle.nullDevice
      try taskset.run()
      taskset.waitUntilExit()
      guard taskset.terminationStatus == 0 else { exit(100) }
      exit(Int32(MachineProcessors.affinity()))
    }
    #expect(MachineProcessors.affinity() >= MachineProcessors.usable())
  }
}

internal import Glibc
import RSORanks

/// The processors that this process can use.
package enum MachineProcessors {
  /// The number of threads that can run at the same time, at least 1: no more than the process's
  /// affinity mask allows (taskset(1)), and no more than the CPU quotas of its control groups.
  ///
  /// - Parameters:
  ///   - affinity: The number of processors in the affinity mask.
  ///   - root: The directory that `proc` and `sys` are in, with a slash at its end.
  package static func usable(affinity: Int = MachineProcessors.affinity(), root: String = "/")
    -> Int
  {
    max(1, min(affinity, quota(root: root) ?? affinity))
  }

  /// The processors that the CPU quotas of the control groups pay for, rounded up; nil without a quota.
  package static func quota(root: String = "/") -> Int? {
    ControlGroups.around(.cpu, root: root).compactMap(quota).min()
  }

  /// The processors of the machine that are switched on.
  package static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The same for each of the ranks on this machine, unless the launcher has given each of them
  /// processors of its own.
  package static func usable(shared launch: Launch?) -> Int {
    let usable = usable()
    guard let launch, affinity() >= online else { return usable }
    return max(1, usable / launch.countHere)
  }

  /// The number of processors that the process may run on.
  package static func affinity() -> Int {
    // The module of the C library does not declare this function of Linux, so it is looked up.
    typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer?) -> Int32
    guard let symbol = dlsym(nil, "sched_getaffinity") else { return online }
    let affinity = unsafeBitCast(symbol, to: Affinity.self)
    // A mask that is too small for the machine's processors is refused.
    for words in [16, 64, 256] {
      var mask = [UInt64](repeating: 0, count: words)
      let size = words * MemoryLayout<UInt64>.size
      guard mask.withUnsafeMutableBytes({ affinity(0, size, $0.baseAddress) }) == 0 else {
        continue
      }
      let count = mask.reduce(0) { $0 + $1.nonzeroBitCount }
      if count > 0 { return count }
    }
    return online
  }

  /// Processors that a group's quota pays for, rounded up; nil if it has no quota.
  private static func quota(_ group: ControlGroups.Group) -> Int? {
    let words =
      group.isUnified
      ? group.text("cpu.max").split { $0 == " " || $0 == "\n" }.map(String.init)
      : [group.text("cpu.cfs_quota_us"), group.text("cpu.cfs_period_us")]
    guard words.count == 2, let quota = SystemFile.number(words[0]),
      let period = SystemFile.number(words[1]), quota > 0, period > 0
    else { return nil }
    return quota / period + (quota % period == 0 ? 0 : 1)
  }
}

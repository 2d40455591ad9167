internal import Glibc

/// The limits of this process that hold now (`ulimit`). Nil: no limit.
package struct ProcessLimits: Sendable, Hashable {
  /// Bytes of address space (`ulimit -v`).
  package var memory: Int?
  /// Files that are open at the same time (`ulimit -n`).
  package var openFiles: Int?
  /// Bytes of a file that is written (`ulimit -f`).
  package var fileSize: Int?
  /// Processes and threads of this user (`ulimit -u`). It does not hold for root.
  package var processes: Int?
  /// Bytes of the stack of the main thread (`ulimit -s`).
  package var stack: Int?
  /// Seconds of processor time, of all threads together (`ulimit -t`).
  package var processorTime: Int?

  package init(
    memory: Int? = nil, openFiles: Int? = nil, fileSize: Int? = nil, processes: Int? = nil,
    stack: Int? = nil, processorTime: Int? = nil
  ) {
    self.memory = memory
    self.openFiles = openFiles
    self.fileSize = fileSize
    self.processes = processes
    self.stack = stack
    self.processorTime = processorTime
  }

  package static var current: ProcessLimits {
    ProcessLimits(
      memory: value(RLIMIT_AS), openFiles: value(RLIMIT_NOFILE), fileSize: value(RLIMIT_FSIZE),
      processes: geteuid() == 0 ? nil : value(__RLIMIT_NPROC),
      stack: value(RLIMIT_STACK), processorTime: value(RLIMIT_CPU))
  }

  private static func value(_ resource: __rlimit_resource) -> Int? {
    var bound = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0 else { return nil }
    return bound.rlim_cur < UInt64(Int.max) ? Int(bound.rlim_cur) : nil
  }
}

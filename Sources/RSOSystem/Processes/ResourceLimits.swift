internal import Glibc

/// Limits of this process, for one that parses untrusted bytes. They cannot be raised again.
package struct ResourceLimits: Sendable {
  /// Bytes of address space.
  package var memory: Int
  /// Seconds of processor time.
  package var processorTime: Int
  /// Open files; those that are open stay open.
  package var openFiles: Int

  package init(memory: Int, processorTime: Int, openFiles: Int = 3) {
    self.memory = memory
    self.processorTime = processorTime
    self.openFiles = openFiles
  }

  /// Sets the limits for this process. It can also not write to files, start processes, or leave a
  /// memory dump. A lower limit of its parent stays.
  ///
  /// - Returns: False if one cannot be set.
  package func apply() -> Bool {
    let limits: [(__rlimit_resource, Int)] = [
      (RLIMIT_AS, memory), (RLIMIT_CPU, processorTime), (RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0),
      (RLIMIT_NOFILE, openFiles), (__RLIMIT_NPROC, 0),
    ]
    return limits.allSatisfy { resource, value in
      var bound = rlimit()
      guard getrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0 else { return false }
      bound.rlim_max = min(rlim_t(max(0, value)), bound.rlim_max)
      bound.rlim_cur = bound.rlim_max
      return setrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0
    }
  }
}

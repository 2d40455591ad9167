import Glibc

/// The limits that the system holds a process to.
enum ResourceLimits {
  /// Lowers limits for good. A limit that is lower already stays.
  ///
  /// - Returns: False if the system refuses.
  static func lower(_ limits: [(__rlimit_resource, Int)]) -> Bool {
    limits.allSatisfy { resource, value in
      var bound = rlimit()
      guard getrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0 else { return false }
      bound.rlim_max = min(rlim_t(value), bound.rlim_max)
      bound.rlim_cur = bound.rlim_max
      return setrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0
    }
  }
}

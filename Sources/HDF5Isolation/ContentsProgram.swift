internal import Glibc
internal import HDF5

/// The work of `rso hdf5-contents`: reads an HDF5 file from standard input and writes its contents to
/// standard output, under limits of memory and time for this process. `ContentsProcess` starts it;
/// users do not.
package enum ContentsProgram {
  /// Does the work, and returns the exit status: 0, or 64 (arguments), 71 (limits cannot be set),
  /// 74 (input or output).
  ///
  /// The limits stay, so the process must end afterwards.
  ///
  /// - Parameter arguments: The file's size in bytes; then `converting` to read floating-point
  ///   numbers of any kind.
  package static func run(_ arguments: [String]) -> Int32 {
    guard let first = arguments.first, let size = Int(first), (0...maximumSize).contains(size),
      arguments.count == 1 || (arguments.count == 2 && arguments.last == "converting")
    else { return 64 }
    let limits =
      arguments.count == 2
      ? HDF5Contents.Limits.converting(fileOf: size) : HDF5Contents.Limits(bytes: size)
    guard limit(size, contents: limits.bytes) else { return 71 }
    guard let file = read(size) else { return 74 }
    let result = Result { () throws(HDF5Error) in
      try HDF5Contents.extract(from: file, limits)
    }
    return write(HDF5Contents.encode(result)) ? 0 : 74
  }

  private static let maximumSize = 1 << 32

  /// Sets the limits. Memory: the file, libhdf5's copy, its contents, the answer, and an array that grows.
  /// Processor time: 1 second (a typical file takes 10 ms) and 1 more for each 4 MiB of contents. It
  /// cannot open, write or leave files, or start processes.
  private static func limit(_ size: Int, contents: Int) -> Bool {
    let limits: [(__rlimit_resource, Int)] = [
      (RLIMIT_AS, 1 << 28 + 2 * size + 6 * contents), (RLIMIT_CPU, 1 + contents >> 22),
      (RLIMIT_CORE, 0),
      (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 3), (__RLIMIT_NPROC, 0),
    ]
    return limits.allSatisfy { resource, value in
      var bound = rlimit()
      guard getrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0 else { return false }
      // A lower limit of the caller stays.
      bound.rlim_max = min(rlim_t(value), bound.rlim_max)
      bound.rlim_cur = bound.rlim_max
      return setrlimit(__rlimit_resource_t(resource.rawValue), &bound) == 0
    }
  }

  private static func read(_ size: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(STDIN_FILENO, $0.baseAddress! + filled, size - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      filled += count
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

import Glibc
import HDF5

/// Reads one HDF5 file from standard input and writes its contents to standard output, under limits of
/// memory and time that hold for this process alone.
enum Parser {
  static let maximumSize = 1 << 32

  /// Parses the file and ends the process.
  static func run(size: Int, isConverting: Bool) -> Never {
    let limits =
      isConverting
      ? HDF5Contents.Limits.converting(fileOf: size) : HDF5Contents.Limits(bytes: size)
    guard limit(size, contents: limits.bytes) else { exit(71) }
    guard let file = StandardStreams.read(size) else { exit(74) }
    let result = Result { () throws(HDF5Error) in
      try HDF5Contents.extract(from: file, limits)
    }
    exit(StandardStreams.write(HDF5Contents.encode(result)) ? 0 : 74)
  }

  /// Sets the limits. Memory: the file, libhdf5's copy, its contents, the answer, and an array that grows.
  /// Processor time: 1 second (a typical file takes 10 ms) and 1 more for each 4 MiB of contents. It
  /// cannot open, write or leave files, or start processes.
  private static func limit(_ size: Int, contents: Int) -> Bool {
    ResourceLimits.lower([
      (RLIMIT_AS, 1 << 28 + 2 * size + 6 * contents), (RLIMIT_CPU, 1 + contents >> 22),
      (RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 3), (__RLIMIT_NPROC, 0),
    ])
  }
}

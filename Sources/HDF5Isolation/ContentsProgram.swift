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
  /// - Parameter arguments: The file's size in bytes, then
  ///
  ///   - nothing, or `converting` to read floating-point numbers of any kind: writes `HDF5Contents`;
  ///   - `arrays`: writes descriptions of all `HDF5Array`s; standard input is the file itself;
  ///   - `array PATH`: writes the elements of an array in `HDF5ArrayFrames`; the same.
  package static func run(_ arguments: [String]) -> Int32 {
    guard let first = arguments.first, let size = Int(first), (0...maximumMappedSize).contains(size)
    else { return 64 }
    return switch (arguments.dropFirst().first, arguments.count) {
    case (nil, 1): writeContents(size, HDF5Contents.Limits(bytes: size))
    case ("converting", 2): writeContents(size, .converting(fileOf: size))
    case ("arrays", 2): writeArrays(size)
    case ("array", 3): writeArray(arguments[2], size)
    default: 64
    }
  }

  private static let maximumSize = 1 << 32
  /// The largest file that is mapped.
  private static let maximumMappedSize = 1 << 42

  // MARK: Contents

  private static func writeContents(_ size: Int, _ limits: HDF5Contents.Limits) -> Int32 {
    guard size <= maximumSize else { return 64 }
    // The file, libhdf5's copy, its contents, the answer, and an array that grows. A typical file takes
    // 10 ms.
    let memory = 1 << 28 + 2 * size + 6 * limits.bytes
    guard limit(memory: memory, seconds: 1 + limits.bytes >> 22) else { return 71 }
    guard let file = read(size) else { return 74 }
    let result = Result { () throws(HDF5Error) in
      try HDF5Contents.extract(from: file, limits)
    }
    return write(HDF5Contents.encode(result)) ? 0 : 74
  }

  // MARK: Arrays

  private static func writeArrays(_ size: Int) -> Int32 {
    guard limit(memory: 1 << 29 + size, seconds: 10) else { return 71 }
    let result = Result { () throws(HDF5Error) in
      try HDF5File(mapping: STDIN_FILENO, size: size).arrays()
    }
    return write(HDF5Array.encode(result)) ? 0 : 74
  }

  private static func writeArray(_ path: String, _ size: Int) -> Int32 {
    // A chunk, packed and unpacked, and a part of the answer. A gigabyte takes about 4 seconds; a
    // compressed file holds at most a thousand times its bytes.
    guard limit(memory: 1 << 32 + size, seconds: 60 + min(size, 1 << 32) >> 20) else { return 71 }
    do {
      try HDF5File(mapping: STDIN_FILENO, size: size).read(arrayAt: path) { part in
        var rest = part[...]
        while !rest.isEmpty {
          let frame = rest.prefix(HDF5ArrayFrames.largest)
          guard write(HDF5ArrayFrames.header(UInt32(frame.count))),
            write(UnsafeRawBufferPointer(rebasing: frame))
          else { Glibc.exit(74) }
          rest = rest.dropFirst(frame.count)
        }
      }
      return write(HDF5ArrayFrames.end) ? 0 : 74
    } catch {
      let text = Array("\(error)".utf8.prefix(4096))
      return write(
        HDF5ArrayFrames.header(HDF5ArrayFrames.failure)
          + HDF5ArrayFrames.header(UInt32(text.count)) + text) ? 0 : 74
    }
  }

  // MARK: System

  /// Sets the limits. The process cannot open, write or leave files, or start processes.
  private static func limit(memory: Int, seconds: Int) -> Bool {
    let limits: [(__rlimit_resource, Int)] = [
      (RLIMIT_AS, memory), (RLIMIT_CPU, seconds), (RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0),
      (RLIMIT_NOFILE, 3), (__RLIMIT_NPROC, 0),
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

  private static func write(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(write) }

  private static func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

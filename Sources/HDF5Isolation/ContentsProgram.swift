internal import Glibc
internal import HDF5
internal import RSOSystem

/// The work of `rso hdf5-contents`: reads an HDF5 file from standard input and writes its contents to
/// standard output, under limits of memory and time for this process. `ContentsProcess` starts it;
/// users do not.
package enum ContentsProgram {
  /// Does the work, and returns the exit status: 0, or 64 (arguments), 71 (limits cannot be set),
  /// 74 (input or output).
  ///
  /// The limits stay, so the process must end afterwards.
  ///
  /// - Parameter arguments: The file's size in bytes (for arrays `SIZE@OFFSET` where it is a part of a file),
  ///   then
  ///
  ///   - nothing: writes `HDF5Contents`;
  ///   - `arrays`: writes descriptions of all `HDF5Array`s; standard input is the file itself;
  ///   - `array PATH [NAME FILE]...`: writes the elements of an array in `HDF5ArrayFrames`; the same. For a
  ///     virtual array, its other files follow: their names in it, and their paths;
  ///   - `each PATH...`: writes the elements of several arrays, one after the other.
  package static func run(_ arguments: [String]) -> Int32 {
    let place = arguments.first?.split(separator: "@", omittingEmptySubsequences: false) ?? []
    let numbers = place.compactMap { Int($0) }
    guard let size = numbers.first, numbers.count == place.count, numbers.count <= 2,
      numbers.allSatisfy((0...maximumMappedSize).contains)
    else { return 64 }
    let part = Part(offset: numbers.count == 2 ? numbers[1] : 0, size: size)
    return switch (arguments.dropFirst().first, arguments.count) {
    case (nil, 1) where numbers.count == 1: writeContents(size, HDF5Contents.Limits(bytes: size))
    case ("arrays", 2): writeArrays(part)
    case ("array", 3...) where arguments.count % 2 == 1:
      writeArray(arguments[2], part, sources: Array(arguments[3...]))
    case ("each", 3...): writeArrays(at: arguments[2...], part)
    default: 64
    }
  }

  /// The bytes of a file that are mapped.
  private struct Part {
    var offset: Int
    var size: Int
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
    var file = [UInt8](repeating: 0, count: size)
    guard file.withUnsafeMutableBytes({ StandardStream.read(into: $0) }) == size else { return 74 }
    let result = Result { () throws(HDF5Error) in
      try HDF5Contents.extract(from: file, limits)
    }
    return StandardStream.write(HDF5Contents.encode(result)) ? 0 : 74
  }

  // MARK: Arrays

  private static func writeArrays(_ part: Part) -> Int32 {
    guard limit(memory: 1 << 29 + part.size, seconds: 10) else { return 71 }
    let result = Result { () throws(HDF5Error) in
      try HDF5File(HDF5MappedFile(STDIN_FILENO, size: part.size, offset: part.offset)).arrays()
    }
    return StandardStream.write(HDF5Array.encode(result)) ? 0 : 74
  }

  private static func writeArray(_ path: String, _ part: Part, sources arguments: [String]) -> Int32
  {
    var total = part.size
    do {
      // Files are opened before a byte of them is interpreted; none can be opened afterwards.
      let file = try HDF5MappedFile(STDIN_FILENO, size: part.size, offset: part.offset)
      var sources: [String: HDF5MappedFile] = [:]
      for index in stride(from: 0, to: arguments.count, by: 2) {
        let source = try InputFile(arguments[index + 1])
        sources[arguments[index]] = try HDF5MappedFile(source.descriptor, size: source.size)
        total += source.size
      }
      guard limitReading(total) else { return 71 }
      return write(arrayAt: path, of: try HDF5File(file), sources: sources) ? 0 : 74
    } catch {
      return write(error, path) ? 0 : 74
    }
  }

  private static func writeArrays(at paths: ArraySlice<String>, _ part: Part) -> Int32 {
    guard limitReading(part.size) else { return 71 }
    do {
      let file = try HDF5File(HDF5MappedFile(STDIN_FILENO, size: part.size, offset: part.offset))
      return paths.allSatisfy { write(arrayAt: $0, of: file) } ? 0 : 74
    } catch {
      return write(error, paths[paths.startIndex]) ? 0 : 74
    }
  }

  /// False where the answer cannot be written.
  private static func write(
    arrayAt path: String, of file: borrowing HDF5File, sources: [String: HDF5MappedFile] = [:]
  ) -> Bool {
    do {
      try file.read(arrayAt: path, sources: sources) { part in
        var rest = part[...]
        while !rest.isEmpty {
          let frame = rest.prefix(HDF5ArrayFrames.largest)
          guard StandardStream.write(HDF5ArrayFrames.header(UInt32(frame.count))),
            StandardStream.write(UnsafeRawBufferPointer(rebasing: frame))
          else { Glibc.exit(74) }
          rest = rest.dropFirst(frame.count)
        }
      }
      return StandardStream.write(HDF5ArrayFrames.end)
    } catch {
      return write(error, path)
    }
  }

  private static func write(_ error: any Error, _ path: String) -> Bool {
    var message = "\(error)"
    if case HDF5Error.unsuitable("/\(path)", let problem) = error { message = problem }
    let text = Array(message.utf8.prefix(4096))
    return StandardStream.write(
      HDF5ArrayFrames.header(HDF5ArrayFrames.failure)
        + HDF5ArrayFrames.header(UInt32(text.count)) + text)
  }

  /// The limits for reading arrays from files of this size: a chunk, packed and unpacked, and a part of the answer. A
  /// gigabyte of values takes about 4 seconds, and a compressed file holds at most a thousand times its bytes.
  private static func limitReading(_ size: Int) -> Bool {
    limit(memory: 1 << 32 + size, seconds: 3 + min(size, 1 << 32) >> 18)
  }

  private static func limit(memory: Int, seconds: Int) -> Bool {
    ResourceLimits(memory: memory, processorTime: seconds).apply()
  }
}

internal import CHDF5

/// The compression "lzf" of h5py, which is not a part of libhdf5. Only decompression is needed.
///
/// A stream is a sequence of runs. A first byte below 32 stands before as many literal bytes and one
/// more. Otherwise its upper three bits are the length of a copy minus 2 (7: the next byte is added), and
/// its lower five bits with the next byte are the distance minus 1 (LibLZF's description of the format).
package enum LZF {
  /// Decompresses a stream.
  ///
  /// - Returns: The number of bytes written; nil for a damaged stream, and where `output` is too small.
  package static func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> Int? {
    var (from, to) = (0, 0)
    while from < input.count {
      let control = Int(input[from])
      from += 1
      if control < 32 {
        let count = control + 1
        guard count <= input.count - from, count <= output.count - to else { return nil }
        UnsafeMutableRawBufferPointer(rebasing: output[to..<to + count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: input[from..<from + count]))
        (from, to) = (from + count, to + count)
        continue
      }
      var length = control >> 5 + 2
      if control >> 5 == 7 {
        guard from < input.count else { return nil }
        length += Int(input[from])
        from += 1
      }
      guard from < input.count else { return nil }
      let distance = (control & 31) << 8 + Int(input[from]) + 1
      from += 1
      guard distance <= to, length <= output.count - to else { return nil }
      // The copy may overlap itself: byte by byte.
      for place in to..<to + length { output[place] = output[place - distance] }
      to += length
    }
    return to
  }
}

/// Undoes the filter for libhdf5 (H5Z_func_t). Its third parameter is the size of a chunk in bytes.
/// Returns the number of bytes; 0 for a failure.
func undoLZF(
  flags: UInt32, parameterCount: Int, parameters: UnsafePointer<UInt32>?, size: Int,
  capacity: UnsafeMutablePointer<Int>?, buffer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
  guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, parameterCount >= 3, let parameters, let capacity,
    let buffer, let input = buffer.pointee, size >= 0
  else { return 0 }
  let room = Int(parameters[2])
  guard room > 0, let output = H5allocate_memory(room, false) else { return 0 }
  let count = LZF.decompress(
    UnsafeRawBufferPointer(start: input, count: size),
    into: UnsafeMutableRawBufferPointer(start: output, count: room))
  // libhdf5 takes as many bytes as a chunk has.
  guard count == room else {
    H5free_memory(output)
    return 0
  }
  H5free_memory(input)
  buffer.pointee = output
  capacity.pointee = room
  return room
}

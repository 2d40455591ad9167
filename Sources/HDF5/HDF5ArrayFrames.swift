/// The encoding in which the process of libhdf5 sends the elements of an array: frames, each with a
/// length (4 bytes, little-endian) and as many bytes. A frame of length 0 is the end. After the length
/// `failure` comes a frame with the text of an error.
package enum HDF5ArrayFrames {
  /// The most bytes of a frame; longer parts are several frames.
  package static let largest = 1 << 20
  package static let failure = UInt32.max
  package static let end: [UInt8] = [0, 0, 0, 0]

  /// Returns the header of a frame.
  package static func header(_ length: UInt32) -> [UInt8] {
    withUnsafeBytes(of: length.littleEndian) { Array($0) }
  }
}

/// A picture as bytes.
package struct Picture: Sendable, Equatable {
  package var width: Int
  package var height: Int
  /// 1 is grey; 3 is red, green and blue.
  package var channels: Int
  /// *Shape:* channels x height x width, row-major.
  package var bytes: [UInt8]
  /// True if transparency was dropped.
  package var hadAlpha = false
  /// True if 16 bits per channel were reduced to the upper 8.
  package var hadDepth = false

  package init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }
}

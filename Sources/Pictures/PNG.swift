internal import RSOSystem

/// Pictures as PNG files (ISO/IEC 15948).
package enum PNG {
  /// Returns a file of 8 bits per channel, without interlacing and filters; nil if the system has no memory
  /// to compress it.
  ///
  /// - Parameter pixels: Red, green, blue and opacity. *Shape:* height x width x 4, row-major.
  package static func file(width: Int, height: Int, pixels: [UInt8]) -> [UInt8]? {
    precondition(width > 0 && height > 0 && pixels.count == width * height * 4)
    var rows: [UInt8] = []
    rows.reserveCapacity(pixels.count + height)
    for row in 0..<height {
      // No filter.
      rows.append(0)
      rows += pixels[(row * width * 4)..<((row + 1) * width * 4)]
    }
    guard let data = Deflate.zlibStream(rows) else { return nil }
    // 8 bits, colour type 6 (RGB and opacity), and the only methods of compression, filters and interlacing.
    let header = bytes(width) + bytes(height) + [8, 6, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    return bytes(data.count) + content + bytes(Int(Deflate.checksum(content[...])))
  }

  /// Four bytes, the most significant one first.
  private static func bytes(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}

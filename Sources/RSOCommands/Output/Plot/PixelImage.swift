import Pictures
import RSOSystem

/// A small picture whose pixels are seen as squares.
package struct PixelImage: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// Red, green, blue and opacity. *Shape:* height x width x 4.
  package private(set) var pixels: [UInt8]

  /// A transparent picture.
  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    pixels = [UInt8](repeating: 0, count: width * height * 4)
  }

  /// - Parameter pixel: Red, green, blue and opacity.
  mutating func set(_ x: Int, _ y: Int, _ pixel: [UInt8]) {
    let start = (y * width + x) * 4
    pixels.replaceSubrange(start..<(start + 4), with: pixel)
  }

  /// The picture with squares instead of pixels, so that its longer side has about `size` pixels.
  func enlarged(to size: Int) -> PixelImage {
    let factor = max(1, size / max(width, height))
    var image = PixelImage(width: width * factor, height: height * factor)
    image.pixels.removeAll(keepingCapacity: true)
    for y in 0..<height {
      let row = (0..<width).flatMap { x in
        let start = (y * width + x) * 4
        return (0..<factor).flatMap { _ in pixels[start..<(start + 4)] }
      }
      for _ in 0..<factor { image.pixels += row }
    }
    return image
  }

  /// The picture as a PNG file; nil if the system has no memory to compress it.
  var file: [UInt8]? { PNG.file(width: width, height: height, pixels: pixels) }

  /// The picture as an address that contains it; nil if the system has no memory to compress it.
  var address: String? { file.map { "data:image/png;base64," + base64($0) } }
}

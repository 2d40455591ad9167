import Foundation
import TestSupport

extension TemporaryDirectory {
  /// Writes a data set of 3 training and 2 test images of 2 x 2 pixels.
  @discardableResult
  func writeDataset(
    _ folder: String, trainingLabels: [UInt8] = [0, 1, 2], testLabels: [UInt8] = [9, 0],
    firstPixel: UInt8 = 7,
    suffix: String = "", separator: String = "-", encode: ([UInt8]) -> [UInt8] = { $0 }
  ) throws -> URL {
    let pixels: [UInt8] = [firstPixel, 0, 255, 3, 1, 2, 3, 4, 9, 8, 7, 6]
    let files: [(String, [UInt8])] = [
      ("train-images\(separator)idx3-ubyte", IDX.images(3, 2, 2, pixels)),
      ("train-labels\(separator)idx1-ubyte", IDX.labels(trainingLabels)),
      ("t10k-images\(separator)idx3-ubyte", IDX.images(2, 2, 2, Array(pixels.prefix(8)))),
      ("t10k-labels\(separator)idx1-ubyte", IDX.labels(testLabels)),
    ]
    for (name, bytes) in files { try write(encode(bytes), to: "\(folder)/\(name)\(suffix)") }
    return url.appendingPathComponent(folder)
  }
}

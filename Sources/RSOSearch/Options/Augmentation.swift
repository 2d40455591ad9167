import RSONetworks
import RSONumerics

/// Random changes of training images that keep their labels valid: shifts and mirror images.
///
/// As text: `shift:2`, `flip`, `shift:4,flip` or `none`. Not in the paper.
package struct Augmentation: Sendable, Hashable {
  /// The largest shift in pixels, vertically and horizontally. Each distance is equally likely. Pixels
  /// that move in repeat the border.
  package let shift: Int
  /// True if an image is mirrored from left to right with probability one half.
  package let flip: Bool

  /// No change by default.
  package init(shift: Int = 0, flip: Bool = false) {
    self.shift = shift
    self.flip = flip
  }

  package var changesNothing: Bool { shift == 0 && !flip }

  /// Returns nil if `text` is no list of changes, or names one twice.
  package init?(_ text: String) {
    if text == "none" {
      self.init()
      return
    }
    var shift: Int?
    var flip: Bool?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if part == "flip", flip == nil {
        flip = true
      } else if part.hasPrefix("shift:"), shift == nil, let pixels = Int(part.dropFirst(6)),
        pixels > 0
      {
        shift = pixels
      } else {
        return nil
      }
    }
    self.init(shift: shift ?? 0, flip: flip ?? false)
  }

  /// The samples with changed images. For each sample in turn, `stream` draws the shift down, the shift
  /// right, and whether it is mirrored.
  func applied(to samples: Samples, _ stream: inout RandomStream) -> Samples {
    switch samples.inputs {
    case .bytes(let bytes, let values):
      let changed = changed(bytes, of: samples, &stream)
      return samples.with(inputs: .bytes(changed, values: values))
    case .floats(let floats):
      return samples.with(inputs: .floats(changed(floats, of: samples, &stream)))
    }
  }

  private func changed<Element: BitwiseCopyable>(
    _ elements: [Element], of samples: Samples, _ stream: inout RandomStream
  ) -> [Element] {
    let shape = samples.shape
    let columns = columns(width: shape.width)
    return [Element](unsafeUninitializedCapacity: elements.count) { target, count in
      elements.withUnsafeBufferPointer { source in
        var row = 0
        for _ in 0..<samples.count {
          let down = shift == 0 ? 0 : stream.next(below: 2 * shift + 1) - shift
          let right = shift == 0 ? 0 : stream.next(below: 2 * shift + 1)
          let mirrored = flip ? stream.next(below: 2) : 0
          let columns = columns[2 * right + mirrored]
          for _ in 0..<shape.channels {
            for y in 0..<shape.height {
              let from = (row + min(max(y - down, 0), shape.height - 1)) * shape.width
              let to = (row + y) * shape.width
              for x in 0..<shape.width {
                target.initializeElement(at: to + x, to: source[from + columns[x]])
              }
            }
            row += shape.height
          }
        }
      }
      count = elements.count
    }
  }

  /// The column that each pixel of a row comes from: for each horizontal shift from left to right, first
  /// plain, then mirrored.
  private func columns(width: Int) -> [[Int]] {
    (-shift...shift).flatMap { right in
      let moved = (0..<width).map { min(max($0 - right, 0), width - 1) }
      return [moved, moved.map { width - 1 - $0 }]
    }
  }
}

extension Augmentation: LosslessStringConvertible, OptionValue {
  package var description: String {
    let changes = (shift > 0 ? ["shift:\(shift)"] : []) + (flip ? ["flip"] : [])
    return changes.isEmpty ? "none" : changes.joined(separator: ",")
  }
}

extension Augmentation: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let augmentation = Augmentation(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected shift:N, flip or both")
    }
    self = augmentation
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

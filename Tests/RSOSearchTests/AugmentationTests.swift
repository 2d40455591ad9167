import RSONetworks
import RSONumerics
import RSOSearch
import TestSupport
import Testing

@Suite("Augmentation")
struct AugmentationTests {
  /// Images of two channels, whose bytes say where they lie.
  private static let samples: Samples = {
    let shape = ImageShape(channels: 2, height: 4, width: 5)
    let count = 6
    return Samples(
      shape: shape, classes: 3, pixels: (0..<(count * shape.count)).map { UInt8($0) },
      labels: (0..<count).map { UInt8($0 % 3) }, values: Array(repeating: 0, count: 512))
  }()

  private func changed(
    _ augmentation: Augmentation, seed: UInt64 = 1, layer: Int = 0, cycle: Int = 0
  ) -> Samples {
    var options = SearchOptions()
    options.augment = augmentation
    return BatchSampler(
      options: options, seed: seed, samples: Self.samples.count, layers: ["a", "b"]
    ).images(of: Self.samples, layer: layer, cycle: cycle)
  }

  /// What image `n` is by definition, moved and mirrored.
  private func image(_ n: Int, down: Int, right: Int, flipped: Bool) -> [UInt8] {
    let shape = Self.samples.shape
    return (0..<shape.channels).flatMap { channel in
      (0..<shape.height).flatMap { y in
        (0..<shape.width).map { x in
          let row = min(max(y - down, 0), shape.height - 1)
          let column = min(max(x - right, 0), shape.width - 1)
          let place = flipped ? shape.width - 1 - column : column
          return Self.samples.pixels[
            ((n * shape.channels + channel) * shape.height + row) * shape.width + place]
        }
      }
    }
  }

  @Test(
    "an image is moved and mirrored within bounds, its border repeated, its label kept",
    arguments: [
      Augmentation(shift: 1), Augmentation(flip: true), Augmentation(shift: 3, flip: true),
    ])
  func images(augmentation: Augmentation) {
    var seen: [[Int]: Int] = [:]
    for cycle in 0..<200 {
      let changed = changed(augmentation, cycle: cycle)
      #expect(changed.targets == Self.samples.targets && changed.values == Self.samples.values)
      let size = Self.samples.shape.count
      for n in 0..<changed.count {
        let pixels = Array(changed.pixels[(n * size)..<((n + 1) * size)])
        let moves = -augmentation.shift...augmentation.shift
        let found = moves.flatMap { down in
          moves.flatMap { right in
            [false, true].compactMap { flipped in
              image(n, down: down, right: right, flipped: flipped) == pixels
                ? [down, right, flipped ? 1 : 0] : nil
            }
          }
        }
        #expect(found.count == 1)
        for change in found { seen[change, default: 0] += 1 }
      }
    }
    // Each change comes about equally often.
    let kinds =
      (2 * augmentation.shift + 1) * (2 * augmentation.shift + 1)
      * (augmentation.flip ? 2 : 1)
    #expect(seen.count == kinds && seen.values.allSatisfy { $0 < 1200 / kinds * 3 })
    if !augmentation.flip { #expect(seen.keys.allSatisfy { $0[2] == 0 }) }
  }

  @Test("changes are those of seed, layer and cycle; without them the images are as they are")
  func draws() {
    let augmentation = Augmentation(shift: 2, flip: true)
    let first = changed(augmentation).pixels
    #expect(first == changed(augmentation).pixels)
    #expect(first != changed(augmentation, seed: 2).pixels)
    #expect(first != changed(augmentation, layer: 1).pixels)
    #expect(first != changed(augmentation, cycle: 1).pixels)
    #expect(changed(Augmentation()).pixels == Self.samples.pixels)
  }

  @Test(
    "its text names each change once",
    arguments: [
      ("shift:1", Augmentation(shift: 1)), ("flip", Augmentation(flip: true)),
      ("shift:4,flip", Augmentation(shift: 4, flip: true)),
      ("flip,shift:4", Augmentation(shift: 4, flip: true)),
      ("", nil), ("shift", nil), ("shift:", nil), ("shift:0", nil), ("shift:-1", nil),
      ("shift:1,shift:1", nil), ("flip,flip", nil), ("flip,", nil), ("none", Augmentation()),
      ("none,flip", nil), ("turn:3", nil),
    ])
  func text(text: String, augmentation: Augmentation?) {
    #expect(Augmentation(text) == augmentation)
    if let augmentation { #expect(Augmentation(augmentation.description) == augmentation) }
  }
}

import Foundation
import RSOExporters
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Damaged files of tensors")
struct DamageTests {
  private static let readers: [String: @Sendable ([UInt8]) throws -> TensorList] = [
    "tensors/kinds.safetensors": { try TensorList(safetensors: $0) },
    "tensors/kinds.npz": { try TensorList(npz: $0, maximumSize: 1 << 20) },
    "tensors/orders.npz": { try TensorList(npz: $0, maximumSize: 1 << 20) },
    "tensors/kinds.onnx": { try TensorList(onnx: $0) },
  ]

  /// Values that fields are most sensitive to.
  private static let values: [UInt8] = [0x00, 0x01, 0x22, 0x2D, 0x39, 0x7F, 0x80, 0xFF]

  @Test(
    "are read or refused, with any byte and any two bytes changed", arguments: readers.keys.sorted()
  )
  func damage(file: String) throws {
    let read = try #require(Self.readers[file])
    let good = [UInt8](try Fixtures.data(file))
    var refused = 0
    func attempt(_ bytes: [UInt8]) {
      do {
        // Whatever is read can be used.
        for tensor in try read(bytes).tensors where tensor.floats().count != tensor.count {
          Issue.record("\(tensor.name)")
        }
      } catch {
        refused += 1
      }
    }
    for place in good.indices {
      for value in Self.values where value != good[place] {
        var bytes = good
        bytes[place] = value
        attempt(bytes)
      }
    }
    var noise: UInt64 = 99
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<2 {
        noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(noise >> 33) % bytes.count] = UInt8(truncatingIfNeeded: noise >> 25)
      }
      attempt(bytes)
    }
    #expect(refused > 1000)
  }
}

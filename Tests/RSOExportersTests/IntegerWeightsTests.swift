import Foundation
import RSOExporters
import RSONetworks
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Integer weights in exports")
struct IntegerWeightsTests {
  static let forms = [
    IntegerWeights(scales: [0.3125], isBinary: true),
    IntegerWeights(scales: [0.015625], isBinary: false),
    IntegerWeights(scales: [0.3125, 0.5, 40], isBinary: true),
    IntegerWeights(scales: [0.015625, 0.03125, 3], isBinary: false),
  ]
  static let formats: [ExportFormat] = [.safetensors, .npz, .onnx]
  /// Rows of 784, 27, 54 and 6 weights, so that most are padded; strides, groups and several layers.
  static let networks = ["residual", "mlp", "lenet-5", "depthwise"]

  private func decode(_ bytes: [UInt8]) throws -> TensorList {
    switch TensorFileFormat(of: bytes) {
    case .safetensors: try TensorList(safetensors: bytes)
    case .npz: try TensorList(npz: bytes)
    default: try TensorList(onnx: bytes)
    }
  }

  @Test("they come back bit for bit", arguments: formats, forms)
  func roundTrip(format: ExportFormat, form: IntegerWeights) throws {
    for name in Self.networks {
      let network = try SampleNetwork(name, samples: 4, weights: form).network
      let file = try decode(network.encode(as: format))
      #expect(
        !file.tensors.contains {
          $0.name.hasSuffix(".weight") && $0.shape.count > 1
            && $0.elementType == .float32
        }, "\(name)")
      let weights = try NetworkImport.weights(in: file, architecture: network.architecture)
      let isSame =
        weights.parameters.map(\.bitPattern) == network.parameters.map(\.bitPattern)
      #expect(isSame, "\(name)")
      #expect(weights.statistics == network.statistics)
    }
  }

  @Test("binary weights take a bit each, int8 ones a byte")
  func sizes() throws {
    let (binary, int8) = (Self.forms[0], Self.forms[1])
    #expect(binary.bytes(shape: [256, 196]) == 256 * 25)
    #expect(int8.bytes(shape: [256, 196]) == 256 * 196)
    let sample = try SampleNetwork("wide-mlp", samples: 4, weights: binary)
    var real = sample.network
    real.integerWeights = []
    for format in Self.formats {
      let sizes = try (sample.network.encode(as: format).count, real.encode(as: format).count)
      #expect(sizes.0 * 10 < sizes.1, "\(format): \(sizes)")
    }
    // CSV has a number for each weight.
    #expect(try sample.network.encode(as: .csv) == real.encode(as: .csv))
  }

  @Test("NumPy and ONNX Runtime, from the packed arrays, get the weights and the logits of rso")
  func otherTools() throws {
    struct Result: Decodable {
      var deviation: Double
      var largest: Double
      var packed: Int
    }
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-integers-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    for name in Self.networks {
      for form in Self.forms {
        let sample = try SampleNetwork(name, samples: 100, weights: form)
        let folder = directory.appendingPathComponent(
          "\(name)-\(form.isBinary ? "binary" : "int8")-\(form.scales.count)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ bytes: [UInt8], _ name: String) throws {
          try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
        for format in Self.formats {
          try write(sample.network.encode(as: format), "network.\(format.rawValue)")
        }
        var real = sample.network
        real.integerWeights = []
        try write(real.encode(as: .npz), "real.npz")
        try write(sample.input.withUnsafeBytes(Array.init), "input.bin")
        try write(sample.logits.withUnsafeBytes(Array.init), "logits.bin")
      }
    }
    let answer = try Python.run("exporters/check_integers.py", [directory.path])
    let results = try JSONDecoder().decode([String: Result].self, from: answer)
    #expect(results.count == Self.networks.count * Self.forms.count)
    for (name, result) in results {
      #expect(result.largest > 0.5, "\(name)")
      // Sums in another order, as for real weights.
      #expect(result.deviation <= 1e-5 * max(10, result.largest), "\(name)")
      #expect(result.packed > 0, "\(name)")
    }
  }

  /// A change of the tensors of a binary layer, and the complaint about it.
  static let damages:
    [(name: String, complaint: String, change: @Sendable (inout [NamedTensor]) -> Void)] = [
      (
        "no scale",
        "'fc.weight_scale': missing, expected one float32 number, the scale of the integers, or one for each of 10 outputs",
        { $0.removeAll { $0.name == "fc.weight_scale" } }
      ),
      (
        "scales of other outputs",
        "'fc.weight_scale': expected one float32 number, the scale of the integers, or one for each of 10 outputs",
        { tensors in
          tensors.removeAll { $0.name == "fc.weight_scale" }
          tensors.append(NamedTensor(name: "fc.weight_scale", shape: [2], values: [1, 2]))
        }
      ),
      (
        "no shape", "'fc.weight_shape': missing, expected the shape of the weights, int64",
        { $0.removeAll { $0.name == "fc.weight_shape" } }
      ),
      (
        "no bits", "'fc.weight_bits': missing, expected the bits of the weights, uint8",
        { $0.removeAll { $0.name == "fc.weight_bits" } }
      ),
      (
        "another shape",
        "'fc.weight_shape': 10 x 99 does not fit 'fc.weight_bits' of 10 x 8 bytes",
        { tensors in
          tensors.removeAll { $0.name == "fc.weight_shape" }
          tensors.append(NamedTensor(name: "fc.weight_shape", shape: [2], integers: [10, 99]))
        }
      ),
      (
        "an enormous shape",
        "'fc.weight_shape': 10 x 9223372036854775807 x 9223372036854775807 does not fit 'fc.weight_bits' of 10 x 8 bytes",
        { tensors in
          tensors.removeAll { $0.name == "fc.weight_shape" }
          tensors.append(
            NamedTensor(name: "fc.weight_shape", shape: [3], integers: [10, .max, .max]))
        }
      ),
      (
        "no row",
        "'fc.weight_shape':  does not fit 'fc.weight_bits' of 10 x 8 bytes",
        { tensors in
          tensors.removeAll { $0.name == "fc.weight_shape" }
          tensors.append(NamedTensor(name: "fc.weight_shape", shape: [0], integers: []))
        }
      ),
    ]

  @Test("parts that do not fit each other are an error that names the part", arguments: damages)
  func damaged(
    name: String, complaint: String, change: @Sendable (inout [NamedTensor]) -> Void
  ) throws {
    let network = try SampleNetwork("softmax-regression", samples: 4, weights: Self.forms[0])
      .network
    var file = try decode(network.encode(as: .npz))
    change(&file.tensors)
    let error = #expect(throws: ImportError.self) {
      try NetworkImport.weights(in: file, architecture: network.architecture)
    }
    #expect(error?.mismatches == [complaint])
  }
}

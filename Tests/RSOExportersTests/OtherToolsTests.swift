import Foundation
import RSOExporters
import RSONetworks
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Exported networks, read by the tools that they are for")
struct OtherToolsTests {
  private struct Result: Decodable {
    /// Tensors that were compared bit for bit; nil where only logits were.
    var tensors: Int?
    var samples: Int
    var deviations: [String: Double]
    var largestLogit: Double
  }

  /// PyTorch, ONNX Runtime and rso add up in other orders; their logits, of size 1 to 10, differ by a
  /// few units of single precision for each layer.
  private static let tolerance = 1e-4

  @Test("every tensor is the same bit for bit, and ONNX Runtime gives the same logits")
  func networks() throws {
    for (name, result) in try results(by: "onnx", tools: ["onnx", "onnx_images", "onnx_floats"]) {
      let dictionary = StateDictionary(
        try StageGraph(SampleNetwork.architecture(name)).layout)
      #expect(result.tensors == dictionary.entries.count, "\(name)")
    }
  }

  /// Runs in `make check-pytorch`.
  @Test("PyTorch gives the same logits with the emitted module")
  func networksInPyTorch() throws {
    _ = try results(by: "torch", tools: ["torch", "torch_floats"])
  }

  /// What other tools find in all networks, in every format; logits are compared here.
  private func results(by reader: String, tools: Set<String>) throws -> [String: Result] {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-exports-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    for name in SampleNetwork.names {
      let isPreset = Architecture.presetNames.contains(name)
      try write(
        SampleNetwork(name, samples: isPreset ? 1000 : 100),
        to: directory.appendingPathComponent(name))
    }
    let answer = try Python.run("exporters/check_exports.py", [directory.path, reader])
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let results = try decoder.decode([String: Result].self, from: answer)
    #expect(results.keys.sorted() == SampleNetwork.names)
    #expect(Set(Architecture.presetNames).isSubset(of: results.keys))
    for (name, result) in results.sorted(by: { $0.key < $1.key }) {
      #expect(result.largestLogit > 0.5, "\(name)")
      #expect(Set(result.deviations.keys) == tools)
      for (tool, deviation) in result.deviations {
        #expect(deviation <= Self.tolerance, "\(name), \(tool)")
      }
    }
    return results
  }

  private func write(_ sample: SampleNetwork, to directory: URL) throws {
    let network = sample.network
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: directory.appendingPathComponent(name))
    }
    func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes(Array.init) }
    for format in ExportFormat.allCases {
      try write(network.encode(as: format), "network.\(format.rawValue)")
    }
    try write(network.encode(as: .onnx, includesNormalization: true), "images.onnx")
    try write(
      Array(PyTorchModule.text(network, weights: "network.safetensors").utf8), "network.py")
    let (other, floats) = sample.ofFloats
    try write(other.encode(as: .onnx, includesNormalization: true), "floats.onnx")
    try write(
      Array(PyTorchModule.text(other, weights: "network.safetensors").utf8), "floats.py")
    try write(bytes(floats), "floats.bin")
    try write(
      bytes(other.normalization.normalized(floats, sample.samples.shape)), "floats_input.bin")
    try write(bytes(sample.logits(of: floats, other)), "floats_logits.bin")
    let dictionary = StateDictionary(try StageGraph(network.architecture).layout)
    let numbers = dictionary.entries.flatMap { entry -> [Float] in
      switch entry.content {
      case .parameters(let range): Array(network.parameters[range])
      case .mean(let layer): network.statistics.mean[layer]
      case .variance(let layer): network.statistics.variance[layer]
      }
    }
    try write(bytes(numbers), "numbers.bin")
    try write(sample.samples.pixels, "images.bin")
    try write(bytes(sample.input), "input.bin")
    try write(bytes(sample.logits), "logits.bin")
  }
}

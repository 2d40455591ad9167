import Foundation
import RSOExporters
import RSONetworks
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Exporting")
struct ExportTests {
  @Test("equal networks give equal bytes", arguments: ExportFormat.allCases)
  func deterministic(format: ExportFormat) throws {
    let (first, second) = (
      try SampleNetwork("residual", samples: 8), try SampleNetwork("residual", samples: 8)
    )
    for includesNormalization in [false, true] {
      let bytes = try first.network.encode(
        as: format, includesNormalization: includesNormalization)
      #expect(!bytes.isEmpty)
      #expect(
        try second.network.encode(as: format, includesNormalization: includesNormalization)
          == bytes)
    }
  }

  @Test("a norm of flat values needs no axes of pixels in ONNX", arguments: [true, false])
  func axes(isFlat: Bool) throws {
    let flatten = #"{"type": "flatten"}, {"type": "linear", "outputs": 3}"#
    let norm = #"{"type": "layer-norm"}"#
    let layers = isFlat ? "\(flatten), \(norm)" : "\(norm), \(flatten)"
    let text = #"{"input": [2, 4, 4], "classes": 3, "layers": [\#(layers)]}"#
    let sample = try SampleNetwork(Architecture(json: Data(text.utf8)), samples: 8)
    let file = try TensorList(onnx: sample.network.encode(as: .onnx))
    #expect(file.tensors.contains { $0.name.hasSuffix("axes_of_pixels") } != isFlat)
  }

  @Test(
    "the suffix tells the format",
    arguments: [
      ("a.safetensors", .safetensors), ("run/b.NPZ", .npz), ("a.b.onnx", .onnx), ("a.csv", .csv),
      ("a.json", .json), ("a.h5", .h5), ("a", nil), ("a.txt", nil), (".npz", nil), ("a.npz/b", nil),
    ] as [(String, ExportFormat?)])
  func suffix(path: String, format: ExportFormat?) {
    #expect(ExportFormat(path: path) == format)
  }

  @Test("the PyTorch module of a network is the one in the fixtures")
  func module() throws {
    let sample = try SampleNetwork("residual", samples: 8)
    let text = try PyTorchModule.text(sample.network, weights: "residual.safetensors")
    let expected = try Fixtures.data("exporters/residual.py")
    #expect(text == String(decoding: expected, as: UTF8.self))
  }

  @Test("a network that was trained on floats takes floats, and says so")
  func floats() throws {
    let (network, _) = try SampleNetwork("mlp", samples: 8).ofFloats
    let model = try TensorList(onnx: try network.encode(as: .onnx, includesNormalization: true))
    #expect(model["sample_mean"]?.doubles() == network.normalization.mean)
    #expect(model["sample_std"]?.doubles() == network.normalization.standardDeviation)
    #expect(model["pixel_mean"] == nil && model.metadata["elements"] == "floats")
    #expect(try TensorList(onnx: try network.encode(as: .onnx))["sample_mean"] == nil)
    let shape = network.architecture.input
    let text = try PyTorchModule.text(network, weights: "w.safetensors")
    #expect(text.utf8.count > 0 && !text.contains("255"))
    #expect(
      text.contains(
        "samples.double().reshape(-1, \(shape.channels), \(shape.height), \(shape.width)) - mean"))
    let bytes = try SampleNetwork("mlp", samples: 8).network.encode(as: .onnx)
    #expect(try TensorList(onnx: bytes).metadata["elements"] == nil)
  }

  @Test("the JSON is the architecture")
  func json() throws {
    let sample = try SampleNetwork("residual", samples: 8)
    let text = Data(try sample.network.encode(as: .json))
    #expect(try Architecture(json: text) == sample.network.architecture)
  }

  @Test("a CSV has each number's name, place and value")
  func table() throws {
    let sample = try SampleNetwork("mlp", samples: 8)
    let lines = String(decoding: try sample.network.encode(as: .csv), as: UTF8.self)
      .split(separator: "\n")
    let dictionary = StateDictionary(try StageGraph(sample.network.architecture).layout)
    #expect(lines.count == 1 + dictionary.entries.reduce(0) { $0 + $1.shape.reduce(1, *) })
    #expect(lines[0] == "tensor,out,in,row,column,value")
    let first = dictionary.entries[0]
    #expect(lines[1] == "\(first.name),0,0,,,\(sample.network.parameters[0])")
    #expect(lines[2] == "\(first.name),0,1,,,\(sample.network.parameters[1])")
  }
}

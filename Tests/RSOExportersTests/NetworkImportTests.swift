import Foundation
import RSODatasets
import RSOExporters
import RSONetworks
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Importing")
struct NetworkImportTests {
  static let formats: [ExportFormat] = [.safetensors, .npz, .onnx]

  private func decode(_ bytes: [UInt8]) throws -> TensorList {
    switch TensorFileFormat(of: bytes) {
    case .safetensors: try TensorList(safetensors: bytes)
    case .npz: try TensorList(npz: bytes)
    case .onnx: try TensorList(onnx: bytes)
    default: throw TensorFileError(format: "any", problem: "unknown")
    }
  }

  @Test("what was exported comes back bit for bit", arguments: formats, SampleNetwork.names)
  func roundTrip(format: ExportFormat, name: String) throws {
    let network = try SampleNetwork(name, samples: 4).network
    for includesNormalization in [false, true] {
      let file = try decode(
        network.encode(as: format, includesNormalization: includesNormalization))
      #expect(try NetworkImport.architecture(in: file) == network.architecture)
      let weights = try NetworkImport.weights(in: file, architecture: network.architecture)
      #expect(weights.parameters.map(\.bitPattern) == network.parameters.map(\.bitPattern))
      #expect(weights.statistics == network.statistics)
      #expect(weights.normalization == network.normalization)
      #expect(file.metadata["cycle"] == "3")
    }
  }

  @Test(
    "a network of floats comes back from ONNX, with or without its normalisation in the graph",
    arguments: SampleNetwork.names)
  func ofFloats(name: String) throws {
    let network = try SampleNetwork(name, samples: 4).ofFloats.network
    for includesNormalization in [false, true] {
      let file = try decode(
        network.encode(as: .onnx, includesNormalization: includesNormalization))
      let weights = try NetworkImport.weights(in: file, architecture: network.architecture)
      #expect(weights.parameters.map(\.bitPattern) == network.parameters.map(\.bitPattern))
      #expect(weights.statistics == network.statistics)
      #expect(weights.normalization == network.normalization)
    }
  }

  @Test(
    "an initialiser of an ONNX export is a number of the network, or has a name that is known as another",
    arguments: SampleNetwork.names)
  func companions(name: String) throws {
    let forms = [
      nil, IntegerWeights(scales: [0.3125], isBinary: true),
      IntegerWeights(scales: [0.015625], isBinary: false),
    ]
    for form in forms {
      let sample = try SampleNetwork(name, samples: 4, weights: form)
      let numbers = Set(
        StateDictionary(try sample.network.architecture.layout()).entries.map(\.name))
      #expect(!numbers.contains(where: CompanionNames.contains))
      for network in [sample.network, sample.ofFloats.network] {
        let file = IntegerWeights.expanded(
          try decode(network.encode(as: .onnx, includesNormalization: true)))
        let others = file.tensors.map(\.name).filter { !numbers.contains($0) }
        #expect(others.count >= 2 && others.allSatisfy(CompanionNames.contains), "\(others)")
        #expect(file.tensors.count - others.count == numbers.count)
      }
    }
  }

  @Test("a layer may have a name like that of a constant")
  func layersLikeConstants() {
    for name in ["pads_1.weight", "constant_one.bias", "sample_mean.weight", "bits.weight", "x"] {
      #expect(!CompanionNames.contains(name), "\(name)")
    }
  }

  @Test("statistics may be missing, and what is no weight is passed over")
  func partial() throws {
    let network = try SampleNetwork("residual", samples: 4).network
    var file = try decode(network.encode(as: .safetensors))
    file.tensors.removeAll { $0.name.contains("running") }
    file.metadata = [:]
    file.tensors.append(
      NamedTensor(
        name: "conv1_norm.num_batches_tracked", elementType: .int64, shape: [],
        bytes: [1, 0, 0, 0, 0, 0, 0, 0]))
    let weights = try NetworkImport.weights(in: file, architecture: network.architecture)
    #expect(weights.parameters == network.parameters)
    #expect(weights.statistics == nil)
    #expect(weights.normalization == nil)
    #expect(try NetworkImport.architecture(in: file) == nil)
  }

  @Test("numbers of other precision are taken in single precision")
  func precision() throws {
    let network = try SampleNetwork("softmax-regression", samples: 4).network
    var file = try decode(network.encode(as: .npz))
    let tensor = file.tensors[0]
    file.tensors[0] = NamedTensor(
      name: tensor.name, shape: tensor.shape, doubles: tensor.floats().map { Double($0) + 1e-13 })
    #expect(
      try NetworkImport.weights(in: file, architecture: network.architecture).parameters
        == network.parameters)
  }

  @Test("everything that does not fit is named at once")
  func mismatches() throws {
    let network = try SampleNetwork("residual", samples: 4).network
    var file = try decode(network.encode(as: .safetensors))
    func change(_ name: String, _ body: (inout NamedTensor) -> Void) throws {
      let index = try #require(file.tensors.firstIndex { $0.name == name })
      body(&file.tensors[index])
    }
    try change("conv1.weight") { $0.shape = [3, 6, 3, 3] }
    try change("conv2.weight") { $0.name = "features.0.weight" }
    try change("conv3.weight") {
      let values = [Float](repeating: .nan, count: $0.count)
      $0 = NamedTensor(name: $0.name, shape: $0.shape, values: values)
    }
    try change("conv1_norm.running_var") {
      $0 = NamedTensor(name: $0.name, shape: $0.shape, values: [1, 1, 1, 1, 1, -1] as [Float])
    }
    try change("conv2_norm.running_mean") { $0.name = "x\u{1B}y" }
    try change("fc.weight") {
      let bytes = [UInt8](repeating: 0, count: $0.count)
      $0 = NamedTensor(name: $0.name, elementType: .uint8, shape: $0.shape, bytes: bytes[...])
    }
    let error = #expect(throws: ImportError.self) {
      try NetworkImport.weights(in: file, architecture: network.architecture)
    }
    #expect(
      try #require(error).mismatches == [
        "conv1.weight: 3 x 6 x 3 x 3, expected 6 x 3 x 3 x 3",
        "conv1_norm.running_var: a variance below 0",
        "conv2.weight: missing, expected 6 x 6 x 3 x 3",
        "conv2_norm.running_mean: missing, expected 6",
        "conv3.weight: a number that is not finite",
        "fc.weight: of type uint8, expected a floating-point one",
        "'features.0.weight': not of this network, 6 x 6 x 3 x 3",
        #"'x\x1By': not of this network, 6"#,
      ])
  }

  /// What is changed in a file, and the line of the error.
  static let badNormalizations: [(name: String, text: String?, message: String)] = [
    ("normalization_std", "[0.5, 0]", "normalization_std: 2, expected 1"),
    ("normalization_std", "[0]", "normalization_std: a deviation that is not above 0"),
    ("normalization_std", "[-1]", "normalization_std: a deviation that is not above 0"),
    ("normalization_mean", "[]", "normalization_mean: 0, expected 1"),
    ("normalization_mean", "half", "normalization_mean: 'half', expected a list of numbers"),
    ("normalization_mean", "[null]", "normalization_mean: '[null]', expected a list of numbers"),
    ("normalization_mean", nil, "normalization_mean: missing, expected 1"),
    ("normalization_std", nil, "normalization_std: missing, expected 1"),
  ]

  @Test("a wrong normalisation is named, not replaced by the data's", arguments: badNormalizations)
  func badNormalization(name: String, text: String?, message: String) throws {
    let network = try SampleNetwork("softmax-regression", samples: 4).network
    var file = try decode(network.encode(as: .safetensors))
    file.metadata[name] = text
    let error = #expect(throws: ImportError.self) {
      try NetworkImport.weights(in: file, architecture: network.architecture)
    }
    #expect(try #require(error).mismatches == [message])
  }

  @Test("the normalisation may be tensors of any floating type, and of no other")
  func normalizationTensors() throws {
    let network = try SampleNetwork("softmax-regression", samples: 4).network
    var file = try decode(network.encode(as: .safetensors))
    func replace(_ name: String, _ tensor: NamedTensor) {
      file.metadata[name] = nil
      file.tensors.removeAll { $0.name == name }
      file.tensors.append(tensor)
    }
    replace(
      "normalization_mean",
      NamedTensor(name: "normalization_mean", shape: [1], values: [0.25] as [Float]))
    replace(
      "normalization_std",
      NamedTensor(name: "normalization_std", shape: [1], doubles: [0.5] as [Double]))
    let weights = try NetworkImport.weights(in: file, architecture: network.architecture)
    #expect(weights.normalization == Normalization(mean: [0.25], standardDeviation: [0.5]))
    for (values, message) in [
      ([Float.nan], "a number that is not finite"), ([1, 2], "2, expected 1"),
    ] {
      replace(
        "normalization_mean",
        NamedTensor(name: "normalization_mean", shape: [values.count], values: values))
      let error = #expect(throws: ImportError.self) {
        try NetworkImport.weights(in: file, architecture: network.architecture)
      }
      #expect(try #require(error).mismatches == ["normalization_mean: \(message)"])
    }
    replace(
      "normalization_mean",
      NamedTensor(name: "normalization_mean", elementType: .uint8, shape: [1], bytes: [1]))
    let error = #expect(throws: ImportError.self) {
      try NetworkImport.weights(in: file, architecture: network.architecture)
    }
    #expect(
      try #require(error).mismatches
        == ["normalization_mean: of type uint8, expected a floating-point one"])
  }

  @Test("a long list is cut, and counted")
  func long() throws {
    let network = try SampleNetwork("softmax-regression", samples: 4).network
    var file = try decode(network.encode(as: .npz))
    for index in 0..<500 {
      file.tensors.append(NamedTensor(name: "t\(index)", shape: [], values: [0] as [Float]))
    }
    let error = #expect(throws: ImportError.self) {
      try NetworkImport.weights(in: file, architecture: network.architecture)
    }
    let message = "\(try #require(error))"
    #expect(message.split(separator: "\n").count == 102)
    #expect(message.hasSuffix("... and 400 more"))
  }
}

import BackendConformance
import Foundation
import RSONetworks
import RSONumerics
import Testing

@Suite("Architecture as JSON")
struct ArchitectureJSONTests {
  @Test("what is left out has its default")
  func defaults() throws {
    let architecture = try read(
      """
      {"input": [1, 8, 6], "classes": 3, "layers": [
        {"type": "convolution", "filters": 4}, {"type": "batch-norm"}, {"type": "relu"},
        {"type": "convolution", "filters": 4, "kernel": 1}, {"type": "skip", "from": "conv1"},
        {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 3}]}
      """)
    #expect(
      architecture
        == Architecture(
          name: "network", input: ImageShape(channels: 1, height: 8, width: 6), classes: 3,
          epsilon: 1e-5,
          layers: [
            .convolution(name: "conv1", filters: 4, kernel: 3, bias: false),
            .batchNorm(name: nil), .relu,
            .convolution(name: "conv2", filters: 4, kernel: 1, bias: false),
            .skip(from: "conv1", projection: false), .globalPool(.average),
            .linear(name: "fc", outputs: 3, bias: false),
          ]))
  }

  @Test("activations have the names of PyTorch's modules, and a leaky ReLU its slope")
  func activations() throws {
    let architecture = try read(
      """
      {"input": [4, 1, 1], "classes": 2, "layers": [
        {"type": "linear", "outputs": 2}, {"type": "relu"}, {"type": "leaky-relu"},
        {"type": "leaky-relu", "slope": 0.25}, {"type": "tanh"}, {"type": "sign"},
        {"type": "step"}, {"type": "identity"}]}
      """)
    #expect(
      architecture.layers.dropFirst() == [
        .relu, .activation(.leakyReLU(slope: 0.01)), .activation(.leakyReLU(slope: 0.25)),
        .activation(.tanh), .activation(.sign), .activation(.step), .activation(.identity),
      ])
    #expect(try Architecture(json: architecture.json()) == architecture)
  }

  @Test("of several linear layers, those without a name are numbered by their place")
  func linearNames() throws {
    let architecture = try read(
      """
      {"input": [4, 1, 1], "classes": 2, "layers": [
        {"type": "linear", "outputs": 8, "name": "first"}, {"type": "relu"},
        {"type": "linear", "outputs": 2}]}
      """)
    #expect(try StageGraph(architecture).layout.layers.map(\.name) == ["first", "fc2"])
  }

  @Test("in version 2, a layer has a bias unless it says otherwise or a norm follows")
  func biases() throws {
    func flags(_ version: String) throws -> [Bool] {
      let layers = try read(
        """
        {"input": [2, 8, 8], "classes": 2, \(version) "layers": [
          {"type": "convolution", "filters": 4, "name": "a"}, {"type": "relu"},
          {"type": "convolution", "filters": 4}, {"type": "average-pool"}, {"type": "batch-norm"},
          {"type": "convolution", "filters": 4, "stride": 2}, {"type": "average-pool"},
          {"type": "batch-norm"},
          {"type": "convolution", "filters": 4, "kernel": 1}, {"type": "identity"},
          {"type": "layer-norm"},
          {"type": "convolution", "filters": 4, "kernel": 1, "bias": false},
          {"type": "flatten"}, {"type": "linear", "outputs": 2}]}
        """
      ).layers
      return layers.compactMap { layer in
        if case .weighted(let layer) = layer { layer.bias } else { nil }
      }
    }
    #expect(try flags("") == [false, false, false, false, false, false])
    #expect(try flags("\"version\": 1,") == [false, false, false, false, false, false])
    #expect(try flags("\"version\": 2,") == [true, false, true, false, false, true])
    let error = #expect(throws: ArchitectureError.self) { try flags("\"version\": 3,") }
    #expect(error?.description == "version: expected 1 or 2, not 3")
  }

  @Test("every network of the table comes back from its own JSON", arguments: NetworkTable.names)
  func roundTrip(name: String) throws {
    let architecture = try NetworkTable.network(named: name).architecture
    let text = try architecture.json()
    #expect(try Architecture(json: text) == architecture)
    #expect(try Architecture(json: text).json() == text)
  }

  @Test("the JSON is these bytes")
  func bytes() throws {
    let architecture = Architecture(
      name: "tiny", input: ImageShape(channels: 1, height: 1, width: 1), classes: 2,
      layers: [.flatten, .linear(name: "fc", outputs: 2, bias: true)])
    #expect(
      String(decoding: try architecture.json(), as: UTF8.self) == """
        {
          "classes" : 2,
          "epsilon" : 1e-05,
          "input" : [
            1,
            1,
            1
          ],
          "layers" : [
            {
              "type" : "flatten"
            },
            {
              "bias" : true,
              "name" : "fc",
              "outputs" : 2,
              "type" : "linear"
            }
          ],
          "name" : "tiny"
        }
        """)
  }

  @Test(
    "a window is written with the keys that are not the default",
    arguments: [
      (#"{"type": "convolution", "filters": 2, "kernel": [1, 3]}"#, #"[1,3]"#),
      (
        #"{"type": "convolution", "filters": 2, "kernel": 4, "padding": "valid"}"#,
        #"4,"name":"conv1","padding":0"#
      ),
      (#"{"type": "convolution", "filters": 2, "padding": 1}"#, #"3,"name":"conv1","type""#),
      (
        #"{"type": "convolution", "filters": 2, "padding": 1, "stride": 2}"#,
        #"3,"name":"conv1","padding":1,"stride":2"#
      ),
      (
        #"{"type": "convolution", "filters": 2, "stride": [2, 1]}"#,
        #"3,"name":"conv1","stride":[2,1]"#
      ),
      (
        #"{"type": "convolution", "filters": 2, "dilation": [1, 2], "padding": [1, 2, 0, 3]}"#,
        #""dilation":[1,2],"filters":2,"kernel":3,"name":"conv1","padding":[1,2,0,3]"#
      ),
      (
        #"{"type": "convolution", "filters": 2, "groups": 2, "padding": [1, 1]}"#,
        #""filters":2,"groups":2,"kernel":3,"name":"conv1","type""#
      ),
      (#"{"type": "average-pool"}"#, #"{"type":"average-pool"}"#),
      (#"{"type": "average-pool", "kernel": 2, "stride": 2}"#, #"{"type":"average-pool"}"#),
      (#"{"type": "max-pool", "kernel": 3}"#, #"{"kernel":3,"type":"max-pool"}"#),
      (
        #"{"type": "max-pool", "kernel": [3, 2], "stride": 1, "padding": "same"}"#,
        #"{"kernel":[3,2],"padding":"same","stride":1,"type":"max-pool"}"#
      ),
      (#"{"type": "layer-norm"}"#, #"{"type":"layer-norm"}"#),
      (#"{"type": "group-norm", "groups": 2}"#, #"{"groups":2,"type":"group-norm"}"#),
      (#"{"type": "group-norm", "groups": 1, "name": "n"}"#, #"{"name":"n","type":"layer-norm"}"#),
      (#"{"type": "elu"}"#, #"{"alpha":1,"type":"elu"}"#),
    ])
  func windows(layer: String, part: String) throws {
    let text =
      #"{"input": [2, 8, 8], "classes": 2, "layers": [\#(layer), {"type": "global-pool", "#
      + #""mode": "max"}, {"type": "linear", "outputs": 2}]}"#
    let architecture = try read(text)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = String(decoding: try encoder.encode(architecture), as: UTF8.self)
    #expect(written.contains(part), "\(written)")
    #expect(try read(written) == architecture)
  }

  static let malformed: [(text: String, message: String)] = [
    ("", "cannot read the architecture: not valid JSON"),
    ("{\"name\": ", "cannot read the architecture: not valid JSON"),
    ("[]", "architecture: expected an object"),
    ("{}", "architecture: missing key 'input'"),
    (
      #"{"input": [1, 2, 2], "class": 2}"#,
      "architecture: unknown key 'class'; did you mean 'classes'?"
    ),
    (#"{"input": [1, 2]}"#, "input: expected [channels, height, width]"),
    (#"{"input": [1, 2.5, 2]}"#, "input: expected [channels, height, width]"),
    (#"{"input": [1, 2, 2]}"#, "architecture: missing key 'layers'"),
    (#"{"input": [1, 2, 2], "layers": {}}"#, "layers: expected a list"),
    (#"{"input": [1, 2, 2], "layers": []}"#, "architecture: missing key 'classes'"),
    (#"{"input": [1, 2, 2], "layers": [3]}"#, "layers[0]: expected an object"),
    (#"{"input": [1, 2, 2], "layers": [{}]}"#, "layers[0]: missing key 'type'"),
    (#"{"input": [1, 2, 2], "layers": [{"type": 1}]}"#, "layers[0].type: expected a string"),
    (layers(#"{"type": "relu"}, null"#), "layers[1]: expected an object"),
    (
      layers(#"{"type": "relu"}, {"type": "conv"}"#),
      "layers[1]: unknown type 'conv'; did you mean 'convolution'?"
    ),
    (
      layers(#"{"type": "\u001b[31m"}"#),
      "layers[0]: unknown type '\\x1B[31m'; known types: convolution, linear, average-pool, max-pool, "
        + "relu, leaky-relu, tanh, sign, step, identity, sigmoid, gelu, silu, elu, softplus, hard-sigmoid, "
        + "hard-swish, global-pool, zero-pad, batch-norm, skip, flatten, group-norm, layer-norm, mark, branch, "
        + "concatenate, zero-channels"
    ),
    (
      layers(#"{"type": "convolution", "filter": 3}"#),
      "layers[0]: unknown key 'filter'; did you mean 'filters'?"
    ),
    (
      layers(#"{"type": "relu", "name": "r"}"#),
      "layers[0]: unknown key 'name'; known keys of 'relu': type"
    ),
    (
      layers(#"{"type": "tanh", "slope": 0.5}"#),
      "layers[0]: unknown key 'slope'; known keys of 'tanh': type"
    ),
    (
      layers(#"{"type": "leaky-relu", "slope": -0.5}"#),
      "layers[0].slope: expected a number from 0 to 1, not -0.5"
    ),
    (layers(#"{"type": "convolution"}"#), "layers[0]: missing key 'filters'"),
    (
      layers(#"{"type": "convolution", "filters": "3"}"#),
      "layers[0].filters: expected a whole number"
    ),
    (
      layers(#"{"type": "convolution", "filters": 99999999999999999999}"#),
      "layers[0].filters: expected a whole number"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3, "kernel": null}"#),
      "layers[0].kernel: expected a whole number or [height, width]"
    ),
    (
      layers(#"{"type": "linear", "outputs": 3, "bias": 1}"#),
      "layers[0].bias: expected true or false"
    ),
    (
      layers(#"{"type": "linear", "outputs": 3, "name": ""}"#),
      "layers[0].name: expected a string that is not empty"
    ),
    (layers(#"{"type": "skip"}"#), "layers[0]: missing key 'from'"),
    (layers(#"{"type": "zero-pad"}"#), "layers[0]: missing key 'padding'"),
    (
      layers(#"{"type": "ZeroPad2d", "padding": 1}"#),
      "layers[0]: unknown type 'ZeroPad2d'; did you mean 'zero-pad'?"
    ),
    (
      layers(#"{"type": "zero-pad", "padding": 0}"#),
      "layers[0]: padding 0 is not possible; use 1 to 511"
    ),
    (
      layers(#"{"type": "zero-pad", "padding": 9223372036854775807}"#),
      "layers[0]: padding 9223372036854775807 is not possible; use 1 to 511"
    ),
    (
      layers(#"{"type": "zero-pad", "padding": 511}, {"type": "zero-pad", "padding": 1}"#),
      "layers[1]: outputs of 1 x 1026 x 1026 are out of bounds; at most 65536 features, or 4096 channels of "
        + "1024 x 1024 pixels and 16777216 numbers"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3, "kernel": [1, 2, 3]}"#),
      "layers[0].kernel: expected a whole number or [height, width]"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3, "kernel": [3]}"#),
      "layers[0].kernel: expected a whole number or [height, width]"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3, "padding": [1]}"#),
      "layers[0].padding: expected a whole number, 'same', 'valid', [rows, columns] or [top, left, "
        + "bottom, right]"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3}, "#),
      "cannot read the architecture: not valid JSON: line 1, column 86: expected a value, found ']'"
    ),
    (
      layers(#"{"type": "convolution", "filters": 3, "padding": "smae"}"#),
      "layers[0].padding: unknown padding 'smae'; did you mean 'same'?"
    ),
    (
      layers(#"{"type": "max-pool", "padding": [1, 2, 3]}"#),
      "layers[0].padding: expected a whole number, 'same', 'valid', [rows, columns] or [top, left, "
        + "bottom, right]"
    ),
    (
      layers(#"{"type": "elu", "alpha": -1}"#),
      "layers[0].alpha: expected a number from 0 to 100, not -1.0"
    ),
    (layers(#"{"type": "group-norm"}"#), "layers[0]: missing key 'groups'"),
    (layers(#"{"type": "concatenate", "from": "a"}"#), "layers[0].from: expected a list of names"),
    (layers(#"{"type": "global-pool"}"#), "layers[0]: missing key 'mode'"),
    (
      layers(#"{"type": "global-pool", "mode": "mean"}"#),
      "layers[0].mode: unknown mode 'mean'; did you mean 'average'?"
    ),
    (
      layers(#"{"type": "global-pool", "mode": "median-3"}"#),
      "layers[0].mode: unknown mode 'median-3'; known modes: max, average"
    ),
    (
      layers(#"{"type": "linear", "outputs": 3, "depth": 3}"#),
      "layers[0]: unknown key 'depth'; known keys of 'linear': type, name, outputs, bias"
    ),
    (
      #"{"input": [1, 2, 2], "classes": 2, "epsilon": "small", "layers": []}"#,
      "epsilon: expected a number"
    ),
    (
      layers(Array(repeating: #"{"type": "relu"}"#, count: 513).joined(separator: ",")),
      "layers: more than 512 entries"
    ),
  ]

  @Test("malformed JSON is refused with the place and the reason", arguments: malformed)
  func malformedText(text: String, message: String) {
    let error = #expect(throws: ArchitectureError.self) { try read(text) }
    // The parser's own words about where the syntax breaks follow the message.
    #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(error.debugDescription)")
    if error.map({ "\($0)".hasPrefix("cannot read") }) == false {
      #expect(error?.description == message)
    }
  }

  @Test("a syntax error is named with its line and column")
  func syntaxError() {
    #expect { try read("{\"name\": \"n\",\n  oops}") } throws: {
      "\($0)"
        == "cannot read the architecture: not valid JSON: line 2, column 3: expected a key in quotes, "
        + "found 'oops'"
    }
  }

  @Test("JSON far too long or too deep is refused")
  func bounds() {
    let long = String(repeating: " ", count: 1 << 20) + "{}"
    #expect { try read(long) } throws: {
      "\($0)"
        == "cannot read the architecture: 1048578 bytes of JSON, more than 1048576"
    }
    let deep = String(repeating: "[", count: 500_000)
    #expect { try read(deep) } throws: {
      "\($0)".hasPrefix("cannot read the architecture: not valid JSON")
    }
    let closed = layers(
      String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
    #expect { try read(closed) } throws: {
      "\($0)".hasPrefix("cannot read the architecture: not valid JSON")
    }
  }

  @Test(
    "an object that has a key twice is refused, also where the key is escaped",
    arguments: [
      #"{"a": 1, "a": 2}"#, #"[{"b": {"a": "}", "\u0061": []}}]"#,
      #"{"\\": 1, "x": [{}], "\\": 2}"#, #"{"x": [1], "a": {}, "a": {}}"#,
    ])
  func repeatedKeys(text: String) {
    #expect(JSONSyntax.repeatedKey(in: Data(text.utf8)) != nil)
  }

  @Test(
    "the same key in several objects, or as a value, is no repetition",
    arguments: [
      #"{"a": {"a": "a"}, "b": ["a", "a", {"a": 1}, {"a": 2}], "c": "a"}"#, #"["a", "a"]"#, #""a""#,
      "{}", "3", #"{"a\"": 1, "a": 2}"#,
    ])
  func distinctKeys(text: String) {
    #expect(JSONSyntax.repeatedKey(in: Data(text.utf8)) == nil)
  }

  @Test("bytes that are no UTF-8 text are gone through without a trap")
  func repeatedKeysOfNoText() {
    let texts = ["{\"a", "}]", "\"a\":", "{\"a\\", "[{]\"a\"}"].map { Data($0.utf8) }
    let wide = #"{"a": 1, "a": 2}"#.data(using: .utf16LittleEndian) ?? Data()
    for text in texts + [wide] + wide.indices.map({ wide[$0...] }) {
      #expect(JSONSyntax.repeatedKey(in: text) == nil)
    }
  }

  @Test("a network with a key twice is refused by its name")
  func repeatedKeyOfNetwork() {
    let text =
      #"{"classes": 2, "classes": 3, "input": [4, 1, 1], "layers": ["#
      + #"{"type": "linear", "outputs": 2}]}"#
    #expect { try read(text) } throws: {
      "\($0)"
        == "cannot read the architecture: line 1, column 16: an object has the key 'classes' twice"
    }
  }

  @Test("a new network has no layer with the name of the samples; a plan may have one")
  func layerNamedAsSamples() throws {
    let text = layers(
      #"{"type": "flatten"}, {"type": "linear", "name": "input", "outputs": 2}"#)
    let error = #expect(throws: ArchitectureError.self) {
      try read(text).refuseLayerNamedAsSamples()
    }
    #expect(
      error
        == .invalid(
          position: "layers[1]", reason: "the name 'input' is that of the samples; use another one",
          key: "name"))
    try read(layers(#"{"type": "flatten"}, {"type": "linear", "outputs": 2}"#))
      .refuseLayerNamedAsSamples()
  }

  @Test("a place inside a larger document is named in full")
  func embedded() {
    struct Plan: Decodable { let architecture: Architecture }
    let text = #"{"architecture": "# + layers(#"{"type": "conv"}"#) + "}"
    #expect {
      try JSONDecoder().decode(Plan.self, from: Data(text.utf8))
    } throws: {
      "\($0)".hasPrefix("architecture.layers[0]: unknown type 'conv'; did you mean 'convolution'?")
    }
  }
}

@discardableResult
private func read(_ text: String) throws(ArchitectureError) -> Architecture {
  try Architecture(json: Data(text.utf8))
}

private func layers(_ entries: String) -> String {
  #"{"input": [1, 2, 2], "classes": 2, "layers": [\#(entries)]}"#
}

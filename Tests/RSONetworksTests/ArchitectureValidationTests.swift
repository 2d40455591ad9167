import RSONetworks
import RSONumerics
import Testing

@Suite("Validation of architectures")
struct ArchitectureValidationTests {
  /// A network of 2 x 6 x 5 samples in 3 classes, and why it is none.
  static let impossible: [(name: String, layers: [LayerSpec], message: String)] = [
    ("empty", [], "layers: a network needs at least one layer"),
    (
      "no parameters", [.averagePool, .averagePool],
      "layers: the network ends in 2 x 1 x 1, not in 3 x 1 x 1, one for each class, label or number; end with "
        + "'linear' of 3 outputs"
    ),
    (
      "a map at the end", [convolution("a", filters: 3)],
      "layers: the network ends in 3 x 6 x 5, not in 3 x 1 x 1, one for each class, label or number; end with "
        + "'linear' of 3 outputs"
    ),
    (
      "linear on a map", [convolution("a"), .relu, linear("fc")],
      "layers[2]: linear needs a flat input; put 'flatten' or 'global-pool' before it"
    ),
    (
      "tanh after flatten", [.flatten, .activation(.tanh), linear("fc")],
      "layers[1]: after 'flatten' of 2 x 6 x 5 only 'linear' can stand; put 'tanh' before it"
    ),
    (
      "relu after flatten", [.flatten, .relu, linear("fc")],
      "layers[1]: after 'flatten' of 2 x 6 x 5 only 'linear' can stand; put 'relu' before it"
    ),
    (
      "convolution after flatten", [.flatten, convolution("a")],
      "layers[1]: after 'flatten' of 2 x 6 x 5 only 'linear' can stand"
    ),
    (
      "pooled to nothing", [.averagePool, .averagePool, .averagePool],
      "layers[2]: average-pool needs a map of at least 2 x 2 pixels, not 1 x 1"
    ),
    (
      "even kernel", [convolution("a", kernel: 4)],
      "layers[0]: kernel 4 is not possible; use an odd number from 1 to 63"
    ),
    (
      "kernel too large", [convolution("a", kernel: 65)],
      "layers[0]: kernel 65 is not possible; use an odd number from 1 to 63"
    ),
    (
      "negative kernel", [convolution("a", kernel: -1)],
      "layers[0]: kernel -1 is not possible; use an odd number from 1 to 63"
    ),
    (
      "oblong kernel",
      [geometry(Window(kernel: Extent(height: 3, width: 5), padding: Extent(height: 1, width: 2)))],
      "layers[0]: kernel 3 x 5 is not possible; use an odd number from 1 to 63"
    ),
    (
      "stride", [geometry(Window(kernel: Extent(side: 3), stride: Extent(side: 2)))],
      "layers[0]: a convolution with stride 2 x 2, padding 0 x 0 and 1 groups is not supported; use "
        + "stride 1 x 1, padding 1 x 1 and 1 group"
    ),
    (
      "groups",
      [geometry(Window(kernel: Extent(side: 3), padding: Extent(side: 1)), groups: 2)],
      "layers[0]: a convolution with stride 1 x 1, padding 1 x 1 and 2 groups is not supported; use "
        + "stride 1 x 1, padding 1 x 1 and 1 group"
    ),
    (
      "maximum pool",
      [.pool(Pooling(mode: .maximum, window: Pooling.halving.window))],
      "layers[0]: a pool of kernel 2 x 2, stride 2 x 2, padding 0 x 0 and mode 'max' is not "
        + "supported; use an average of 2 x 2, stride 2 x 2"
    ),
    (
      "no filters", [convolution("a", filters: 0)],
      "layers[0]: outputs of 0 x 6 x 5 are out of bounds; at most 4096 channels, 1024 x 1024 "
        + "pixels and 16777216 numbers"
    ),
    (
      "too many outputs", [.flatten, linear("fc", outputs: .max)],
      "layers[1]: outputs of 9223372036854775807 x 1 x 1 are out of bounds; at most 4096 channels, "
        + "1024 x 1024 pixels and 16777216 numbers"
    ),
    (
      "too many parameters",
      [convolution("a", filters: 4096, kernel: 1), convolution("b", filters: 4096)],
      "layers[1]: the network has more than 100000000 parameters"
    ),
    (
      "a name twice", [convolution("a"), convolution("a")],
      "layers[1]: layer name 'a' is used twice"
    ),
    (
      "a name like a path", [convolution("../a")],
      "layers[0].name: bad name '../a'; use 1 to 64 letters, digits, '-' and '_'"
    ),
    (
      "a name like a projection's", [convolution("a.projection")],
      "layers[0].name: bad name 'a.projection'; use 1 to 64 letters, digits, '-' and '_'"
    ),
    (
      "a batch norm's name that its layer has", [convolution("a"), .batchNorm(name: "b")],
      "layers[1]: this batch-norm belongs to layer 'a'; leave out its name 'b'"
    ),
    (
      "skip from nowhere",
      [convolution("a"), convolution("b"), .skip(from: "c", projection: false)],
      "layers[2]: skip from unknown layer 'c'; layers before it: a"
    ),
    (
      "skip from a layer to come",
      [convolution("a"), .skip(from: "b", projection: false), convolution("b")],
      "layers[1]: skip from unknown layer 'b'; layers before it: none"
    ),
    (
      "skip to itself", [convolution("a"), .skip(from: "a", projection: true)],
      "layers[1]: skip from 'a' to itself"
    ),
    (
      "skip from a projection",
      [
        convolution("a"), convolution("b"), .skip(from: "a", projection: true), convolution("c"),
        .skip(from: "b.projection", projection: false),
      ],
      "layers[4]: skip from unknown layer 'b.projection'; layers before it: a, b"
    ),
    (
      "skip of other channels",
      [
        convolution("a"), convolution("b", filters: 5), .skip(from: "a", projection: false),
      ],
      "layers[2]: skip from 'a' of 4 x 6 x 5 does not fit 'b' of 5 x 6 x 5; set 'projection' to "
        + "true"
    ),
    (
      "skip over a pool",
      [
        convolution("a"), .averagePool, convolution("b"), convolution("c"), .averagePool,
        convolution("d"), .skip(from: "b", projection: true),
      ],
      "layers[6]: skip from 'b' of 4 x 3 x 2 does not fit 'd' of 4 x 1 x 1; height and width must "
        + "be equal"
    ),
    (
      "skip after a batch norm",
      [
        convolution("a"), convolution("b"), .batchNorm(name: nil),
        .skip(from: "a", projection: false),
      ],
      "layers[3]: skip must stand directly after a convolution or a linear layer"
    ),
    (
      "two skips",
      [
        convolution("a"), convolution("b"), .skip(from: "a", projection: false),
        .skip(from: "a", projection: false),
      ],
      "layers[3]: skip must stand directly after a convolution or a linear layer"
    ),
    (
      "skip at the beginning", [.skip(from: "a", projection: false)],
      "layers[0]: skip must stand directly after a convolution or a linear layer"
    ),
    (
      "other outputs than classes", [.flatten, linear("fc", outputs: 4)],
      "layers: the network ends in 4 x 1 x 1, not in 3 x 1 x 1, one for each class, label or number; end with "
        + "'linear' of 3 outputs"
    ),
    (
      "too many layers", Array(repeating: .relu, count: 513), "layers: more than 512 entries"
    ),
  ]

  @Test("a network that cannot be is refused with the place and the way out", arguments: impossible)
  func refusals(name: String, layers: [LayerSpec], message: String) {
    #expect(refusal(layers: layers) == message)
  }

  @Test("a network without anything to train is refused")
  func nothingToTrain() {
    #expect(
      refusal(input: (3, 2, 2), layers: [.globalPool(.average)])
        == "layers: the network has no parameters to train")
  }

  @Test("sizes, classes, epsilon and the name are bounded")
  func header() {
    let network: [LayerSpec] = [.flatten, linear("fc")]
    #expect(refusal(layers: network) == nil)
    let bounds = """
      are out of bounds; at most 4096 channels, 1024 x 1024 pixels and 16777216 numbers
      """
    for (channels, height, width) in [
      (0, 1, 1), (1, -3, 1), (4097, 1, 1), (1, 1025, 1), (1, 1, 1025), (17, 1024, 1024),
      (.max, .max, .max),
    ] {
      #expect(
        refusal(input: (channels, height, width), layers: network)
          == "input: samples of \(channels) x \(height) x \(width) \(bounds)")
    }
    for classes in [0, 1001] {
      #expect(
        refusal(classes: classes, layers: network)
          == "classes: expected 1 to 1000 outputs, not \(classes)")
    }
    #expect(refusal(classes: 1, layers: [.flatten, linear("fc", outputs: 1)]) == nil)
    for epsilon in [0, -1, 1.5, .infinity, .nan] {
      #expect(
        refusal(epsilon: epsilon, layers: network)
          == "epsilon: expected a number above 0 and at most 1, not \(epsilon)")
    }
    #expect(
      refusal(name: "a b", layers: network)
        == "name: bad name 'a b'; use 1 to 64 letters, digits, '-' and '_'")
    #expect(
      refusal(name: String(repeating: "x", count: 65), layers: network)
        == "name: bad name '\(String(repeating: "x", count: 64))'; use 1 to 64 letters, digits, "
        + "'-' and '_'")
  }
}

/// Why the network is refused; nil if it is not.
private func refusal(
  name: String = "n", input: (Int, Int, Int) = (2, 6, 5), classes: Int = 3,
  epsilon: Double = 1e-5, layers: [LayerSpec]
) -> String? {
  let architecture = Architecture(
    name: name, input: ImageShape(channels: input.0, height: input.1, width: input.2),
    classes: classes, epsilon: epsilon, layers: layers)
  do {
    _ = try StageGraph(architecture)
    return nil
  } catch {
    return error.description
  }
}

private func convolution(_ name: String, filters: Int = 4, kernel: Int = 3) -> LayerSpec {
  .convolution(name: name, filters: filters, kernel: kernel, bias: false)
}

private func geometry(_ window: Window, groups: Int = 1) -> LayerSpec {
  .convolution(
    name: "a", filters: 4, geometry: Convolution(window: window, groups: groups), bias: false)
}

private func linear(_ name: String, outputs: Int = 3) -> LayerSpec {
  .linear(name: name, outputs: outputs, bias: false)
}

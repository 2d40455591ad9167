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
      "kernel too large", [convolution("a", kernel: 65)],
      "layers[0]: kernel 65 is not possible; use numbers from 1 to 63"
    ),
    (
      "negative kernel", [convolution("a", kernel: -1)],
      "layers[0]: kernel -1 is not possible; use numbers from 1 to 63"
    ),
    (
      "no rows in a kernel", [geometry(Window(kernel: Extent(height: 0, width: 5)))],
      "layers[0]: kernel 0 x 5 is not possible; use numbers from 1 to 63"
    ),
    (
      "a kernel of any size", [geometry(Window(kernel: Extent(side: .max)))],
      "layers[0]: kernel 9223372036854775807 is not possible; use numbers from 1 to 63"
    ),
    (
      "stride", [geometry(Window(kernel: Extent(side: 3), stride: Extent(side: 64)))],
      "layers[0]: stride 64 is not possible; use numbers from 1 to 63"
    ),
    (
      "dilation", [geometry(Window(kernel: Extent(side: 3), dilation: Extent(side: 0)))],
      "layers[0]: dilation 0 is not possible; use numbers from 1 to 63"
    ),
    (
      "padding",
      [geometry(Window(kernel: Extent(side: 3), padding: Extent(height: 512, width: 0)))],
      "layers[0]: padding 512 is not possible; use numbers from 0 to 511"
    ),
    (
      "a kernel that does not fit",
      [geometry(Window(kernel: Extent(side: 3), dilation: Extent(side: 3)))],
      "layers[0]: a kernel that spans 7 x 7 pixels does not fit on a map of 6 x 5 with this padding"
    ),
    (
      "groups of inputs", [geometry(Window(kernel: Extent(side: 3), padding: .same), groups: 3)],
      "layers[0]: groups 3 must divide the 2 channels of the input and the 4 filters"
    ),
    (
      "groups of outputs",
      [convolution("b", filters: 6), geometry(Window(kernel: Extent(side: 1)), groups: 3)],
      "layers[1]: groups 3 must divide the 6 channels of the input and the 4 filters"
    ),
    (
      "no groups", [geometry(Window(kernel: Extent(side: 3)), groups: 0)],
      "layers[0]: groups 0 must divide the 2 channels of the input and the 4 filters"
    ),
    (
      "a pool's padding",
      [
        .pool(
          Pooling(
            mode: .maximum, window: Window(kernel: Extent(side: 2), padding: Extent(side: 2))))
      ],
      "layers[0]: the padding of max-pool must be smaller than its kernel of 2 x 2 pixels"
    ),
    (
      "a pool's kernel",
      [.pool(Pooling(mode: .maximum, window: Window(kernel: Extent(side: 7))))],
      "layers[0]: max-pool needs a map of at least 7 x 7 pixels, not 6 x 5"
    ),
    (
      "groups of a norm", [convolution("a"), .sampleNorm(name: nil, groups: 3)],
      "layers[1]: groups 3 must divide the 4 channels"
    ),
    (
      "no filters", [convolution("a", filters: 0)],
      "layers[0]: 0 filters are not possible; use 1 to 4096"
    ),
    (
      "too many outputs", [.flatten, linear("fc", outputs: .max)],
      "layers[1]: 9223372036854775807 outputs are not possible; use 1 to 4096"
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
      "layers[2]: skip from unknown layer 'c'; known names: input, a"
    ),
    (
      "skip from a layer to come",
      [convolution("a"), .skip(from: "b", projection: false), convolution("b")],
      "layers[1]: skip from unknown layer 'b'; known names: input"
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
      "layers[4]: skip from unknown layer 'b.projection'; did you mean 'b'?"
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
      "skip of other channels far from a layer",
      [
        convolution("a"), convolution("b", filters: 5), .relu, .skip(from: "a", projection: false),
      ],
      "layers[3]: skip from 'a' of 4 x 6 x 5 does not fit the value of 5 x 6 x 5; the numbers of channels "
        + "must be equal"
    ),
    (
      "a name almost like the input's",
      [convolution("a"), .concatenate(from: ["inptu"])],
      "layers[1]: concatenate from unknown layer 'inptu'; did you mean 'input'?"
    ),
    (
      "a name almost like a layer's",
      [convolution("first"), convolution("b"), .skip(from: "frist", projection: false)],
      "layers[2]: skip from unknown layer 'frist'; did you mean 'first'?"
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
      "a projection far from its layer",
      [
        convolution("a"), convolution("b"), .batchNorm(name: nil), .relu,
        .skip(from: "a", projection: true),
      ],
      "layers[4]: a projection must stand directly after a convolution or a linear layer, or after its "
        + "batch-norm; use 'branch' for a projection elsewhere"
    ),
    (
      "skip at the beginning", [.skip(from: "a", projection: false)],
      "layers[0]: skip from unknown layer 'a'; known names: input"
    ),
    (
      "a mark twice", [convolution("a"), .mark(name: "a")],
      "layers[1]: the name 'a' is used twice"
    ),
    (
      "a mark like the input", [.mark(name: "input")],
      "layers[0]: the name 'input' is used twice"
    ),
    (
      "a branch to nowhere", [.mark(name: "m"), .branch(from: "n")],
      "layers[1]: branch from unknown layer 'n'; known names: input, m"
    ),
    (
      "a layer that nothing reads",
      [.flatten, linear("lost", outputs: 3), .branch(from: "input"), .flatten, linear("fc")],
      "layers: nothing reads the output of 'lost'"
    ),
    (
      "maps of two sizes side by side",
      [
        convolution("a"), .pool(.halving), convolution("b"), .concatenate(from: ["a", "input"]),
      ],
      "layers[3]: 'input' of 2 x 6 x 5 does not fit 4 x 3 x 2; height and width must be equal"
    ),
    (
      "nothing to concatenate", [convolution("a"), .concatenate(from: [])],
      "layers[1].from: expected at least one name"
    ),
    (
      "no channels of zeros", [.zeroChannels(0)],
      "layers[0]: 0 channels are not possible; use 1 to 4096"
    ),
    (
      "a branch after flatten", [convolution("a"), .flatten, .branch(from: "a")],
      "layers[2]: after 'flatten' of 4 x 6 x 5 only 'linear' can stand"
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
      are out of bounds; at most 65536 features, or 4096 channels of 1024 x 1024 pixels and 16777216 numbers
      """
    for (channels, height, width) in [
      (0, 1, 1), (1, -3, 1), (65_537, 1, 1), (4097, 1, 2), (1, 1025, 1), (1, 1, 1025),
      (17, 1024, 1024),
      (.max, .max, .max), (1, .max, .max), (.max, 1, 1),
    ] {
      #expect(
        refusal(input: (channels, height, width), layers: network)
          == "input: samples of \(channels) x \(height) x \(width) \(bounds)")
    }
    #expect(refusal(input: (65_536, 1, 1), layers: network) == nil)
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

import RSONetworks
import RSONumerics
import Testing

@Suite("StageGraph")
struct StageGraphTests {
  @Test("the presets' order of operations becomes one stage a layer")
  func preset() throws {
    let graph = try StageGraph(Architecture.preset(named: "mnist-6conv"))
    let sides = [(28, 28), (28, 14), (14, 14), (14, 7), (7, 7), (7, 7)]
    var expected: [Stage] = sides.enumerated().map { index, side in
      Stage(
        name: "conv\(index + 1)", source: index == 0 ? .samples : .stage(index - 1),
        prologue: index == 0 ? [] : [.relu],
        inputShape: shape(index == 0 ? 1 : 16, side.0, side.0), operation: .convolution(kernel: 3),
        pool: side.1 < side.0 ? .halving : nil, outputShape: shape(16, side.1, side.1),
        layer: index,
        normalized: true)
    }
    expected.append(
      Stage(
        name: "fc", source: .stage(5), prologue: [.globalPool(.maximum)],
        inputShape: shape(16, 1, 1), operation: .linear,
        outputShape: shape(10, 1, 1), layer: 6, normalized: false))
    #expect(graph.stages == expected)
  }

  @Test("a projection is a stage of its own, directly before the one that adds it")
  func projection() throws {
    let graph = try StageGraph(Architecture.preset(named: "cifar-depth10"))
    #expect(graph.stages.count == 11)
    #expect(
      graph.stages[4]
        == Stage(
          name: "conv5.projection", source: .stage(2), prologue: [], inputShape: shape(16, 16, 16),
          operation: .convolution(kernel: 1),
          outputShape: shape(32, 16, 16), layer: 4, normalized: true))
    #expect(
      graph.stages[5]
        == Stage(
          name: "conv5", source: .stage(3), prologue: [.relu], inputShape: shape(32, 16, 16),
          operation: .convolution(kernel: 3), skip: .stage(4), pool: .halving,
          outputShape: shape(32, 8, 8), layer: 5, normalized: true))
    #expect(graph.stages.map(\.skip)[2] == .stage(0))
    #expect(graph.stages.map(\.skip)[7] == .stage(5))
    #expect(graph.stages[6].source == .stage(5))
  }

  @Test("what a stage cannot take in waits in the next one's prologue, or makes its own stage")
  func regrouping() throws {
    let graph = try StageGraph(
      Architecture(
        name: "n", input: shape(2, 8, 8), classes: 3,
        layers: [
          .batchNorm(name: "input"), .relu, convolution("a"), .batchNorm(name: nil), .averagePool,
          .relu, convolution("b"), .averagePool, .averagePool, .batchNorm(name: nil),
          .batchNorm(name: nil), .globalPool(.average), linear(3), .relu,
        ]))
    #expect(
      graph.stages.map(summary) == [
        "input: [] none, normalized -> 2 x 8 x 8",
        "a: [relu] convolution(kernel: 3), normalized -> 4 x 8 x 8",
        "b: [averagePool, relu] convolution(kernel: 3), pooled -> 4 x 2 x 2",
        "norm1: [averagePool] none, normalized -> 4 x 1 x 1",
        "norm2: [] none, normalized -> 4 x 1 x 1",
        "fc: [globalPool(average)] linear -> 3 x 1 x 1",
        "output: [relu] none -> 3 x 1 x 1",
      ])
    #expect(graph.stages.map(\.layer) == [0, 1, 2, 3, 4, 5, nil])
    #expect(graph.stages.map(\.source) == [.samples] + (0..<6).map { .stage($0) })
  }

  @Test(
    "a pool that a convolution does not take in closes it: a norm after it is a layer of its own")
  func poolsApart() throws {
    let strided = Convolution(
      window: Window(kernel: Extent(side: 3), stride: Extent(side: 2), padding: .same))
    let graph = try StageGraph(
      Architecture(
        name: "n", input: shape(2, 16, 16), classes: 3,
        layers: [
          .convolution(name: "a", filters: 4, geometry: strided, bias: false), .averagePool,
          .batchNorm(name: nil), convolution("b"),
          .pool(Pooling(mode: .maximum, window: Pooling.halving.window)), .batchNorm(name: nil),
          .globalPool(.average), linear(3),
        ]))
    #expect(
      graph.stages.map(summary) == [
        "a: [] convolution(kernel: 3) -> 4 x 8 x 8",
        "norm1: [averagePool] none, normalized -> 4 x 4 x 4",
        "b: [] convolution(kernel: 3) -> 4 x 4 x 4",
        "norm2: [pool] none, normalized -> 4 x 2 x 2",
        "fc: [globalPool(average)] linear -> 3 x 1 x 1",
      ])
  }

  @Test("values that are joined are read with what comes before the join, and make a stage")
  func joins() throws {
    let graph = try StageGraph(
      Architecture(
        name: "n", input: shape(2, 8, 8), classes: 3,
        layers: [
          convolution("a"), .batchNorm(name: nil), .relu, .mark(name: "m"), convolution("b"),
          .batchNorm(name: nil), .branch(from: "m"),
          .concatenate(from: ["b", "input"]), .zeroChannels(2), .globalPool(.maximum), linear(3),
        ]))
    #expect(
      graph.stages.map(summary) == [
        "a: [] convolution(kernel: 3), normalized -> 4 x 8 x 8",
        "b: [relu] convolution(kernel: 3), normalized -> 4 x 8 x 8",
        "sum1: [] none -> 6 x 8 x 8", "sum2: [] none -> 10 x 8 x 8", "sum3: [] none -> 12 x 8 x 8",
        "fc: [globalPool(max)] linear -> 3 x 1 x 1",
      ])
    #expect(graph.stages.map(\.source) == [.samples] + [0, 1, 2, 3, 4].map { .stage($0) })
    #expect(graph.stages.map(\.skip) == [nil, nil, .samples, .stage(0), nil, nil])
    #expect(graph.stages.map(\.skipOffset) == [0, 0, 4, 6, 0, 0])
    #expect(graph.stages[3].skipPrologue == [.relu])
  }

  @Test("a step is cheap where channels stay apart, and dear behind a norm over all of them")
  func costs() throws {
    func step(_ middle: [LayerSpec]) throws -> Double {
      let graph = try StageGraph(
        Architecture(
          name: "n", input: shape(4, 8, 8), classes: 3,
          layers: [convolution("a"), .batchNorm(name: nil)] + middle + [
            convolution("z"), .globalPool(.average), linear(3),
          ]))
      return LayerCosts.perStep(graph)[0]
    }
    let apart = Convolution(window: Window(kernel: Extent(side: 3), padding: .same), groups: 4)
    let plain = try step([])
    let depthwise = try step([
      .convolution(name: "d", filters: 4, geometry: apart, bias: false)
    ])
    let dense = try step([convolution("d")])
    let normed = try step([.sampleNorm(name: nil, groups: 1)])
    let grouped = try step([.sampleNorm(name: nil, groups: 2)])
    #expect(plain < depthwise && depthwise < dense)
    #expect(plain < grouped && grouped < normed && normed > 3 * plain)
  }

  @Test("a linear layer reads a flattened map as it stands: channels, rows, columns")
  func flattened() throws {
    let graph = try StageGraph(
      Architecture(
        name: "n", input: shape(2, 4, 3), classes: 5, layers: [.relu, .flatten, linear(5)]))
    #expect(graph.stages.map(summary) == ["fc: [relu] linear -> 5 x 1 x 1"])
    #expect(graph.stages[0].inputShape == shape(2, 4, 3))
    #expect(graph.layout.layers[0].tensors[0].shape == [5, 24])
  }

  @Test("tensors lie one after the other, layer by layer: weight, bias, gamma, beta")
  func layout() throws {
    let graph = try StageGraph(
      Architecture(
        name: "n", input: shape(1, 4, 4), classes: 2,
        layers: [
          .convolution(name: "c", filters: 2, kernel: 3, bias: true), .batchNorm(name: nil),
          .convolution(name: "d", filters: 3, kernel: 1, bias: false),
          .skip(from: "c", projection: true), .globalPool(.maximum), linear(2),
        ]))
    let tensors = graph.layout.layers.flatMap { layer in
      layer.tensors.map { "\(layer.name) \($0.kind) \($0.shape) at \($0.offset)" }
    }
    #expect(
      tensors == [
        "c weight [2, 1, 3, 3] at 0", "c bias [2] at 18", "c gamma [2] at 20", "c beta [2] at 22",
        "d.projection weight [3, 2, 1, 1] at 24", "d.projection gamma [3] at 30",
        "d.projection beta [3] at 33", "d weight [3, 2, 1, 1] at 36", "fc weight [2, 3] at 42",
      ])
    #expect(graph.layout.parameterCount == 48)
    #expect(graph.layout.layers.map(\.fanIn) == [9, 2, 2, 3])
  }
}

private func shape(_ channels: Int, _ height: Int, _ width: Int) -> ImageShape {
  ImageShape(channels: channels, height: height, width: width)
}

private func convolution(_ name: String) -> LayerSpec {
  .convolution(name: name, filters: 4, kernel: 3, bias: false)
}

private func linear(_ outputs: Int) -> LayerSpec {
  .linear(name: "fc", outputs: outputs, bias: false)
}

private func summary(_ stage: Stage) -> String {
  let prologue = stage.prologue.map { operation in
    switch operation {
    case .activation(let activation): activation.name
    case .pool(let pooling): pooling == .halving ? "averagePool" : "pool"
    case .globalPool(let mode): "globalPool(\(mode.rawValue))"
    case .zeroPad(let padding): "zeroPad(\(padding))"
    }
  }
  let operation =
    switch stage.operation {
    case nil: "none"
    case .convolution(let geometry): "convolution(kernel: \(geometry.window.kernel.height))"
    case .linear: "linear"
    }
  return "\(stage.name): [\(prologue.joined(separator: ", "))] \(operation)"
    + (stage.pool != nil ? ", pooled" : "") + (stage.normalized ? ", normalized" : "")
    + " -> \(stage.outputShape)"
}

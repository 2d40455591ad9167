import RSONetworks
import RSOSearch
import Testing

@Suite("SearchOrder")
struct SearchOrderTests {
  let order: SearchOrder

  init() throws {
    order = SearchOrder(try SmallNetwork.layout(), options: SearchOptions())
  }

  /// Every neuron of a cycle.
  private func cursors(cycle: Int = 0, _ other: SearchOrder? = nil) -> [SearchCursor] {
    let order = other ?? self.order
    var cursors = [order.first(cycle: cycle)]
    while true {
      let next = order.next(after: cursors.last!)
      if next.cycle != cycle { return cursors }
      cursors.append(next)
    }
  }

  @Test(
    "a cycle visits layers from the labels, weights and biases by output, then beta, then gamma")
  func orderOfVisiting() {
    let visited = cursors().flatMap { cursor in
      order.unit(at: cursor).addresses.map { address in
        let layer = order.layout.layers[address.layer].name
        return "\(layer).\(address.kind.rawValue)[\(address.output),\(address.index)]"
      }
    }
    let fc = (0..<3).flatMap { output in
      ["fc.weight[\(output),0]", "fc.weight[\(output),1]", "fc.bias[\(output),0]"]
    }
    let conv = (0..<2).flatMap { output in
      (0..<9).map { "conv1.weight[\(output),\($0)]" } + ["conv1.bias[\(output),0]"]
    }
    let norm = ["beta[0,0]", "beta[1,0]", "gamma[0,0]", "gamma[1,0]"].map { "conv1.\($0)" }
    #expect(visited == fc + conv + norm)
  }

  @Test("a cycle visits every parameter once, and numbers them from 0 in each layer")
  func ordinals() {
    var offsets: [Int] = []
    for layer in order.layers {
      var next = 0
      for cursor in cursors() where cursor.layer == layer {
        let unit = order.unit(at: cursor)
        #expect(unit.firstOrdinal == next)
        next += unit.addresses.count
        offsets += unit.addresses.map(order.layout.offset)
      }
      #expect(next == order.layout.layers[layer].parameterCount)
    }
    #expect(offsets.sorted() == Array(0..<order.layout.parameterCount))
  }

  private func order(_ change: (inout SearchOptions) -> Void) throws -> SearchOrder {
    var options = SearchOptions()
    change(&options)
    return SearchOrder(try SmallNetwork.layout(), options: options)
  }

  @Test("by inputs, a layer's weights come input by input, each output by output; then the rest")
  func inputOrder() throws {
    let order = try order { $0.order = .input }
    let visited = cursors(order).flatMap { cursor in
      order.unit(at: cursor).addresses.map { address in
        let layer = order.layout.layers[address.layer].name
        return "\(layer).\(address.kind.rawValue)[\(address.output),\(address.index)]"
      }
    }
    let fc =
      ["fc.weight[0,0]", "fc.weight[1,0]", "fc.weight[2,0]"]
      + ["fc.weight[0,1]", "fc.weight[1,1]", "fc.weight[2,1]"]
      + (0..<3).map { "fc.bias[\($0),0]" }
    let conv =
      (0..<2).flatMap { output in (0..<9).map { "conv1.weight[\(output),\($0)]" } }
      + (0..<2).map { "conv1.bias[\($0),0]" }
    let norm = ["beta[0,0]", "beta[1,0]", "gamma[0,0]", "gamma[1,0]"].map { "conv1.\($0)" }
    #expect(visited == fc + conv + norm)
  }

  private func cursors(_ order: SearchOrder) -> [SearchCursor] { cursors(cycle: 0, order) }

  @Test("forward, the layers come from the input to the labels")
  func forwardOrder() throws {
    let order = try order { $0.layers = .forward }
    #expect(order.layers == [0, 1])
    #expect(order.first(cycle: 3) == SearchCursor(cycle: 3, layer: 0, neuron: 0))
    #expect(
      order.precedes(
        SearchCursor(cycle: 0, layer: 0, neuron: 5), SearchCursor(cycle: 0, layer: 1, neuron: 0)))
    #expect(cursors(order).map(\.layer) == cursors().map(\.layer).reversed())
  }

  @Test(
    "in every order a layer's parameters are numbered as visited, and minibatches as they are taken",
    arguments: [1, 2, 4, 100, Int.max], WeightOrder.allCases)
  func numbers(hold: Int, weights: WeightOrder) throws {
    let order = try order {
      $0.hold = hold
      $0.order = weights
    }
    var offsets: [Int] = []
    for layer in order.layers {
      var (ordinal, batch) = (0, 0)
      for cursor in cursors(order) where cursor.layer == layer {
        let unit = order.unit(at: cursor)
        #expect(unit.firstOrdinal == ordinal && unit.firstBatch == batch)
        ordinal += unit.addresses.count
        batch += unit.addresses.indices.count { $0 % hold == 0 }
        offsets += unit.addresses.map(order.layout.offset)
      }
    }
    #expect(offsets.sorted() == Array(0..<order.layout.parameterCount))
  }

  @Test("after a cycle's last neuron comes the next cycle's first")
  func nextCycle() {
    #expect(order.next(after: cursors(cycle: 4).last!) == order.first(cycle: 5))
    #expect(order.first(cycle: 5) == SearchCursor(cycle: 5, layer: 1, neuron: 0))
  }

  @Test("neurons are ordered as they are visited, and so is the number of steps before them")
  func precedence() {
    let all = cursors(cycle: 0) + cursors(cycle: 1)
    for (place, cursor) in all.enumerated() {
      #expect(all.map { order.precedes($0, cursor) } == all.indices.map { $0 < place })
    }
    var steps = 0
    for cursor in cursors() {
      #expect(order.stepsInCycle(before: cursor) == steps)
      steps += order.unit(at: cursor).addresses.count
    }
    #expect(steps == order.layout.parameterCount)
  }

  @Test("only neurons of the network are contained")
  func containment() {
    #expect(cursors().allSatisfy(order.contains))
    for cursor in [
      SearchCursor(cycle: -1, layer: 0, neuron: 0), SearchCursor(cycle: 0, layer: 2, neuron: 0),
      SearchCursor(cycle: 0, layer: -1, neuron: 0), SearchCursor(cycle: 0, layer: 1, neuron: 3),
      SearchCursor(cycle: 0, layer: 0, neuron: 6), SearchCursor(cycle: 0, layer: 0, neuron: -1),
    ] { #expect(!order.contains(cursor)) }
  }

  @Test("a layer that is only a batch norm has units for beta and gamma alone")
  func loneBatchNorm() throws {
    let architecture = Architecture(
      name: "lone", input: SmallNetwork.shape, classes: 2,
      layers: [
        .batchNorm(name: "norm"), .flatten, .linear(name: "fc", outputs: 2, bias: false),
      ])
    let order = SearchOrder(try StageGraph(architecture).layout, options: SearchOptions())
    #expect(order.unitCount(layer: 0) == 2)
    let kinds = (0..<2).map {
      order.unit(at: SearchCursor(cycle: 0, layer: 0, neuron: $0)).addresses.map(\.kind)
    }
    #expect(kinds == [[.beta], [.gamma]])
  }
}

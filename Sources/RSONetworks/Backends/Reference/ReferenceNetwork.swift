import RSONumerics

/// An architecture with its parameters, evaluated as `LayerSpec` says.
struct ReferenceNetwork {
  /// Mean and biased variance of a batch norm's input, one value of each per channel.
  typealias Moments = (mean: [Double], variance: [Double])

  let architecture: Architecture
  let layout: ParameterLayout
  let parameters: [Float]
  /// Called with a layer's value after each operation that belongs to it; the last value is the
  /// layer's output.
  var observe: (_ layer: String, _ value: ReferenceActivation) -> Void = { _, _ in }

  /// The place that the evaluation has reached.
  struct Place {
    var value: ReferenceActivation
    /// The number of operations done.
    fileprivate(set) var done = 0
    /// The outputs of layers, and marks, that another operation reads, by name.
    fileprivate var named: [String: ReferenceActivation] = [:]
    /// The layer that a batch norm at this place would belong to.
    fileprivate var owner: WeightedLayer?
    fileprivate var ownerIsPooled = false
    fileprivate var ownerHasSkip = false
    /// The layer whose batch norm was the last operation.
    fileprivate var normed: String?
    fileprivate var unnamedNorms = 0
  }

  /// The logits of `input`.
  ///
  /// - Parameter moments: Returns the moments that normalise the input of a layer's batch norm; nil
  ///   ends the evaluation there, without a result.
  func evaluate(
    _ input: ReferenceActivation,
    moments: (_ layer: Int, _ value: ReferenceActivation) -> Moments?
  ) -> ReferenceActivation? {
    evaluate(from: beginning(input), moments: moments)?.value
  }

  /// The place before the first operation.
  func beginning(_ input: ReferenceActivation) -> Place {
    var place = Place(value: input)
    place.named[StageGraphBuilder.input] = input
    return place
  }

  /// Returns the place after the first `end` operations, by default after all of them.
  func evaluate(
    from beginning: Place, to end: Int? = nil,
    moments: (_ layer: Int, _ value: ReferenceActivation) -> Moments?
  ) -> Place? {
    var place = beginning
    let names = namesRead
    for operation in architecture.layers[place.done..<(end ?? architecture.layers.count)] {
      place.done += 1
      guard apply(operation, at: &place, names, moments) else { return nil }
      guard let owner = place.owner?.name ?? place.normed else { continue }
      observe(owner, place.value)
      if names.contains(owner) { place.named[owner] = place.value }
    }
    return place
  }

  /// The number of operations that come before every use of a layer's parameters.
  func operations(before layer: Int) -> Int {
    let names = Set(layout.layers[...layer].map(\.name))
    return architecture.layers.lastIndex {
      guard case .weighted(let layer) = $0 else { return false }
      return names.contains(layer.name)
    } ?? 0
  }

  /// - Returns: False if the evaluation ends.
  private func apply(
    _ operation: LayerSpec, at place: inout Place, _ names: Set<String>,
    _ moments: (_ layer: Int, _ value: ReferenceActivation) -> Moments?
  ) -> Bool {
    if case .channelwise(let operation) = operation, operation.isIdentity { return true }
    let normed = place.normed
    place.normed = nil
    switch operation {
    case .weighted(let layer):
      place.value = place.value.multiplied(
        by: tensor(.weight, of: layer.name), outputs: layer.outputs, layer.operation)
      addBias(of: layer.name, to: &place.value)
      (place.owner, place.ownerIsPooled, place.ownerHasSkip) = (layer, false, false)
    case .skip(let from, let projection):
      guard var added = place.named[from] else { return missing(from) }
      // A layer can still take in a skip, or the skip makes a value of its own.
      let isOpen = place.owner != nil && !place.ownerIsPooled && !place.ownerHasSkip
      if projection {
        let name = "\((isOpen ? place.owner?.name : normed) ?? "").projection"
        added = added.multiplied(
          by: tensor(.weight, of: name), outputs: place.value.shape.channels,
          .convolution(kernel: 1))
        guard normalize(&added, layer: name, moments: moments) else { return false }
        observe(name, added)
      }
      place.value.add(added)
      if isOpen { place.ownerHasSkip = true } else { place.owner = nil }
    case .batchNorm(let name):
      let layer = place.owner?.name ?? ownName(name, at: &place)
      guard normalize(&place.value, layer: layer, moments: moments) else { return false }
      (place.owner, place.normed) = (nil, layer)
    case .sampleNorm(let name, let groups):
      let layer = ownName(name, at: &place)
      place.value.normalizeSamples(groups: groups, epsilon: architecture.epsilon)
      place.value.transform(scale: tensor(.gamma, of: layer), shift: tensor(.beta, of: layer))
      (place.owner, place.normed) = (nil, layer)
    case .channelwise(let operation):
      place.value.apply(operation)
      if case .pool(let pooling) = operation, !place.ownerIsPooled,
        place.owner?.operation.canTakeIn(pooling) == true
      {
        place.ownerIsPooled = true
      } else {
        place.owner = nil
      }
    case .mark(let name):
      place.named[name] = place.value
      place.owner = nil
    case .branch(let from):
      guard let value = place.named[from] else { return missing(from) }
      (place.value, place.owner) = (value, nil)
    case .concatenate(let from):
      let parts = from.compactMap { place.named[$0] } + [place.value]
      place.value = parts.dropFirst().reduce(parts[0]) { $0.concatenated(with: $1) }
      place.owner = nil
    case .zeroChannels(let count):
      let zeros = ImageShape(channels: count, plane: place.value.shape.plane)
      place.value = place.value.concatenated(
        with: ReferenceActivation(count: place.value.count, shape: zeros))
      place.owner = nil
    case .flatten:
      place.owner = nil
    }
    return true
  }

  private func missing(_ name: String) -> Bool {
    preconditionFailure("a checked architecture has '\(name)' before what reads it")
  }

  /// The name of a norm that is a layer of its own.
  private func ownName(_ name: String?, at place: inout Place) -> String {
    place.unnamedNorms += name == nil ? 1 : 0
    return name ?? "norm\(place.unnamedNorms)"
  }

  private var namesRead: Set<String> {
    Set(
      architecture.layers.flatMap { operation -> [String] in
        switch operation {
        case .skip(let from, _), .branch(let from): [from]
        case .concatenate(let from): from
        default: []
        }
      })
  }

  private func normalize(
    _ value: inout ReferenceActivation, layer name: String,
    moments: (_ layer: Int, _ value: ReferenceActivation) -> Moments?
  ) -> Bool {
    guard let (mean, variance) = moments(index(of: name), value) else { return false }
    let gamma = tensor(.gamma, of: name)
    let beta = tensor(.beta, of: name)
    let scale = zip(gamma, variance).map { $0 / ($1 + architecture.epsilon).squareRoot() }
    let shift = zip(beta, zip(mean, scale)).map { $0 - $1.0 * $1.1 }
    value.transform(scale: scale, shift: shift)
    return true
  }

  private func addBias(of name: String, to value: inout ReferenceActivation) {
    let bias = tensor(.bias, of: name)
    guard !bias.isEmpty else { return }
    value.transform(scale: bias.map { _ in 1 }, shift: bias)
  }

  private func index(of name: String) -> Int {
    guard let index = layout.layers.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("a checked architecture has a layer '\(name)'")
    }
    return index
  }

  /// The elements of a layer's tensor; empty if the layer has none of this kind.
  private func tensor(_ kind: ParameterKind, of name: String) -> [Double] {
    layout.layers[index(of: name)].tensor(kind).map { parameters[$0.range].map(Double.init) } ?? []
  }
}

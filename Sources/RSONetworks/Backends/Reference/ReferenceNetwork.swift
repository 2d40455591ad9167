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

  /// The logits of `input`.
  ///
  /// - Parameter moments: Returns the moments that normalise the input of a layer's batch norm; nil
  ///   ends the evaluation there, without a result.
  func evaluate(
    _ input: ReferenceActivation,
    moments: (_ layer: Int, _ value: ReferenceActivation) -> Moments?
  ) -> ReferenceActivation? {
    /// The outputs of layers that a skip adds, by name.
    var outputs: [String: ReferenceActivation] = [:]
    /// The layer that a batch norm at this place would belong to.
    var owner: String?
    var ownerIsPooled = false
    var unnamedNorms = 0
    var value = input

    func remember() {
      if let owner { observe(owner, value) }
      if let owner, skipSources.contains(owner) { outputs[owner] = value }
    }

    for operation in architecture.layers {
      switch operation {
      case .weighted(let layer):
        value = value.multiplied(
          by: tensor(.weight, of: layer.name), outputs: layer.outputs, layer.operation)
        addBias(of: layer.name, to: &value)
        (owner, ownerIsPooled) = (layer.name, false)
      case .skip(let from, let projection):
        guard let owner, var added = outputs[from] else {
          preconditionFailure("a checked architecture has every skip's source before it")
        }
        if projection {
          let name = "\(owner).projection"
          added = added.multiplied(
            by: tensor(.weight, of: name), outputs: value.shape.channels,
            .convolution(kernel: 1))
          guard normalize(&added, layer: name, moments: moments) else { return nil }
          observe(name, added)
        }
        value.add(added)
      case .batchNorm(let name):
        if owner == nil {
          unnamedNorms += name == nil ? 1 : 0
          owner = name ?? "norm\(unnamedNorms)"
        }
        guard let layer = owner, normalize(&value, layer: layer, moments: moments) else {
          return nil
        }
        remember()
        owner = nil
      case .channelwise(let operation) where operation.isIdentity:
        continue
      case .channelwise(let operation):
        value.apply(operation)
        // A batch norm after one pool still belongs to the layer.
        if case .pool = operation, !ownerIsPooled { ownerIsPooled = true } else { owner = nil }
      case .flatten:
        owner = nil
      }
      remember()
    }
    return value
  }

  private var skipSources: Set<String> {
    Set(
      architecture.layers.compactMap { operation in
        if case .skip(let from, _) = operation { from } else { nil }
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

/// One parameter of a network, named by its layer, kind and output.
package struct WeightAddress: Sendable, Hashable {
  /// Index into `ParameterLayout.layers`.
  package var layer: Int
  package var kind: ParameterKind
  /// The output channel or unit that the parameter belongs to.
  package var output: Int
  /// Position among the output's weights, row-major (in, kh, kw); 0 for the other kinds.
  package var index: Int

  package init(layer: Int, kind: ParameterKind, output: Int, index: Int = 0) {
    self.layer = layer
    self.kind = kind
    self.output = output
    self.index = index
  }
}

extension ParameterLayout {
  /// Returns the index of `address` in the flat vector.
  package func offset(of address: WeightAddress) -> Int {
    let layer = layers[address.layer]
    guard let tensor = layer.tensor(address.kind) else {
      preconditionFailure("layer \(layer.name) has no \(address.kind.rawValue)")
    }
    let perOutput = tensor.count / layer.outputs
    return tensor.offset + address.output * perOutput + address.index
  }
}

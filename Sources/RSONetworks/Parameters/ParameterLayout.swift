/// The kinds of tensor that a layer may have.
package enum ParameterKind: String, Sendable, Hashable, Codable, CaseIterable {
  case weight, bias, gamma, beta
}

/// One tensor's place in the flat parameter vector.
package struct ParameterTensor: Sendable, Hashable {
  package var kind: ParameterKind
  /// (out, in, kh, kw) for a convolution, (out, in) for a linear layer, (out) otherwise; row-major.
  package var shape: [Int]
  /// First element in the flat vector.
  package var offset: Int

  package var count: Int { shape.reduce(1, *) }
  package var range: Range<Int> { offset..<(offset + count) }

  package init(kind: ParameterKind, shape: [Int], offset: Int) {
    self.kind = kind
    self.shape = shape
    self.offset = offset
  }
}

/// The tensors of one layer.
package struct ParameterLayer: Sendable, Hashable {
  /// A stable name for people: `conv1`, `conv5.projection`, `fc`.
  package var name: String
  /// Output channels or units.
  package var outputs: Int
  /// The layer's tensors, in the order weight, bias, gamma, beta.
  package var tensors: [ParameterTensor]
  /// The groups of channels that the layer's norm normalises, for each sample alone; nil without such a
  /// norm.
  package var normGroups: Int?
  /// The deviation of the first weights of a block of parameters; nil for a layer of a network.
  package var deviation: Double?

  /// True if the layer has a batch norm, and so a mean and a variance of each channel.
  package var hasStatistics: Bool { tensor(.gamma) != nil && normGroups == nil }

  package init(
    name: String, outputs: Int, tensors: [ParameterTensor], normGroups: Int? = nil,
    deviation: Double? = nil
  ) {
    self.name = name
    self.outputs = outputs
    self.tensors = tensors
    self.normGroups = normGroups
    self.deviation = deviation
  }

  package func tensor(_ kind: ParameterKind) -> ParameterTensor? {
    tensors.first { $0.kind == kind }
  }

  /// The weights of one output; 0 for a layer that is only a norm.
  package var fanIn: Int { tensor(.weight).map { $0.count / outputs } ?? 0 }

  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// The range of all the layer's parameters in the flat vector.
  package var range: Range<Int> {
    let start = tensors.first?.offset ?? 0
    return start..<(start + parameterCount)
  }
}

/// Names and places every tensor of a network in one flat vector of Float.
package struct ParameterLayout: Sendable, Hashable {
  /// In the order of evaluation, from the input to the labels.
  package var layers: [ParameterLayer]

  package init(layers: [ParameterLayer]) {
    self.layers = layers
  }

  package var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }
}

import RSONetworks

/// A plan's options as JSON. What is not there, as in a plan made before there was such an option, is
/// as usual; what is not known is refused, for a search that left it out would be another one.
extension SearchOptions: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case cycles, batchSize, batching, hold, proposal, granularity, order, layers, parallel,
      selection
    case loss, weights, sigmaScale, anneal, annealTo, annealCycles, weightDecay, phaseSamples
    case batchFactors, adapt, augment
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys {
      guard Key(rawValue: key.stringValue) != nil else {
        throw SearchError.unknownOption(key.stringValue)
      }
    }
    let container = try decoder.container(keyedBy: Key.self)
    func value<Value: Decodable>(_ key: Key, or usual: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    cycles = try value(.cycles, or: cycles)
    batchSize = try value(.batchSize, or: batchSize)
    batching = try value(.batching, or: batching)
    hold = try value(.hold, or: hold)
    proposal = try value(.proposal, or: proposal)
    granularity = try value(.granularity, or: granularity)
    order = try value(.order, or: order)
    layers = try value(.layers, or: layers)
    parallel = try value(.parallel, or: parallel)
    selection = try value(.selection, or: selection)
    loss = try value(.loss, or: loss)
    weights = try value(.weights, or: weights)
    sigmaScale = try value(.sigmaScale, or: sigmaScale)
    anneal = try value(.anneal, or: anneal)
    annealTo = try value(.annealTo, or: annealTo)
    annealCycles = try container.decodeIfPresent(Int.self, forKey: .annealCycles)
    weightDecay = try value(.weightDecay, or: weightDecay)
    phaseSamples = try container.decodeIfPresent(Int.self, forKey: .phaseSamples)
    batchFactors = try value(.batchFactors, or: batchFactors)
    adapt = try value(.adapt, or: adapt)
    augment = try value(.augment, or: augment)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(cycles, forKey: .cycles)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(batching, forKey: .batching)
    try container.encode(hold, forKey: .hold)
    try container.encode(proposal, forKey: .proposal)
    try container.encode(granularity, forKey: .granularity)
    try container.encode(order, forKey: .order)
    try container.encode(layers, forKey: .layers)
    try container.encode(parallel, forKey: .parallel)
    try container.encode(selection, forKey: .selection)
    if loss != .crossEntropy { try container.encode(loss, forKey: .loss) }
    if weights != .real { try container.encode(weights, forKey: .weights) }
    try container.encode(sigmaScale, forKey: .sigmaScale)
    try container.encode(anneal, forKey: .anneal)
    try container.encode(annealTo, forKey: .annealTo)
    try container.encodeIfPresent(annealCycles, forKey: .annealCycles)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encodeIfPresent(phaseSamples, forKey: .phaseSamples)
    if adapt != .none { try container.encode(adapt, forKey: .adapt) }
    if !augment.changesNothing { try container.encode(augment, forKey: .augment) }
    if batchFactors != BatchFactors() { try container.encode(batchFactors, forKey: .batchFactors) }
  }
}

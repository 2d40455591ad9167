import RSONumerics

/// The networks of the paper (RSO § 4.1 and § 4.4), in the order of operations of its program.
extension Architecture {
  package static let presetNames = [
    "mnist-6conv", "mnist-6conv-average", "cifar-depth3", "cifar-depth5", "cifar-depth10",
  ]

  /// *Throws:* `ArchitectureError.unknownPreset`.
  package static func preset(named name: String) throws(ArchitectureError) -> Architecture {
    switch name {
    case "mnist-6conv":
      mnist(name: name, pooling: .maximum)
    case "mnist-6conv-average":
      mnist(name: name, pooling: .average)
    case "cifar-depth3":
      cifar(name: name, filters: [32, 32], pooledAfter: [0])
    case "cifar-depth5":
      cifar(name: name, filters: [16, 16, 32, 32], pooledAfter: [1, 2])
    case "cifar-depth10":
      cifar(
        name: name, filters: [16, 16, 16, 32, 32, 32, 32, 32, 32], pooledAfter: [2, 4],
        skips: [2: 0, 4: 2, 6: 4, 8: 6])
    default:
      throw .unknownPreset(name, known: presetNames)
    }
  }

  private static func mnist(name: String, pooling: PoolingMode) -> Architecture {
    Architecture(
      name: name, input: ImageShape(channels: 1, height: 28, width: 28), classes: 10,
      layers: layers(
        filters: Array(repeating: 16, count: 6), pooledAfter: [1, 3], skips: [:], pooling: pooling))
  }

  private static func cifar(
    name: String, filters: [Int], pooledAfter: Set<Int>, skips: [Int: Int] = [:]
  ) -> Architecture {
    Architecture(
      name: name, input: ImageShape(channels: 3, height: 32, width: 32), classes: 10,
      layers: layers(
        filters: filters, pooledAfter: pooledAfter, skips: skips, pooling: .maximum))
  }

  /// For each number of filters: ReLU (not before the first) -> 3 x 3 convolution -> (+ skip) ->
  /// (pool) -> batch norm. Then a global pool and a linear layer for ten classes.
  ///
  /// - Parameters:
  ///   - pooledAfter: Convolutions, from 0, with a 2 x 2 average pool after them.
  ///   - skips: For a convolution, the one whose output is added. The skip is projected where the
  ///     number of filters differs.
  private static func layers(
    filters: [Int], pooledAfter: Set<Int>, skips: [Int: Int], pooling: PoolingMode
  ) -> [LayerSpec] {
    var layers: [LayerSpec] = []
    for (index, count) in filters.enumerated() {
      if index > 0 { layers.append(.relu) }
      layers.append(.convolution(name: "conv\(index + 1)", filters: count, kernel: 3, bias: false))
      if let source = skips[index] {
        layers.append(.skip(from: "conv\(source + 1)", projection: filters[source] != count))
      }
      if pooledAfter.contains(index) { layers.append(.averagePool) }
      layers.append(.batchNorm(name: nil))
    }
    return layers + [.globalPool(pooling), .linear(name: "fc", outputs: 10, bias: false)]
  }
}

import RSOTensorFiles

/// Keras's names and layouts of weights, in the form that PyTorch has for them.
enum KerasNames {
  /// Returns the entry as PyTorch has it: the name, and for kernels the order of dimensions. Other entries
  /// are returned as they are.
  ///
  /// - Parameter ranks: The numbers of dimensions of the entry's layer: `vars/0`, `vars/1` ...
  static func translated(_ entry: TensorEntry, ranks: [Int]) -> TensorEntry {
    var parts = NamePairing.parts(of: entry.name)
    // Older files number the variables of a graph: `kernel:0`.
    if let last = parts.last, let colon = last.lastIndex(of: ":"), last[colon...] == ":0" {
      parts[parts.count - 1] = String(last[..<colon])
    }
    guard let last = parts.popLast() else { return entry }
    var member = last
    if parts.last == "vars", let index = Int(last), let name = variable(index, ranks) {
      parts.removeLast()
      member = name
    }
    guard let name = words[member] else { return entry }
    var result = entry
    result.name = (parts + [name]).joined(separator: ".")
    if member == "depthwise_kernel", entry.shape.count == 4 { return depthwise(result) }
    if let order = order(member, rank: entry.shape.count) { result = permuted(result, order) }
    return result
  }

  private static let words = [
    "kernel": "weight", "depthwise_kernel": "weight", "pointwise_kernel": "weight",
    "embeddings": "weight", "gamma": "weight", "bias": "bias", "beta": "bias",
    "moving_mean": "running_mean", "moving_variance": "running_var",
  ]

  /// The name of a layer's variable of this number, by the ranks of all of them.
  private static func variable(_ index: Int, _ ranks: [Int]) -> String? {
    guard index < ranks.count else { return nil }
    if ranks[0] > 1 { return index == 0 ? "kernel" : index == 1 && ranks[1] == 1 ? "bias" : nil }
    guard ranks.allSatisfy({ $0 == 1 }), ranks.count == 2 || ranks.count == 4 else { return nil }
    return ["gamma", "beta", "moving_mean", "moving_variance"][index]
  }

  /// The dimensions of a kernel in PyTorch's order: outputs, inputs, then places.
  private static func order(_ member: String, rank: Int) -> [Int]? {
    switch (member, rank) {
    case ("kernel", 2...), ("pointwise_kernel", 2...):
      [rank - 1, rank - 2] + (0..<(rank - 2))
    default: nil
    }
  }

  /// Height, width, channel, multiplier: a filter of one input for each pair of the last two.
  private static func depthwise(_ entry: TensorEntry) -> TensorEntry {
    let (height, width) = (entry.shape[0], entry.shape[1])
    let (filters, overflow) = entry.shape[2].multipliedReportingOverflow(by: entry.shape[3])
    guard entry.storage != nil, entry.storage?.strides == nil, !overflow else { return entry }
    var merged = entry
    merged.shape = [height, width, 1, filters]
    return permuted(merged, [3, 2, 0, 1])
  }

  /// The entry with its dimensions in another order. The elements stay where they are.
  static func permuted(_ entry: TensorEntry, _ order: [Int]) -> TensorEntry {
    guard var storage = entry.storage, entry.type.element != nil else { return entry }
    let strides = storage.strides ?? rowMajor(entry.shape)
    var result = entry
    result.shape = order.map { entry.shape[$0] }
    storage.strides = order.map { strides[$0] }
    result.content = .stored(storage)
    return result
  }

  private static func rowMajor(_ shape: [Int]) -> [Int] {
    var stride = 1
    return shape.reversed().map { extent in
      defer { stride = stride.multipliedReportingOverflow(by: extent).partialValue }
      return stride
    }.reversed()
  }
}

import RSONumerics
import RSOSystem

/// The spread of numbers to predict, relative to each other.
///
/// The loss of several numbers adds them in their own units, so that those of small deviations hardly count.
enum TargetSpread {
  /// The ratio of two deviations that is too large to pass over.
  private static let notable = 5.0

  /// A remark about numbers whose deviations differ much; nil if there are none.
  ///
  /// - Parameter names: The name of each number; empty if they have none.
  static func remark(_ targets: Targets, names: [String]) -> String? {
    guard case .numbers(let numbers, let count) = targets, count > 1 else { return nil }
    let deviations = (0..<count).map { (index: $0, size: deviation(of: $0, numbers, count)) }
      .filter { $0.size > 0 }
    guard let least = deviations.min(by: { $0.size < $1.size }),
      let most = deviations.max(by: { $0.size < $1.size }), most.size > notable * least.size
    else { return nil }
    func name(_ index: Int) -> String {
      quoted(names.indices.contains(index) ? names[index] : "\(index)")
    }
    let ratio = min(most.size / least.size, 1e15).rounded()
    return
      "the deviation of number \(name(most.index)) is \(Int(ratio)) times that of \(name(least.index)), and the "
      + "loss adds both in their own units, so that the smaller one hardly counts; divide each by its deviation, or "
      + "train a network for each"
  }

  private static func deviation(of output: Int, _ numbers: [Float], _ count: Int) -> Double {
    let values = stride(from: output, to: numbers.count, by: count).map { Double(numbers[$0]) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count)).squareRoot()
  }
}

import RSONetworks

/// A matrix of parameters of a function that a program computes.
///
/// A search takes the rows one after the other, and the parameters of a row from left to right. It can stop, and a
/// checkpoint can stand, between two rows.
public struct ParameterBlock: Sendable, Hashable {
  let block: RSONetworks.ParameterBlock

  /// - Parameters:
  ///   - name: Letters, digits, `-` and `_`.
  ///   - rows: The number of rows.
  ///   - columns: The number of parameters of a row.
  ///   - deviation: The standard deviation of the first values, whose mean is 0, and of the first changes: about
  ///     as far as the answer may be away.
  public init(_ name: String, rows: Int = 1, columns: Int, deviation: Double) {
    block = RSONetworks.ParameterBlock(
      name: name, outputs: rows, inputs: columns, deviation: deviation)
  }
}

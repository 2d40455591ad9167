/// A function of parameters that a program computes, such as the cost of a simulation: the black box whose least
/// value a search looks for.
///
/// The search calls it on one thread at a time, with the parameters of one candidate after the other. A run is
/// resumed to the same bits if the function gives the same number for the same parameters and cases.
public protocol Evaluator: AnyObject {
  /// The value of the function: the lower, the better. A value that is not finite is worse than any other.
  ///
  /// - Parameters:
  ///   - parameters: All parameters, block by block and row by row.
  ///   - cases: The numbers of the cases that count now, each from 0 to below the plan's number of cases. The
  ///     candidates of a step are compared on the same cases.
  ///
  /// - Throws: An error that ends the search. What was reached before remains.
  func loss(of parameters: [Float], on cases: [Int]) throws -> Double
}

/// An evaluator that is a closure.
final class ClosureEvaluator: Evaluator {
  private let body: (_ parameters: [Float], _ cases: [Int]) throws -> Double

  init(_ body: @escaping (_ parameters: [Float], _ cases: [Int]) throws -> Double) {
    self.body = body
  }

  func loss(of parameters: [Float], on cases: [Int]) throws -> Double {
    try body(parameters, cases)
  }
}

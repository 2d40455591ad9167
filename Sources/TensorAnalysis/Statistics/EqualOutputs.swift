/// The outputs of a tensor whose weights are all equal.
package struct EqualOutputs: Sendable, Equatable {
  /// The most outputs that are listed.
  static let listed = 100

  /// The number of outputs whose weights are all zero.
  package private(set) var dead = 0
  /// The number of outputs whose weights are the same finite number, not zero.
  package private(set) var constant = 0
  /// The first indices of both kinds.
  package private(set) var outputs: [Int] = []

  package init() {}

  package var count: Int { dead + constant }

  mutating func addDead(_ output: Int) {
    dead += 1
    list([output])
  }

  mutating func addConstant(_ output: Int) {
    constant += 1
    list([output])
  }

  mutating func add(_ other: EqualOutputs) {
    dead += other.dead
    constant += other.constant
    list(other.outputs)
  }

  private mutating func list(_ more: [Int]) {
    outputs = Array((outputs + more).sorted().prefix(Self.listed))
  }
}

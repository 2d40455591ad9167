import RSOCheckpoints
import RSONetworks
import RSOSearch

/// The relation of two checkpoints.
package enum RunRelation: Sendable, Equatable {
  /// They continue with the same bits.
  case identical
  /// The later one is the earlier one after more cycles and steps, as far as their histories show.
  case descendant(isSecondLater: Bool, cycles: Int, steps: Int)
  /// The same parameters under another plan.
  case sameParameters
  /// They have the same plan, position and history, but other parameters. A run cannot have both.
  case edited
  /// They have the same beginning and differ from this cycle on. The first cycle is 1.
  case diverged(cycle: Int, hasOtherOptions: Bool)
  case unrelated(hasOtherNetwork: Bool, hasOtherSeed: Bool, hasOtherWeights: Bool)

  package init(_ first: SealedCheckpoint, _ second: SealedCheckpoint) throws {
    let (a, b) = (first.checkpoint, second.checkpoint)
    if first.stateSHA256 == second.stateSHA256 {
      self = .identical
      return
    }
    let order = try SearchOrder(a.plan)
    let hasOtherNetwork =
      a.plan.architecture.layers != b.plan.architecture.layers
      || a.plan.architecture.input != b.plan.architecture.input
    let areSame = a.state.parameters == b.state.parameters && !hasOtherNetwork
    let firstOther = zip(a.history, b.history).first { !$0.agrees(with: $1) }?.0.cycle
    let common = min(a.history.count, b.history.count)
    if a.plan.isOfSameRun(as: b.plan) {
      if let firstOther {
        self = .diverged(cycle: firstOther, hasOtherOptions: false)
      } else if a.state.cursor == b.state.cursor {
        self =
          areSame
          ? .sameParameters
          : a.isCycleEnd ? .edited : .diverged(cycle: common + 1, hasOtherOptions: false)
      } else {
        let isSecondLater = order.precedes(a.state.cursor, b.state.cursor)
        let (early, late) = isSecondLater ? (a, b) : (b, a)
        let perCycle = order.layout.parameterCount
        let steps =
          (late.state.cursor.cycle - early.state.cursor.cycle) * perCycle
          + order.stepsInCycle(before: late.state.cursor)
          - order.stepsInCycle(before: early.state.cursor)
        self = .descendant(
          isSecondLater: isSecondLater, cycles: steps / perCycle, steps: steps % perCycle)
      }
    } else if areSame {
      self = .sameParameters
    } else {
      let hasOtherSeed = a.plan.seed != b.plan.seed
      let hasOtherWeights =
        a.plan.initialParameters?.sha256 != b.plan.initialParameters?.sha256
      if hasOtherNetwork || hasOtherSeed || hasOtherWeights {
        self = .unrelated(
          hasOtherNetwork: hasOtherNetwork, hasOtherSeed: hasOtherSeed,
          hasOtherWeights: hasOtherWeights)
      } else {
        self = .diverged(cycle: firstOther ?? common + 1, hasOtherOptions: true)
      }
    }
  }
}

extension CycleRecord {
  /// Returns true if the records are equal except for the time.
  fileprivate func agrees(with other: CycleRecord) -> Bool {
    var other = other
    other.seconds = seconds
    return isIdentical(to: other)
  }
}

import RSOCheckpoints
import RSONetworks
import RSORanks
import RSOSearch

/// The checks by which ranks compute one and the same run: all begin with the same plan and state, have the
/// same parameters after each neuron, and stop at the same neuron.
struct RankAgreement {
  let groups: RankGroups

  var ranks: any Ranks { groups.all }

  /// Compares the version, numeric path, data, plan and state of all ranks before the first step.
  ///
  /// *Throws:* `RunError.ranksDiffer`, on every rank.
  func begin(_ checkpoint: Checkpoint) throws {
    guard ranks.count > 1 else { return }
    let plan = checkpoint.plan
    let parts = [
      ("version of rso", Self.digest(checkpoint.provenance.version.utf8)),
      ("numeric path", Self.digest(plan.numericPath.utf8)),
      ("data", Self.digest((plan.data.trainingSHA256 + plan.data.testSHA256).utf8)),
      ("seed", plan.seed),
      ("number of groups (--rank-groups)", UInt64(groups.count)),
      (
        "plan or state",
        Self.digest(try StateDigest.sha256(plan: plan, state: checkpoint.state).utf8)
      ),
    ]
    for (name, own) in parts {
      let all = ranks.values(of: own)
      if let rank = all.firstIndex(where: { $0 != all[0] }) {
        throw RunError.ranksDiffer(rank: rank, part: name)
      }
    }
  }

  /// A rank's message to the others after a neuron.
  private struct Boundary: BitwiseCopyable {
    /// The signal that asks this rank to stop; 0 if none does.
    var signal: Int32
    var parameters: UInt64
  }

  /// Returns the signal for which all ranks stop after this neuron; nil if they go on. A single rank gets
  /// nil: it can stop inside a neuron.
  ///
  /// *Throws:* `RunError.ranksDiffer`, on every rank, if they no longer have the same parameters.
  func settle(signal: Int32?, parameters: [Float]) throws(RunError) -> Int32? {
    guard ranks.count > 1 else { return nil }
    let all = ranks.values(
      of: Boundary(
        signal: signal ?? 0, parameters: Self.digest(parameters.lazy.map(\.bitPattern))))
    if let rank = all.firstIndex(where: { $0.parameters != all[0].parameters }) {
      throw .ranksDiffer(rank: rank, part: "parameters")
    }
    return all.first { $0.signal != 0 }?.signal
  }

  /// A 64-bit digest. It differs if one element differs, and with high probability if several do.
  private static func digest(_ elements: some Sequence<some FixedWidthInteger>) -> UInt64 {
    var digest: UInt64 = 0x9E37_79B9_7F4A_7C15
    for element in elements {
      digest = (digest ^ UInt64(truncatingIfNeeded: element)) &* 0xD6E8_FEB8_6659_FD93
      digest ^= digest >> 32
    }
    return digest
  }
}

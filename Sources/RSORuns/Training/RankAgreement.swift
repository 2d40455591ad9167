import RSOCheckpoints
import RSONetworks
import RSORanks
import RSOSearch

/// What the ranks of a run make sure of between two neurons: that all of them compute the same run, have
/// the same parameters, and stop at the same place.
struct RankAgreement {
  let ranks: any Ranks

  /// Compares what the ranks begin with.
  ///
  /// *Throws:* `RunError.ranksDiffer`, on every rank.
  func begin(_ checkpoint: Checkpoint) throws {
    guard ranks.count > 1 else { return }
    let plan = checkpoint.plan
    let own = SIMD8<UInt64>(
      Self.digest(checkpoint.provenance.version.utf8), Self.digest(plan.numericPath.utf8),
      Self.digest((plan.data.trainingSHA256 + plan.data.testSHA256).utf8),
      plan.seed, Self.digest(try StateDigest.sha256(plan: plan, state: checkpoint.state).utf8),
      0, 0, 0)
    let all = ranks.values(of: own)
    let names = ["version of rso", "numeric path", "data", "seed", "plan or state"]
    for (part, name) in names.enumerated() {
      for (rank, other) in all.enumerated() where other[part] != all[0][part] {
        throw RunError.ranksDiffer(rank: rank, part: name)
      }
    }
  }

  /// What a rank tells the others at the boundary between two neurons.
  private struct Boundary: BitwiseCopyable {
    /// The signal that asks this rank to stop; 0 if none does.
    var signal: Int32
    var parameters: UInt64
  }

  /// Returns the signal for which all ranks stop here; nil if none does, and for a single rank, which
  /// stops by itself.
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

  /// A number that differs if a single element does, and most probably if several do.
  private static func digest(_ elements: some Sequence<some FixedWidthInteger>) -> UInt64 {
    var digest: UInt64 = 0x9E37_79B9_7F4A_7C15
    for element in elements {
      digest = (digest ^ UInt64(truncatingIfNeeded: element)) &* 0xD6E8_FEB8_6659_FD93
      digest ^= digest >> 32
    }
    return digest
  }
}

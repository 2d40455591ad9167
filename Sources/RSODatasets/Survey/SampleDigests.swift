import RSOSystem

/// The SHA-256 of each sample of a set, without its targets; of each digest the first 128 bits.
struct SampleDigests {
  struct Digest: Hashable, Sendable {
    var high: UInt64
    var low: UInt64
  }

  let digests: [Digest]

  /// *Complexity:* O(elements), on all processors.
  init(_ set: SampleSet) {
    let block = max(1, (1 << 20) / max(1, set.shape.count))
    let blocks = (set.count + block - 1) / block
    let parts = ParallelWork.results(
      blocks,
      of: { index in
        let samples = (index * block)..<min(set.count, (index + 1) * block)
        return samples.map { Self.digest(set, $0) }
      })
    digests = Array(parts.joined())
  }

  private static func digest(_ set: SampleSet, _ index: Int) -> Digest {
    let size = set.shape.count
    var digest = SHA256()
    switch set.samples {
    case .bytes(let bytes): digest.update(bytes[(index * size)..<((index + 1) * size)])
    case .floats(let floats):
      floats.withUnsafeBytes { buffer in
        digest.update(
          UnsafeRawBufferPointer(rebasing: buffer[(index * size * 4)..<((index + 1) * size * 4)]))
      }
    }
    let bytes = digest.finalize()
    func word(_ start: Int) -> UInt64 {
      bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return Digest(high: word(0), low: word(8))
  }
}

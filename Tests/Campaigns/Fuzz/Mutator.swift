/// Changes inputs at random, by a seed; for builds without libFuzzer.
struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// splitmix64
  private mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ word >> 31) % UInt64(bound))
  }

  mutating func mutation(of corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus[next(below: corpus.count)]
    for _ in 0...next(below: 4) { change(&bytes, corpus) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    guard !bytes.isEmpty else {
      bytes = corpus[next(below: corpus.count)]
      return
    }
    let place = next(below: bytes.count)
    switch next(below: 8) {
    case 0: bytes[place] ^= 1 << UInt8(next(below: 8))
    case 1: bytes[place] = UInt8(next(below: 256))
    case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x5B, 0x7B][next(below: 8)]
    case 3:
      let width = min([2, 4, 8][next(below: 3)], bytes.count - place)
      for index in place..<place + width { bytes[index] = [0, 0xFF][place % 2] }
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + next(below: 32)))
    case 5: bytes.removeSubrange(place...)
    case 6:
      let from = next(below: bytes.count)
      bytes.insert(
        contentsOf: Array(bytes[from..<min(bytes.count, from + 1 + next(below: 64))]), at: place)
    default:
      let other = corpus[next(below: corpus.count)]
      bytes.replaceSubrange(place..., with: other.dropFirst(min(place, other.count)))
    }
  }
}

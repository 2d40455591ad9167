import RSOCheckpoints

/// What may happen to a file's bytes.
enum Damage: String, CaseIterable {
  case flippedBit = "flipped-bit"
  case truncated
  case appended
  case swappedBlocks = "swapped-blocks"
  case zeroedBlock = "zeroed-block"

  private static let block = 512

  /// Calls `body` with the bytes in each damaged form, and returns how many there were. What would
  /// leave the bytes as they are, as zeroing a block of zeros does, is no damage, and left out.
  func forEach(of bytes: [UInt8], stride step: Int, _ body: ([UInt8]) -> Void) -> Int {
    var damaged = bytes
    var trials = 0
    func attempt() {
      guard damaged != bytes else { return }
      trials += 1
      body(damaged)
    }
    switch self {
    case .flippedBit:
      let bits =
        Array(0..<UserBlock.size * 8)
        + stride(from: UserBlock.size * 8, to: bytes.count * 8, by: step)
      for bit in bits {
        damaged[bit / 8] ^= 1 << (bit % 8)
        attempt()
        damaged[bit / 8] ^= 1 << (bit % 8)
      }
    case .truncated:
      for length in stride(from: 0, to: bytes.count, by: step) {
        damaged = Array(bytes[..<length])
        attempt()
      }
    case .appended:
      for count in [1, 2, 7, 8, 511, 512, 513, 4096, bytes.count] {
        for filling in [0, 0xFF, bytes[0]] {
          damaged = bytes + [UInt8](repeating: filling, count: count)
          attempt()
        }
      }
      damaged = bytes + bytes
      attempt()
    case .swappedBlocks:
      let blocks = (bytes.count + Self.block - 1) / Self.block
      for pair in stride(from: 0, to: blocks * blocks, by: step) where pair / blocks < pair % blocks
      {
        swap(pair / blocks, pair % blocks, of: bytes, in: &damaged)
        attempt()
        damaged = bytes
      }
    case .zeroedBlock:
      for start in stride(from: 0, to: bytes.count, by: Self.block) {
        for index in start..<min(start + Self.block, bytes.count) { damaged[index] = 0 }
        attempt()
        damaged = bytes
      }
    }
    return trials
  }

  private func swap(_ first: Int, _ second: Int, of bytes: [UInt8], in damaged: inout [UInt8]) {
    let size = min(Self.block, bytes.count - second * Self.block)
    for index in 0..<size {
      damaged[first * Self.block + index] = bytes[second * Self.block + index]
      damaged[second * Self.block + index] = bytes[first * Self.block + index]
    }
  }
}

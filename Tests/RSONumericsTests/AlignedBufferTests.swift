import Foundation
import RSONumerics
import Testing

@Suite struct AlignedBufferTests {
  @Test(
    "storage is zero, aligned and writable to its end", arguments: [0, 1, 7, 100_000, 3_000_000])
  func storage(count: Int) {
    let buffer = AlignedBuffer<Float>(count: count)
    let address = Int(bitPattern: buffer.pointer)
    let large = count * 4 >= 2 << 20
    #expect(address % (large ? 2 << 20 : 64) == 0)
    #expect(buffer.count == count)
    #expect(buffer.elements.allSatisfy { $0 == 0 })
    for index in 0..<count { buffer[index] = Float(index) }
    #expect(buffer.elements.enumerated().allSatisfy { $1 == Float($0) })
  }

  @Test("a gigabyte takes memory only where it is written, and is given back whole")
  func lazyMemory() throws {
    let before = try memory()
    for round in 0..<100 {
      let buffer = AlignedBuffer<Double>(count: 1 << 27)
      buffer[round << 17] = 1
      buffer[buffer.count - 1] = 2
      #expect(buffer[0] + buffer[round << 17] >= 1)
      #expect(try memory().resident - before.resident < 512 << 20)
    }
    #expect(try memory().mapped - before.mapped < 10 << 30)
  }

  /// Bytes mapped by this process, and bytes of them in memory (Linux, proc(5)).
  private func memory() throws -> (mapped: Int, resident: Int) {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text.split(separator: " ").compactMap { Int($0) }
    return try (#require(pages.first) * 4096, #require(pages.dropFirst().first) * 4096)
  }
}

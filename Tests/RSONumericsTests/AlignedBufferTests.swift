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

  @Test("a gigabyte takes memory only where it is written")
  func lazyMemory() {
    let buffer = AlignedBuffer<Double>(count: 1 << 27)
    buffer[0] = 1
    buffer[buffer.count - 1] = 2
    let page = Int(getpagesize())
    var isResident = [UInt8](repeating: 0, count: (1 << 30) / page)
    #expect(mincore(buffer.pointer, 1 << 30, &isResident) == 0)
    let resident = isResident.reduce(0) { $0 + Int($1 & 1) } * page
    // Two pages, or two huge ones.
    #expect(resident >= 2 * page && resident <= 4 << 20, "\(resident)")
  }

  @Test("memory is given back")
  func givenBack() throws {
    let before = try mapped()
    for round in 0..<100 {
      let buffer = AlignedBuffer<UInt8>(count: 1 << 30)
      buffer[round] = 1
      #expect(buffer[round] == 1)
    }
    // Of a hundred gigabytes; tests that run at the same time take far less.
    #expect(try mapped() - before < 50 << 30)
  }

  /// Bytes mapped by this process (Linux, proc(5)).
  private func mapped() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return try #require(text.split(separator: " ").first.flatMap { Int($0) }) * Int(getpagesize())
  }
}

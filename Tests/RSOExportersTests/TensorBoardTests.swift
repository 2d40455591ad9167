import RSOExporters
import TestSupport
import Testing

/// The bytes were written by TensorBoard 2.21's own messages and `RecordWriter`.
@Suite("Events of TensorBoard")
struct TensorBoardTests {
  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("a record has its length, the bytes, and masked checksums of both")
  func version() {
    let event = TensorBoardEvent(time: 1.5, step: 0, .fileVersion)
    #expect(
      hexadecimal(event.record)
        == "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c")
  }

  @Test("a session starts at a step")
  func sessionStart() {
    let event = TensorBoardEvent(time: 1.5, step: 300, .sessionStart)
    #expect(
      hexadecimal(event.record)
        == "100000000000000095fbfe1809000000000000f83f10ac023a020801713b788a")
  }

  static let values: [TensorBoardValue] = [
    TensorBoardValue("a/b", .scalar(0.25), description: "d"),
    TensorBoardValue("h", .histogram([.init(lower: -1, upper: 1, count: 7)])),
    TensorBoardValue("i", .image(width: 2, height: 1, png: [0x89, 0x50])),
    .beginning([.init("x", .number(0)), .init("y", .text("no"))], time: 1),
    .end(time: 9),
  ]

  @Test("scalars, histograms, pictures and settings are TensorBoard's messages")
  func everyKind() {
    let event = TensorBoardEvent(time: 2.5, step: 3, .values(Self.values))
    #expect(
      hexadecimal(event.record) == """
        3c01000000000000ce07338c09000000000000044010032aae020a230a03612f62420a0801120022040000803e\
        4a100a090a077363616c6172731a016420010a3d0a016842260802120812020801120208032218000000000000\
        f0bf000000000000f03f0000000000001c404a100a0c0a0a686973746f6772616d7320020a250a016942120807\
        120412020803420132420131420289504a0c0a080a06696d6167657320030a5d0a1c5f68706172616d735f2f73\
        657373696f6e5f73746172745f696e666f42060801120212004a350a310a0768706172616d7312261a240a0e0a\
        017812091100000000000000000a090a017912041a026e6f29000000000000f03f20020a420a1a5f6870617261\
        6d735f2f73657373696f6e5f656e645f696e666f42060801120212004a1c0a180a0768706172616d73120d220b\
        0801110000000000002240200243470fa1
        """)
  }

  // MARK: Reading

  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func event(_ step: Int) -> [UInt8] {
    TensorBoardEvent(time: 1, step: step, .values(Self.values)).record
  }

  private func steps(_ files: [UInt8]...) throws -> TensorBoardSteps {
    var steps = TensorBoardSteps()
    for (index, bytes) in files.enumerated() {
      try steps.add(directory.write(bytes, to: "\(index)").path)
    }
    return steps
  }

  private func restart(_ step: Int) -> [UInt8] {
    TensorBoardEvent(time: 1, step: step, .fileVersion).record
      + TensorBoardEvent(time: 1, step: step, .sessionStart).record
  }

  @Test("the steps of files are known, and those after a restart are forgotten")
  func known() throws {
    let first = event(0) + event(1) + event(2) + event(3)
    var steps = try steps(first)
    #expect(steps.next == 4 && steps.reaches(3) && !steps.reaches(4))
    steps = try self.steps(first, restart(2) + event(2))
    #expect(steps.next == 3 && !steps.reaches(3))
    steps = try self.steps(event(0) + event(2))
    #expect(steps.next == 1 && steps.reaches(2))
    #expect(try self.steps([]).next == 0)
  }

  @Test("a file ends for readers before its first damaged record")
  func damaged() throws {
    let whole = event(0) + event(1)
    for count in event(0).count..<whole.count {
      #expect(try steps(Array(whole.prefix(count))).next == 1)
    }
    for place in 0..<event(0).count {
      var bytes = whole
      bytes[place] ^= 0x40
      #expect(try steps(bytes).next == 0, "\(place)")
    }
  }

  @Test("a length beyond the file, and a record that is no message, are no steps")
  func hostile() throws {
    // Lengths with the right checksum: TensorBoard's own record, with its data cut off.
    let long = Array(event(7).prefix(12))
    #expect(try steps(long + event(0)).next == 0)
    var noise = event(0)
    noise.replaceSubrange(12..<16, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try steps(noise).next == 0)
  }
}

import Foundation
import RSOSearch
import Testing

@Suite("BatchSchedule")
struct BatchScheduleTests {
  @Test("each size holds for its cycles, and the last for all that follow")
  func sizes() throws {
    let schedule = try #require(BatchSchedule("250:3,1000:2,5000"))
    #expect((0..<7).map(schedule.size) == [250, 250, 250, 1000, 1000, 5000, 5000])
    #expect(schedule.sizes == [250, 1000, 5000])
    #expect(schedule.largest == 5000)
    #expect((0..<3).map(BatchSchedule(40).size) == [40, 40, 40])
  }

  @Test(
    "cut to some cycles, it has nothing of those that follow",
    arguments: [
      (1, "250"), (3, "250"), (4, "250:3,1000"), (5, "250:3,1000"), (6, "250:3,1000:2,5000"),
      (99, "250:3,1000:2,5000"),
    ])
  func within(cycles: Int, cut: String) throws {
    let schedule = try #require(BatchSchedule("250:3,1000:2,5000"))
    #expect(schedule.within(cycles: cycles).description == cut)
    #expect(
      (0..<cycles).map(schedule.within(cycles: cycles).size) == (0..<cycles).map(schedule.size))
  }

  @Test("text and JSON go both ways", arguments: ["125", "250:3,1000:3,5000", "5000:1,2"])
  func forms(text: String) throws {
    let schedule = try #require(BatchSchedule(text))
    #expect(schedule.description == text)
    let json = try JSONEncoder().encode([schedule])
    #expect(
      String(decoding: json, as: UTF8.self) == (text.contains(":") ? "[\"\(text)\"]" : "[\(text)]"))
    #expect(try JSONDecoder().decode([BatchSchedule].self, from: json) == [schedule])
  }

  @Test(
    "what is no schedule is refused",
    arguments: ["", "x", "250:3", "250,500", "250:3,", ",250", "250:,5", ":3,5", "1:2:3,5", "2.5"])
  func refused(text: String) {
    #expect(BatchSchedule(text) == nil)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode([BatchSchedule].self, from: Data("[\"\(text)\"]".utf8))
    }
  }
}

/// The difference between the texts of two tensors.
package struct TextComparison: Sendable, Equatable {
  package var count = 0
  package var changed = 0
  /// The index of the first text that differs, and both texts, shortened.
  package var firstChange: (index: Int, first: String, second: String)? {
    index.map { ($0, one, other) }
  }
  private var index: Int?
  private var one = ""
  private var other = ""

  package init() {}

  mutating func add(_ first: [UInt8], _ second: [UInt8]) {
    if first != second {
      if changed == 0 {
        index = count
        (one, other) = (Self.shown(first), Self.shown(second))
      }
      changed += 1
    }
    count += 1
  }

  private static func shown(_ text: [UInt8]) -> String {
    String(decoding: text.prefix(200), as: UTF8.self) + (text.count > 200 ? " ..." : "")
  }
}

import RSOSystem

/// The steps that files of TensorBoard hold.
package struct TensorBoardSteps: Sendable, Equatable {
  private var steps: Set<Int> = []

  package init() {}

  /// The first step without values.
  package var next: Int {
    var next = 0
    while steps.contains(next) { next += 1 }
    return next
  }

  /// True if a step at or after this one has values.
  package func reaches(_ step: Int) -> Bool { steps.contains { $0 >= step } }

  /// Adds the steps in a file. Files are added in the order of their names. As TensorBoard does, this ignores
  /// everything from the first damaged record on, such as one that was not written to its end.
  ///
  /// *Throws:* `FileReadError`.
  package mutating func add(_ path: String) throws(FileReadError) {
    let file = try InputFile(path)
    var place = 0
    while let (data, end) = try TensorBoardRecord.read(file, at: place) {
      place = end
      guard let event = Event(data) else { continue }
      if event.startsSession { steps = steps.filter { $0 < event.step } }
      if event.hasValues { steps.insert(event.step) }
    }
  }

  /// The parts of an event that are read.
  private struct Event {
    var step = 0
    var startsSession = false
    var hasValues = false

    /// Returns nil for bytes that are no message.
    init?(_ data: [UInt8]) {
      var rest = data[...]
      while !rest.isEmpty {
        guard let key = Self.varint(&rest) else { return nil }
        let field = key >> 3
        switch key & 7 {
        case 0:
          guard let value = Self.varint(&rest) else { return nil }
          // Steps are never negative.
          if field == TensorBoardEvent.Field.step { step = Int(truncatingIfNeeded: value) }
        case 1: rest = rest.dropFirst(8)
        case 2:
          guard let size = Self.varint(&rest), size <= rest.count else { return nil }
          hasValues = hasValues || field == TensorBoardEvent.Field.values
          startsSession = startsSession || field == TensorBoardEvent.Field.session
          rest = rest.dropFirst(Int(size))
        case 5: rest = rest.dropFirst(4)
        default: return nil
        }
      }
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      return nil
    }
  }
}

import RSOSystem

/// The steps that files of TensorBoard hold.
package struct TensorBoardSteps: Sendable, Equatable {
  private var steps: Set<Int> = []
  /// The first value at step 0, as the first file has it: the settings of the run, which readers keep whatever later
  /// files say.
  package private(set) var settings: [UInt8]?

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
      if settings == nil, event.step == 0 { settings = event.firstValue }
      if event.startsSession { steps = steps.filter { $0 < event.step } }
      if event.hasValues { steps.insert(event.step) }
    }
  }

  /// Returns the first value of an event, as a file has it.
  package static func firstValue(of event: TensorBoardEvent) -> [UInt8]? {
    var writer = ProtocolBufferWriter()
    event.write(to: &writer)
    return Event(writer.bytes)?.firstValue
  }

  /// The parts of an event that are read.
  private struct Event {
    var step = 0
    var startsSession = false
    var hasValues = false
    var firstValue: [UInt8]?

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
          if field == TensorBoardEvent.Field.values, !hasValues {
            hasValues = true
            firstValue = Self.firstValue(rest.prefix(Int(size)))
          }
          startsSession = startsSession || field == TensorBoardEvent.Field.session
          rest = rest.dropFirst(Int(size))
        case 5: rest = rest.dropFirst(4)
        default: return nil
        }
      }
    }

    /// The first value of a summary.
    private static func firstValue(_ summary: ArraySlice<UInt8>) -> [UInt8]? {
      var rest = summary
      guard let key = varint(&rest), key == 1 << 3 | 2, let size = varint(&rest), size <= rest.count
      else { return nil }
      return Array(rest.prefix(Int(size)))
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

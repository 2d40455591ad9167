/// An event of TensorBoard: the values of a run at one step.
///
/// *Source:* https://github.com/tensorflow/tensorboard, `tensorboard/compat/proto`: the names and numbers of
/// the fields of `Event`, `SessionLog` and `Summary`.
package struct TensorBoardEvent: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// The first event of each file.
    case fileVersion
    /// Readers forget what earlier files have at this step and at later ones, except for the first such event of
    /// a run. So every file has one.
    case sessionStart
    case values([TensorBoardValue])
  }

  /// The version of the format that the first event of a file states.
  private static let fileVersion = "brain.Event:2"

  /// Seconds since 1970.
  package var time: Double
  package var step: Int
  package var content: Content

  package init(time: Double, step: Int, _ content: Content) {
    (self.time, self.step, self.content) = (time, step, content)
  }

  /// The event as it stands in a file.
  package var record: [UInt8] {
    var writer = ProtocolBufferWriter()
    write(to: &writer)
    return TensorBoardRecord.framed(writer.bytes)
  }
}

extension TensorBoardEvent: ProtocolBufferMessage {
  /// Numbers of fields that are also read.
  enum Field {
    static let step = 2
    static let values = 5
    static let session = 7
  }

  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(time, to: 1)
    writer.write(Int64(step), to: Field.step)
    switch content {
    case .fileVersion: writer.write(Self.fileVersion, to: 3)
    case .values(let values): writer.write(Summary(values: values), to: Field.values)
    case .sessionStart: writer.write(SessionStart(), to: Field.session)
    }
  }

  private struct Summary: ProtocolBufferMessage {
    var values: [TensorBoardValue]

    func write(to writer: inout ProtocolBufferWriter) { writer.write(values, to: 1) }
  }

  /// `SessionLog` with the status `START`.
  private struct SessionStart: ProtocolBufferMessage {
    private static let start: Int64 = 1

    func write(to writer: inout ProtocolBufferWriter) { writer.write(Self.start, to: 1) }
  }
}

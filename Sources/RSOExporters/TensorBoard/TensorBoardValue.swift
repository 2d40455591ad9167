/// A value that TensorBoard shows at a step.
///
/// *Source:* https://github.com/tensorflow/tensorboard: `Summary.Value`, `SummaryMetadata` and `TensorProto`
/// in `tensorboard/compat/proto`; the forms of the tensors in `tensorboard/plugins`.
package struct TensorBoardValue: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case scalar(Float)
    case histogram([Bin])
    /// A picture as a PNG file. Sizes are in pixels.
    case image(width: Int, height: Int, png: [UInt8])
    /// The settings of the run, and its beginning in seconds since 1970.
    case beginning([Setting], time: Double)
    /// The successful end of the run, in seconds since 1970.
    case end(time: Double)
  }

  /// The number of weights from one value to another.
  package struct Bin: Sendable, Equatable {
    package var lower: Double
    package var upper: Double
    package var count: Int

    package init(lower: Double, upper: Double, count: Int) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
    }
  }

  /// The value of an option.
  package struct Setting: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
      case number(Double)
      case text(String)
    }

    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }
  }

  /// The name. TensorBoard shows values together whose names are equal up to the first slash.
  package var tag: String
  package var content: Content
  /// A remark for people; empty for none.
  package var description: String

  package init(_ tag: String, _ content: Content, description: String = "") {
    (self.tag, self.content, self.description) = (tag, content, description)
  }

  /// The settings of a run, from which TensorBoard makes a table of runs.
  package static func beginning(_ settings: [Setting], time: Double) -> TensorBoardValue {
    TensorBoardValue("_hparams_/session_start_info", .beginning(settings, time: time))
  }

  package static func end(time: Double) -> TensorBoardValue {
    TensorBoardValue("_hparams_/session_end_info", .end(time: time))
  }
}

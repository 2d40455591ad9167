import RSONumerics
import RSOSystem

/// The user's choices for reading data whose form leaves some. A checkpoint records it beside the
/// place of the data, so that a resumed run reads the same. A value that is nil follows the data.
package struct DataRequest: Sendable, Hashable, Codable {
  /// The place of the channels in samples of three dimensions.
  package enum Layout: String, Sendable, Codable, CaseIterable {
    /// Channels, height, width.
    case nchw
    /// Height, width, channels.
    case nhwc
  }

  /// A part of the training set that is set aside.
  package enum Part: Sendable, Hashable {
    case none
    /// A share of the samples. *Range:* above 0, below 1.
    case share(Double)
    /// A number of samples, at least 1.
    case count(Int)
  }

  /// The name of the array with the samples.
  package var inputs: String?
  /// The name of the array with the targets.
  package var labels: String?
  /// The column of a table with the targets: its name, or its number counted from 1; -1 is the last.
  package var label: String?
  package var layout: Layout?
  package var task: LearningTask?
  /// The absolute path of the test data, if they are apart.
  package var testData: String?
  /// The part of the training set that becomes the test set.
  package var test: Part?
  /// The part of the training set that becomes the validation set.
  package var validation: Part?
  /// True if height and width of the samples are to be exchanged.
  package var transpose: Bool?
  /// The seed that parts are drawn with; nil for 0.
  package var seed: UInt64?
  /// True if features have numbers from 0 in files of sparse samples. A reader of
  /// such files finds it in the training data.
  package var countsFromZero: Bool?
  /// The columns of the training table. A reader of tables finds them in the training data.
  package var columns: TableColumns?
  /// The number of features of the run's data: that of sparse samples, of which their file may lack the last
  /// ones, and of tables, which may lack the label.
  package var features: Int?

  /// The names of the classes that a network knows, in their order. Nil: the classes of the training set.
  package var classNames: [String]?
  /// True if the data measure a network: a file with a test set alone is read as if it had no parts.
  package var isToMeasure: Bool?
  /// True if a run recorded `label`: other data need not have such a column.
  package var isRecorded: Bool?

  package init() {}

  /// The choices about the form of the data, without those about their parts.
  package var form: DataRequest {
    var form = self
    (form.testData, form.test, form.validation, form.seed) = (nil, nil, nil, nil)
    return form
  }

  /// The choices as options of a command: their names with the values; transposed data have no value.
  package var options: [(name: String, value: String)] {
    let choices: [(String, String?)] = [
      ("inputs", inputs), ("labels", labels), ("label", label), ("task", task?.rawValue),
      ("layout", layout?.rawValue), ("transpose", transpose == true ? "" : nil),
      ("test-data", testData), ("test", test?.description),
      ("validation", validation?.description), ("split-seed", seed.map { "\($0)" }),
    ]
    return choices.compactMap { name, value in value.map { (name, $0) } }
  }

  /// Returns the request in which every choice that is open is made as in another one.
  package func completed(by other: DataRequest) -> DataRequest {
    var request = self
    request.inputs = inputs ?? other.inputs
    request.labels = labels ?? other.labels
    request.label = label ?? other.label
    request.layout = layout ?? other.layout
    request.task = task ?? other.task
    // Test data apart and a part of the training set exclude each other.
    if test == nil { request.testData = testData ?? other.testData }
    if testData == nil { request.test = test ?? other.test }
    request.validation = validation ?? other.validation
    request.transpose = transpose ?? other.transpose
    request.seed = seed ?? other.seed
    request.countsFromZero = countsFromZero ?? other.countsFromZero
    request.columns = columns ?? other.columns
    return request
  }

  /// Returns the same request for data that were moved from one path to another. Test data that are no
  /// longer where they were are looked for at the same place relative to the data.
  package func moved(from old: String, to new: String) -> DataRequest {
    guard let testData, old != new, !FileSystem.exists(testData) else { return self }
    func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
    let (data, test) = (parts(old), parts(testData))
    let common = zip(data, test).prefix { $0 == $1 }.count
    let up = data.count - common
    guard up >= 1, up <= parts(new).count else { return self }
    var moved = self
    moved.testData = "/" + (parts(new).dropLast(up) + test[common...]).joined(separator: "/")
    return moved
  }
}

extension DataRequest.Part: LosslessStringConvertible, Codable {
  /// Reads `none`, a share such as `0.1`, or a number of samples such as `500`; nil for other texts.
  package init?(_ description: String) {
    if description == "none" {
      self = .none
    } else if let count = Int(description) {
      guard count >= 1 else { return nil }
      self = .count(count)
    } else if let share = Double(description), share > 0, share < 1 {
      self = .share(share)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .none: "none"
    case .share(let share): "\(share)"
    case .count(let count): "\(count)"
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let part = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected none, a share or a number of samples")
    }
    self = part
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

import ArgumentParser
import RSODatasets
import RSONumerics
import RSOSystem

extension DataRequest.Layout: ExpressibleByArgument {}
extension LearningTask: ExpressibleByArgument {}

/// The options for reading data whose form leaves a choice.
struct DataRequestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Array with the samples, in files with named arrays.", valueName: "key"))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "Array with the classes, labels or numbers, in files with named arrays.", valueName: "key"))
  var labels: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Column with the class or number, in tables: its name, or its number from 1; -1 is the last.",
      valueName: "column"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "What is learned: classification, multi-label or regression. (default: as the targets are)",
      valueName: "task"))
  var task: LearningTask?

  @Option(
    help: ArgumentHelp(
      "Place of the channels: nchw (before height and width) or nhwc (after). (default: as the shape "
        + "says)",
      valueName: "order"))
  var layout: DataRequest.Layout?

  @Flag(help: "Exchange height and width, as EMNIST's files need it.")
  var transpose = false

  @Option(
    help: ArgumentHelp(
      "Test data, if they are in a file or directory of their own.", valueName: "data"),
    completion: .file())
  var testData: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the training set that becomes the test set, such as 0.2 or 1000.", valueName: "part"),
    transform: OptionText.part)
  var test: DataRequest.Part?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Part of the training set that becomes the validation set, which chooses the best cycle: such as "
        + "0.1 or 500, or 'none'. (default: the data's own validation set)",
      valueName: "part"), transform: OptionText.part)
  var validation: DataRequest.Part?

  func validate() throws {
    if testData != nil, test != nil {
      throw ValidationError("--test-data and --test cannot be combined: give one of them")
    }
    if testData == "" {
      throw ValidationError("invalid test-data '': expected a file or directory")
    }
    if test == DataRequest.Part.none {
      throw ValidationError("--test none: expected a share such as 0.2, or a number of samples")
    }
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed that these parts are drawn with; runs with several seeds have the same parts. "
        + "(default: 0)", valueName: "seed"), transform: OptionText.seed)
  var splitSeed: UInt64?

  /// The choices as a value.
  var request: DataRequest {
    var request = DataRequest()
    request.inputs = inputs
    request.labels = labels
    request.label = label
    request.task = task
    request.layout = layout
    request.transpose = transpose ? true : nil
    request.testData = testData.map { Path.absolute($0) }
    request.test = test
    request.validation = validation
    request.seed = splitSeed
    return request
  }
}

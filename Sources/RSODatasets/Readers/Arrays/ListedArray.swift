/// An array of a data set's files, and its use.
package struct ListedArray: Sendable, Hashable {
  package enum Use: String, Sendable {
    case inputs
    case labels
    case validationInputs = "validation inputs"
    case validationLabels = "validation labels"
    case testInputs = "test inputs"
    case testLabels = "test labels"
    case outputNames = "names of the outputs"
    case featureNames = "names of the features"
  }

  /// The name that `--inputs` and `--labels` take.
  package var name: String
  /// The type in words: `uint8`.
  package var type: String
  package var shape: [Int]
  /// The name of a file of test data; nil for an array of the data themselves.
  package var file: String?
  /// nil for an array that is not used.
  package var use: Use?

  package init(
    name: String, type: String, shape: [Int], file: String? = nil, use: Use? = nil
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.file = file
    self.use = use
  }

  init(_ array: FoundArray, file: String? = nil, use: Use? = nil) {
    self.init(name: array.name, type: array.type, shape: array.shape, file: file, use: use)
  }
}

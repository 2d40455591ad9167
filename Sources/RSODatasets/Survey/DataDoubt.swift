import RSOSystem

/// Something in a data set that may be a mistake.
package enum DataDoubt: Sendable, Equatable {
  /// Most labels are numbers, but one cell is a text, so that all labels are taken as names of classes.
  case mixedLabels(place: String, text: String)
  /// Classes with one training sample, or with none.
  case rareClasses(names: [String])
  case emptyClasses(names: [String])
  /// Features (`areFeatures`) or channels with one value in the whole training set.
  case constant(names: [String], areFeatures: Bool)
  /// Numbers to predict that are the same in the whole training set.
  case constantTargets(names: [String])
  /// Features, channels or numbers to predict so far from 0, for their spread, that 32-bit floats lose digits.
  case farFromZero(names: [String])
  /// A feature that rises from row to row.
  case rowNumbers(name: String)
  /// Samples of another set that are also in the training set; with the first pair, counted from 0.
  case shared(set: String, count: Int, index: Int, training: Int)
  /// Training samples that occur several times; `conflicts` of them with different targets.
  case repeated(count: Int, conflicts: Int)

  /// The kind in JSON.
  package var kind: String {
    switch self {
    case .mixedLabels: "mixed_labels"
    case .rareClasses: "rare_classes"
    case .emptyClasses: "empty_classes"
    case .constant: "constant"
    case .constantTargets: "constant_targets"
    case .farFromZero: "far_from_zero"
    case .rowNumbers: "row_numbers"
    case .shared: "shared_samples"
    case .repeated: "repeated_samples"
    }
  }
}

extension DataDoubt: CustomStringConvertible {
  package var description: String {
    switch self {
    case .mixedLabels(let place, let text):
      "most labels are numbers, but \(place) is \(quoted(text)), so all are taken as names of classes; correct "
        + "the cell, or confirm with --task classification"
    case .rareClasses(let names):
      "only 1 training sample of \(Self.list(names, "class", "classes"))"
    case .emptyClasses(let names):
      "no training sample of \(Self.list(names, "class", "classes"))"
    case .constant(let names, let areFeatures):
      "the same value in all training samples: "
        + (areFeatures
          ? Self.list(names, "feature", "features") : Self.list(names, "channel", "channels"))
    case .constantTargets(let names):
      "the same target in all training samples: \(Self.list(names, "number", "numbers")); there is "
        + "nothing to learn about it"
    case .farFromZero(let names):
      "\(Self.list(names, "the value of", "the values of")) \(names.count == 1 ? "is" : "are") so far from 0 that "
        + "32-bit floats lose digits: values and samples that seem equal may differ in the file; subtract a constant "
        + "before the data are written"
    case .rowNumbers(let name):
      "feature \(quoted(name)) rises from row to row as row numbers do; remove it if it is not a "
        + "measurement"
    case .shared(let set, let count, let index, let training):
      "\(count) \(set) sample\(count == 1 ? " is" : "s are") also in the training set; the first is "
        + "\(set) sample \(index), equal to training sample \(training)"
    case .repeated(let count, let conflicts):
      "\(count) training sample\(count == 1 ? " repeats an earlier one" : "s repeat earlier ones")"
        + (conflicts == 0 ? "" : ", \(conflicts) of them with another target")
    }
  }

  /// `class 'a'`, `classes 'a', 'b'`, with at most 10 names.
  private static func list(_ names: [String], _ one: String, _ many: String) -> String {
    (names.count == 1 ? one : many) + " "
      + names.prefix(10).map { quoted($0) }.joined(separator: ", ")
      + (names.count > 10 ? " and \(names.count - 10) more" : "")
  }
}

/// Targets as a file has them, before they are classes, labels or numbers.
package enum RawTargets: Sendable, Equatable {
  /// *Shape:* N x `columns`, row-major; at least one column.
  case integers([Int64], columns: Int)
  /// Finite numbers. *Shape:* N x `columns`, row-major.
  case numbers([Double], columns: Int)
  case texts([String])

  /// The number of samples.
  package var count: Int {
    switch self {
    case .integers(let values, let columns): values.count / columns
    case .numbers(let values, let columns): values.count / columns
    case .texts(let texts): texts.count
    }
  }

  package var columns: Int {
    switch self {
    case .integers(_, let columns), .numbers(_, let columns): columns
    case .texts: 1
    }
  }

  /// Returns one column, counted from 0.
  func column(_ index: Int) -> RawTargets {
    switch self {
    case .integers(let values, let columns):
      .integers(Self.column(index, of: values, columns), columns: 1)
    case .numbers(let values, let columns):
      .numbers(Self.column(index, of: values, columns), columns: 1)
    case .texts: self
    }
  }

  private static func column<Value>(
    _ index: Int, of values: [Value], _ columns: Int
  ) -> [Value] {
    stride(from: index, to: values.count, by: columns).map { values[$0] }
  }

  /// All values, if each is 0 or 1; otherwise nil.
  var flags: [UInt8]? {
    switch self {
    case .integers(let values, _):
      values.allSatisfy { $0 == 0 || $0 == 1 } ? values.map { UInt8($0) } : nil
    case .numbers(let values, _):
      values.allSatisfy { $0 == 0 || $0 == 1 } ? values.map { UInt8($0) } : nil
    case .texts: nil
    }
  }

  /// All values as numbers; nil for texts.
  var floats: [Float]? {
    switch self {
    case .integers(let values, _): values.map { Float($0) }
    case .numbers(let values, _): values.map { Float($0) }
    case .texts: nil
    }
  }

  /// The names of the classes of all samples; nil for numbers with a fraction.
  var labels: [ClassLabel]? {
    switch self {
    case .integers(let values, _): return values.map(ClassLabel.integer)
    case .texts(let texts): return texts.map(ClassLabel.text)
    case .numbers(let values, _):
      var labels: [ClassLabel] = []
      labels.reserveCapacity(values.count)
      for value in values {
        guard let whole = Int64(exactly: value) else { return nil }
        labels.append(.integer(whole))
      }
      return labels
    }
  }
}

/// The name of a class in a file.
enum ClassLabel: Sendable, Hashable, Comparable {
  case integer(Int64)
  case text(String)

  /// Integers by value, before texts by their bytes.
  static func < (first: ClassLabel, second: ClassLabel) -> Bool {
    switch (first, second) {
    case (.integer(let first), .integer(let second)): first < second
    case (.text(let first), .text(let second)): first.utf8.lexicographicallyPrecedes(second.utf8)
    case (.integer, .text): true
    case (.text, .integer): false
    }
  }

  var name: String {
    switch self {
    case .integer(let value): "\(value)"
    case .text(let text): text
    }
  }
}

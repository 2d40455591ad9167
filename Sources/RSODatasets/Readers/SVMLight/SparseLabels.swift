import RSONumerics

/// The labels of a data set in svmlight's text form: one number per sample, or sets of classes.
struct SparseLabels: Sendable {
  /// The classes that occur in the sets of the training samples, in order; nil where each sample has one
  /// label.
  private let classes: [Int64]?

  /// - Parameter files: The training set first.
  init(_ files: [SparseFile]) {
    let isOne = files.allSatisfy { file in
      file.lines.labels.allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ",")) }
    }
    guard !isOne, let training = files.first else {
      classes = nil
      return
    }
    classes = Set(training.lines.labels.flatMap { Self.set($0) ?? [] }).sorted()
  }

  /// The names of the target columns; empty where there is one without a name.
  var names: [String] { classes?.map { "\($0)" } ?? [] }

  /// The number of target columns.
  var outputs: Int { classes?.count ?? 1 }

  /// The targets of a file.
  ///
  /// *Throws:* `AssemblyError`.
  func targets(of file: SparseFile, part: String) throws(AssemblyError) -> RawTargets {
    let labels = file.lines.labels
    if let classes { return try Self.flags(labels, classes, part) }
    let integers = labels.compactMap { Self.integer($0[...]) }
    if integers.count == labels.count { return .integers(integers, columns: 1) }
    return .numbers(labels.map { Double(Self.number($0[...]) ?? 0) }, columns: 1)
  }

  private static func flags(
    _ labels: [String], _ classes: [Int64], _ part: String
  ) throws(AssemblyError) -> RawTargets {
    guard !classes.isEmpty else { throw .notClasses }
    let columns = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    guard classes.count <= Targets.maximumOutputs else {
      throw .tooManyOutputs(columns: classes.count)
    }
    var flags = [Int64](repeating: 0, count: labels.count * classes.count)
    for (index, label) in labels.enumerated() {
      guard let set = set(label) else { throw .notClasses }
      for item in set {
        guard let column = columns[item] else {
          throw .unknownLabel(label: "\(item)", part: part, index: index)
        }
        flags[index * classes.count + column] = 1
      }
    }
    return .integers(flags, columns: classes.count)
  }

  /// The classes in `1,4`; none in an empty text; nil if one is not an integer.
  private static func set(_ label: String) -> [Int64]? {
    let parts = label.split(separator: ",")
    let integers = parts.compactMap(integer)
    return integers.count == parts.count ? integers : nil
  }

  private static func integer(_ text: Substring) -> Int64? {
    Int64(text)
      ?? number(text).flatMap { number in
        text.utf8.contains(UInt8(ascii: ".")) ? nil : Int64(exactly: number)
      }
  }

  /// A finite number; nil for any other text.
  static func number(_ text: Substring) -> Float? {
    let bytes = Array(text.utf8)
    var index = 0
    guard let number = DecimalText.float(bytes.span, at: &index), index == bytes.count,
      number.isFinite
    else { return nil }
    return number
  }
}

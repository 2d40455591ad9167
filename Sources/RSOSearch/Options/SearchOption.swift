/// One option of a search, described once.
///
/// The JSON of a plan, the command line with its help, the checks of a plan, and the tables that show a
/// plan or compare two follow from `SearchOption.all`. A new option is a property of `SearchOptions` and
/// an entry of that list.
package struct SearchOption: Sendable {
  /// The parts of the command line's help.
  package enum Group: Sendable, CaseIterable {
    /// The length of a run. A finished run may be extended, so these may differ on resuming.
    case length
    /// The samples that a change is judged on.
    case judging
    /// The drawing of changes.
    case drawing
    /// The loss and the values of weights: what is trained besides network and data.
    case network
    /// Variants of the algorithm, which the paper compares and a beginner does not need.
    case knobs
  }

  /// The reading of an option's text beyond its exact values.
  package struct Form: Sendable {
    /// The form of a text, for the error: `a whole number`.
    package var expected: String
    /// Words of other tools, with the values that they mean here.
    package var synonyms: [String: String] = [:]
    /// Words that are values beside numbers, of an option that has no list of all its values.
    package var words: [String] = []
    /// The text that joins the lines of a file of numbers into one value, if the value may be the path of such a
    /// file; otherwise nil.
    package var lineSeparator: String?
  }

  /// The name on the command line, without dashes.
  package let name: String
  /// Earlier names, which are still accepted.
  package let oldNames: [String]
  package let group: Group
  /// The name of the value in help; nil for an option that the command line does not have.
  package let valueName: String?
  /// One or two sentences that say what the option does.
  package let help: String
  /// The default as help shows it.
  package let defaultText: String
  package let form: Form
  /// The texts of all values, if they can be listed; otherwise those that are words.
  package let choices: [String]

  /// The key in a plan's JSON.
  let key: Key
  let conflicts: [OptionConflict]
  /// The reason why the option has no effect beside the others; nil if it has an effect.
  let lacksEffect: @Sendable (SearchOptions) -> String?
  private let access: any OptionAccess

  /// - Parameters:
  ///   - key: The key in a plan's JSON. It must never change.
  ///   - isAlwaysStored: True if the JSON contains the value even if it is the default. It is false
  ///     for options added after format version 2.0, so that plans without them keep their bytes.
  init<Value: OptionValue>(
    _ name: String, oldNames: [String] = [], key: String, isAlwaysStored: Bool = false,
    _ path: WritableKeyPath<SearchOptions, Value> & Sendable, group: Group, valueName: String?,
    help: String, defaultText: String? = nil, expected: String? = nil,
    synonyms: [String: String] = [:], words: [String] = [], lineSeparator: String? = nil,
    range: OptionRange<Value> = .any,
    conflicts: [OptionConflict] = [],
    lacksEffect: @escaping @Sendable (SearchOptions) -> String? = { _ in nil }
  ) {
    let access = PropertyAccess(path: path, range: range, isAlwaysStored: isAlwaysStored)
    self.name = name
    self.oldNames = oldNames
    self.group = group
    self.valueName = valueName
    self.help = help
    self.defaultText = defaultText ?? access.text(in: SearchOptions())
    choices = Value.optionTexts
    form = Form(
      expected: expected ?? "one of \(Value.optionTexts.joined(separator: ", "))",
      synonyms: synonyms, words: words, lineSeparator: lineSeparator)
    self.key = Key(key)
    self.conflicts = conflicts
    self.lacksEffect = lacksEffect
    self.access = access
  }

  /// Returns the option with this name or old name; nil if there is none.
  package static func named(_ name: String) -> SearchOption? {
    all.first { $0.name == name || $0.oldNames.contains(name) }
  }

  /// The options that decide the loss of a run: losses of runs in which they differ cannot be compared.
  package static let ofLoss = all.filter {
    $0.group == .network && !["weights", "tie-break"].contains($0.name)
  }

  // MARK: Values

  /// The option's value in `options`, as on the command line.
  package func text(in options: SearchOptions) -> String { access.text(in: options) }

  /// Sets the value that `text` means; returns false, and changes nothing, if it means none.
  package func set(_ text: String, in options: inout SearchOptions) -> Bool {
    access.set(text, in: &options)
  }

  /// True if `text` means a value, in range or not.
  package func accepts(_ text: String) -> Bool {
    var options = SearchOptions()
    return set(text, in: &options)
  }

  /// The reason why the option has no effect in `options`; nil if it has an effect.
  package func reasonWithoutEffect(in options: SearchOptions) -> String? { lacksEffect(options) }

  // MARK: Checks

  /// *Throws:* `SearchError.invalidOption`.
  func checkRange(_ options: SearchOptions, _ limits: OptionLimits) throws(SearchError) {
    if let (value, expected) = access.violation(in: options, limits) {
      throw .invalidOption(name: name, value: value, expected: expected)
    }
  }

  /// *Throws:* `SearchError.incompatibleOptions`.
  func checkConflicts(_ options: SearchOptions) throws(SearchError) {
    for conflict in conflicts where conflict.exists(options) {
      let other = SearchOption.named(conflict.other)?.text(in: options) ?? ""
      throw .incompatibleOptions(
        "\(name) '\(text(in: options))'", "\(conflict.other) '\(other)'", reason: conflict.reason)
    }
  }

  // MARK: JSON

  /// A key of a plan's JSON.
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(_ options: SearchOptions, to container: inout KeyedEncodingContainer<Key>) throws {
    try access.encode(options, as: key, to: &container)
  }

  /// Keeps the default if there is no value.
  func decode(
    from container: KeyedDecodingContainer<Key>, into options: inout SearchOptions
  ) throws {
    try access.decode(key, from: container, into: &options)
  }
}

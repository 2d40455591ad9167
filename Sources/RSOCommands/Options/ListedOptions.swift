import ArgumentParser
import RSOSearch

/// A group of `SearchOption.all`.
protocol OptionSection: Sendable {
  static var group: SearchOption.Group { get }
  /// The default that help shows; nil for the default of a new run.
  static var defaultText: String? { get }
}

extension OptionSection {
  static var defaultText: String? { nil }
}

enum LengthSection: OptionSection { static let group = SearchOption.Group.length }
/// The options of length for a run that already has a plan.
enum PlannedLengthSection: OptionSection {
  static let group = SearchOption.Group.length
  static let defaultText: String? = "the plan's"
}
enum JudgingSection: OptionSection { static let group = SearchOption.Group.judging }
enum DrawingSection: OptionSection { static let group = SearchOption.Group.drawing }
enum NetworkSection: OptionSection { static let group = SearchOption.Group.network }
enum KnobSection: OptionSection { static let group = SearchOption.Group.knobs }

/// The options of one group of `SearchOption.all` on the command line.
///
/// ArgumentParser finds options by reflection, as the children of a new instance, and then decodes each
/// by its name. So the children here are made from the list, one for each name of an option.
struct ListedOptions<Section: OptionSection>: ParsableArguments {
  /// The texts that were given, by the options' names.
  private(set) var texts: [String: String] = [:]
  /// An option that was given by two of its names.
  private var repeated: (name: String, oldName: String)?

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for (option, name) in Self.names {
      let given = try container.decode(Option<String?>.self, forKey: Key(name)).wrappedValue
      guard let given else { continue }
      if texts.updateValue(given, forKey: option.name) != nil { repeated = (option.name, name) }
    }
  }

  func validate() throws {
    if let (name, oldName) = repeated {
      throw ValidationError("--\(oldName) is an old name of --\(name); give one of them")
    }
    let options = texts.applied(to: SearchOptions())
    for option in SearchOption.all where texts[option.name] != nil {
      if let reason = option.reasonWithoutEffect(in: options) {
        throw ValidationError("--\(option.name) has no effect: \(reason)")
      }
    }
  }

  /// Every option of the group with every name that it can be given by.
  private static var names: [(SearchOption, name: String)] {
    SearchOption.all.filter { $0.group == Section.group && $0.valueName != nil }
      .flatMap { option in ([option.name] + option.oldNames).map { (option, $0) } }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension ListedOptions: CustomReflectable {
  var customMirror: Mirror {
    Mirror(
      self,
      children: Self.names.map { option, name in
        (label: "_\(name)", value: Self.definition(option, name))
      })
  }

  private static func definition(_ option: SearchOption, _ name: String) -> Option<String?> {
    Option(
      wrappedValue: nil, name: .customLong(name), parsing: .unconditional,
      help: ArgumentHelp(
        "\(option.help) (default: \(Section.defaultText ?? option.defaultText))",
        valueName: option.valueName,
        visibility: name == option.name ? .default : .hidden),
      completion: option.completion,
      transform: { text in
        guard !option.accepts(text) else { return text }
        do {
          if let value = try option.value(inFile: text) { return value }
        } catch {
          throw ValidationError("\(error)")
        }
        throw ValidationError(option.refusal(of: text))
      })
  }
}

extension [String: String] {
  /// Returns `options` with the values of these texts. The keys are names of options. An option that only one
  /// loss has asks for that loss, too.
  func applied(to options: SearchOptions) -> SearchOptions {
    var options = options
    for option in SearchOption.all {
      if let text = self[option.name] { _ = option.set(text, in: &options) }
    }
    options.takeLoss(impliedBy: self)
    return options
  }
}

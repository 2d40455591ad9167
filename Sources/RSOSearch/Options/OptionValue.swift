import RSONetworks

/// A value of an option: a text on the command line, JSON in a checkpoint.
package protocol OptionValue: Sendable, Equatable, Codable {
  /// Returns nil for a text that is not such a value.
  init?(optionText: String)

  /// The text that `init(optionText:)` reads back as this value.
  var optionText: String { get }

  /// The texts of all values, if they can be listed; otherwise those that are words.
  static var optionTexts: [String] { get }
}

extension OptionValue {
  package static var optionTexts: [String] { [] }
}

extension Int: OptionValue {}
extension Double: OptionValue {}

/// A number, or `all`, which is nil.
extension Optional: OptionValue where Wrapped == Int {
  package init?(optionText: String) {
    guard optionText != "all" else {
      self = .none
      return
    }
    guard let number = Int(optionText) else { return nil }
    self = .some(number)
  }

  package var optionText: String { map(\.description) ?? "all" }
}

/// A value that is one of a few names.
extension OptionValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  package init?(optionText: String) { self.init(rawValue: optionText) }
  package var optionText: String { rawValue }
  package static var optionTexts: [String] { allCases.map(\.rawValue) }
}

/// A value with a text form of its own.
extension OptionValue where Self: LosslessStringConvertible {
  package init?(optionText: String) { self.init(optionText) }
  package var optionText: String { description }
}

extension Loss: OptionValue {}

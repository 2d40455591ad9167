import Foundation

/// Answers for programs.
enum JSONText {
  /// One object with sorted keys, and a newline. Numbers that JSON has no word for are strings.
  ///
  /// - Parameter snakeCase: Whether `testLoss` becomes `test_loss`, where the type does not say so.
  static func encode(_ value: some Encodable, snakeCase: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    if snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

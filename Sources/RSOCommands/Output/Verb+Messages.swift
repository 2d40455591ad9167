import ArgumentParser

extension Verb {
  /// The name that messages of this verb begin with: `rso-train`.
  package static var program: String { "rso-\(word)" }

  /// Writes a warning to standard error.
  static func warn(_ text: String) { StandardStreams.say("\(program): warning: \(text)") }

  /// Writes each warning on a line of its own.
  static func warn(_ texts: [String]) {
    for text in texts { warn(text) }
  }

  /// Writes the verb's answer to standard output.
  ///
  /// *Throws:* `ExitCode` if it cannot be written, which has been reported.
  func answer(_ text: String) throws { try answer(Array(text.utf8)) }

  /// Writes an answer that is not text.
  func answer(_ bytes: [UInt8]) throws {
    let status = StandardStreams.answer(bytes, of: Self.program)
    if status != 0 { throw ExitCode(status) }
  }

  /// Writes a part of an answer that is not text.
  func answer(_ bytes: UnsafeRawBufferPointer) throws { try answer(Array(bytes)) }

  /// Writes an output file, or the answer if it is standard output.
  func write(_ bytes: [UInt8], to file: OutputFile) throws {
    if file.isStandardOutput { try answer(bytes) } else { try file.write(bytes) }
  }
}

import ArgumentParser

/// Writes a verb's answer to standard output; throws the exit status if it cannot be written.
func answer(_ text: String) throws {
  try answer(Array(text.utf8))
}

/// The same for an answer that is not text.
func answer(_ bytes: [UInt8]) throws {
  let status = StandardStreams.answer(bytes)
  if status != 0 { throw ExitCode(status) }
}

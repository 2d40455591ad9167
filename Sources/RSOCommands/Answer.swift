import ArgumentParser

/// Writes a verb's answer to standard output; throws the exit status if it cannot be written.
func answer(_ text: String) throws {
  let status = StandardStreams.answer(text)
  if status != 0 { throw ExitCode(status) }
}

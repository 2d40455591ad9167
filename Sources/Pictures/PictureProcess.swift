internal import RSOSystem

/// The process in which libpng and libjpeg decode pictures: `rso picture-contents`.
///
/// Its answers are not trusted: a picture has exactly the bytes of its shape.
package struct PictureProcess: Sendable {
  /// The first argument with which `rso` does the work of `PictureProgram`.
  package static let word = "picture-contents"

  /// The reason why the process gave no answers.
  package struct Failure: Error, Sendable, Equatable {
    /// The program that was started.
    package var program: String
    package var reason: String
  }

  /// The longest file of a picture.
  package static let maximumFileBytes = PictureMessage.maximumBytes

  private let program: String

  /// - Parameter program: Nil for `rso`.
  package init(program: String? = nil) { self.program = program ?? OwnProgram.rso }

  /// Decodes files, and returns a picture or a failure for each.
  ///
  /// *Throws:* `Failure` if the program cannot be run.
  package func pictures(
    of files: [[UInt8]]
  ) throws(Failure) -> [Result<Picture, PictureFailure>] {
    var questions: [UInt8] = []
    questions.reserveCapacity(files.reduce(0) { $0 + $1.count + 8 })
    for file in files { questions += PictureMessage.question(file) }
    let (answer, ending) = try exchange(questions)
    var results: [Result<Picture, PictureFailure>] = []
    var start = 0
    while results.count < files.count, let size = PictureMessage.size(answer, at: start),
      let result = PictureMessage.result(answer[start..<(start + size)])
    {
      results.append(result)
      start += size
    }
    guard results.count == files.count, start == answer.count, ending == .exited(status: 0) else {
      throw Failure(program: program, reason: "it ended with status \(ending.shellStatus)")
    }
    return results
  }

  private func exchange(
    _ questions: [UInt8]
  ) throws(Failure) -> (answer: [UInt8], ending: ProcessEnding) {
    do throws(SystemError) {
      // Swift's backtrace of a crash is turned off: it takes seconds.
      let process = try ChildProcess(
        program, [Self.word], streams: [.input, .output],
        variables: ["SWIFT_BACKTRACE": "enable=no"])
      let answer = process.exchange(questions, maximumBytes: 1 << 32)
      if answer == nil { process.terminate() }
      return (answer ?? [], process.reap())
    } catch {
      throw Failure(program: program, reason: error.reason)
    }
  }
}

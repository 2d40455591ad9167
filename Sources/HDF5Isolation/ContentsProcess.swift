internal import Glibc
package import HDF5
internal import RSOSystem

/// The process in which libhdf5 parses a file.
///
/// A hostile file can crash libhdf5 or make it run foreign code. So the bytes go to another process,
/// `rso hdf5-contents`, whose memory and time are limited and which cannot open files. Its answer is
/// not trusted either. If libhdf5 crashes, only that process ends.
package struct ContentsProcess: Sendable {
  /// The first argument with which `rso` does the work of `ContentsProgram`.
  package static let word = "hdf5-contents"

  /// The version of libhdf5: `1.10.8`.
  package static var libraryVersion: String? { try? HDF5Library.version }

  /// The program's path.
  let program: String

  /// - Parameter program: Nil for `rso`.
  package init(program: String? = nil) {
    self.program = program ?? OwnProgram.rso
  }

  /// Returns the contents of an HDF5 file, or the error of libhdf5.
  ///
  /// - Parameter file: All bytes of the file.
  ///
  /// *Throws:* `ContentsProcessError`.
  package func contents(
    of file: [UInt8]
  ) throws(ContentsProcessError) -> Result<HDF5Contents.Group, HDF5Error> {
    let process = try start([Self.word, "\(file.count)"])
    // An answer takes the bytes of the elements, and at most 256 MiB for names, shapes and
    // attributes.
    let answer = process.exchange(file, maximumBytes: file.count + 1 << 28)
    if answer == nil { process.terminate() }
    let ending = process.reap()
    if let answer, let contents = HDF5Contents.decode(answer) { return contents }
    throw failure(ending, hasAnswered: answer.map { !$0.isEmpty } ?? true)
  }

  private func start(_ arguments: [String]) throws(ContentsProcessError) -> ChildProcess {
    do throws(SystemError) {
      // Swift's backtrace of a crash is turned off: it takes seconds.
      return try ChildProcess(
        program, arguments, streams: [.input, .output],
        variables: ["SWIFT_BACKTRACE": "enable=no"])
    } catch {
      throw error.isShortage
        ? .noProcess(reason: error.reason) : .noProgram(path: program, reason: error.reason)
    }
  }

  func failure(_ ending: ProcessEnding, hasAnswered: Bool) -> ContentsProcessError {
    switch ending {
    case .unknown:
      .gaveUp(reason: "ended without an answer")
    case .signalled(let signal) where signal == SIGXCPU || signal == SIGKILL:
      .gaveUp(reason: "took too long, or too much memory")
    case .signalled(let signal):
      .gaveUp(reason: "crashed: \(ProcessEnding.text(ofSignal: signal))")
    case .exited where hasAnswered:
      .noProgram(path: program, reason: "it is of another version")
    case .exited(let status):
      .gaveUp(reason: "gave up with status \(status)")
    }
  }
}

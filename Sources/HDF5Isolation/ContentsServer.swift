package import HDF5
internal import RSOSystem
import Synchronization

/// A program in which libhdf5 parses many files, one after the other.
///
/// Starting a program takes longer than parsing a file of typical size. This program is started once. It
/// parses each file in a copy of itself (fork(2)) that ends with the file, under the limits of
/// `ContentsProcess`. So a file that breaks libhdf5 has no influence on the next one. As a further
/// precaution, the program is started again after every copy that did not end well.
///
/// It is a class because the readers of a run's files share one program. Any thread may use it.
package final class ContentsServer: Sendable {
  private let program: ContentsProcess
  private let running = Mutex<ChildProcess?>(nil)

  /// - Parameter program: The program's path; nil for the one that was installed or built with this one.
  package init(program: String? = nil) {
    self.program = ContentsProcess(program: program)
  }

  deinit {
    running.withLock { running in
      if let process = running.take() { Self.end(process) }
    }
  }

  /// Returns the contents of an HDF5 file, or libhdf5's reason against it.
  ///
  /// - Parameter file: All bytes of the file.
  ///
  /// *Throws:* `ContentsProcessError`.
  package func contents(
    of file: [UInt8]
  ) throws(ContentsProcessError) -> Result<HDF5Contents.Group, HDF5Error> {
    guard let reply = try reply(to: file) else {
      // Without a server, for a reason that need not lie in this file, the file gets its own process.
      return try program.contents(of: file)
    }
    return try program.interpret(reply.answer, reply.ending)
  }

  /// Returns nil if the server does not reply.
  private func reply(to file: [UInt8]) throws(ContentsProcessError) -> Reply? {
    try running.withLock { running throws(ContentsProcessError) -> Reply? in
      let process: ChildProcess
      if let server = running.take() {
        process = server
      } else {
        process = try program.startServer()
      }
      let reply = Reply(of: process, to: file)
      if reply?.ending == .exited(status: 0) {
        running = consume process
      } else {
        Self.end(process)
      }
      return reply
    }
  }

  private static func end(_ process: consuming ChildProcess) {
    process.terminate()
    _ = process.reap()
  }
}

/// The server's reply about one file; see `Server` of hdf5-contents for its form.
private struct Reply {
  /// How the copy that parsed the file ended.
  let ending: ProcessEnding
  let answer: [UInt8]

  /// Asks the server; nil if it has ended, or says something else.
  init?(of server: borrowing ChildProcess, to file: [UInt8]) {
    let size = withUnsafeBytes(of: UInt64(file.count).littleEndian, Array.init)
    guard server.send(size), server.send(file), let header = server.receive(12) else { return nil }
    let status = header[..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let count = header[4...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= HDF5Contents.Limits(bytes: file.count).maximumAnswerBytes,
      let answer = server.receive(Int(count))
    else { return nil }
    ending = ProcessEnding(waitStatus: Int32(bitPattern: status))
    self.answer = answer
  }
}

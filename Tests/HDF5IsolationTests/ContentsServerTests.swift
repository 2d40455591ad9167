import Foundation
import HDF5
import HDF5Isolation
import TestSupport
import Testing

@Suite struct ContentsServerTests {
  /// The program's own file: it stands beside the runner of the tests.
  private static let contents = URL(fileURLWithPath: Bundle.main.executablePath ?? "/")
    .deletingLastPathComponent().appendingPathComponent(ContentsProcess.name).path

  private let temporary: TemporaryDirectory
  private let good: [UInt8]
  private let other: [UInt8]

  init() throws {
    temporary = try TemporaryDirectory()
    good = [UInt8](try Fixtures.data("checkpoints/v1/tiny.h5"))
    other = [UInt8](try Fixtures.data("checkpoints/v2/inside.h5"))
  }

  @Test("one program parses many files; what libhdf5 says against one does not end it")
  func many() throws {
    let server = ContentsServer(program: try program("exec '\(Self.contents)' \"$@\""))
    for _ in 0..<3 {
      try expectSame(server, good)
      #expect(throws: HDF5Error.self) { try server.contents(of: Array("no HDF5".utf8)).get() }
      #expect(throws: HDF5Error.self) { try server.contents(of: []).get() }
      try expectSame(server, other)
    }
    #expect(try starts() == ["serve"])
  }

  @Test(
    "after a file on which libhdf5 crashes, the program is started again, and the next file is read"
  )
  func crash() throws {
    let server = ContentsServer(program: try program("exec '\(Self.contents)' \"$@\""))
    let hostile = [UInt8](try Fixtures.data("checkpoints/crash.h5"))
    let alone = Result { () throws(ContentsProcessError) in
      try ContentsProcess().contents(of: hostile)
    }
    for _ in 0..<2 {
      try expectSame(server, good)
      switch alone {
      case .success(let result):
        // Another release of libhdf5 may see through it.
        #expect(try server.contents(of: hostile) == result)
      case .failure(let error):
        #expect(throws: error) { try server.contents(of: hostile) }
      }
      try expectSame(server, other)
    }
    guard case .failure = alone else { return }
    #expect(try starts() == ["serve", "serve", "serve"])
  }

  @Test(
    "each file has limits of its own: one that exceeds them harms neither those before nor after")
  func limits() throws {
    // A file of this size needs more memory than the lower limit that the program inherits.
    let large = [UInt8](repeating: 0, count: 1 << 28)
    let server = ContentsServer(
      program: try program("ulimit -v 500000; exec '\(Self.contents)' \"$@\""))
    try expectSame(server, good)
    let error = try #require(throws: ContentsProcessError.self) { try server.contents(of: large) }
    guard case .gaveUp = error else {
      Issue.record("\(error)")
      return
    }
    try expectSame(server, other)
    #expect(try starts() == ["serve", "serve"])
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the program does as a server, in sh.
    var script: String
  }

  static let rows = [
    Row(testDescription: "it ends at once", script: "exit 64"),
    Row(testDescription: "it crashes", script: "kill -SEGV $$"),
    Row(testDescription: "it crashes before it has read all", script: "head -c 9; kill -SEGV $$"),
    Row(testDescription: "it answers without end", script: "exec yes"),
    Row(testDescription: "its answer ends early", script: "head -c 8; printf '\\1\\0\\0'; exit 0"),
    Row(
      testDescription: "it promises more than is allowed",
      script: "printf '\\0\\0\\0\\0\\377\\377\\377\\377\\377\\377\\377\\377'; exec cat >/dev/null"),
  ]

  @Test(
    "a file that the server gives no answer about is parsed in a process of its own",
    arguments: rows)
  func fallback(row: Row) throws {
    let server = ContentsServer(
      program: try program(
        "if [ \"$1\" = serve ]; then \(row.script); fi; exec '\(Self.contents)' \"$@\""))
    try expectSame(server, good)
    try expectSame(server, other)
    #expect(try starts() == ["serve", "\(good.count)", "serve", "\(other.count)"])
  }

  @Test("the program ends with the server, and is missing where there is none")
  func ends() throws {
    var server: ContentsServer? = ContentsServer(
      program: try program("echo $$ > '\(temporary("number"))'; exec '\(Self.contents)' \"$@\""))
    _ = try server?.contents(of: good)
    let number = try #require(Int32(text(temporary("number")).dropLast()))
    #expect(kill(number, 0) == 0)
    server = nil
    #expect(kill(number, 0) != 0)
    #expect(
      throws: ContentsProcessError.noProgram(
        path: "/no/such", reason: "no such file or directory")
    ) { _ = try ContentsServer(program: "/no/such").contents(of: good) }
  }

  // MARK: Parts

  private func expectSame(_ server: ContentsServer, _ file: [UInt8]) throws {
    let here = try HDF5Contents.extract(from: file, HDF5Contents.Limits(bytes: file.count))
    #expect(try server.contents(of: file).get() == here)
  }

  /// Makes a program that notes its arguments in a file and goes on with a script in sh.
  private func program(_ script: String) throws -> String {
    let path = temporary("program")
    // Written by another process: one that this one starts meanwhile, for another test, could still
    // have it open for writing, and then it would not run.
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = [
      "-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#, "sh",
      "echo \"$*\" >> '\(temporary("starts"))'\n\(script)", path,
    ]
    try writer.run()
    writer.waitUntilExit()
    return path
  }

  /// The arguments of each start of the program.
  private func starts() throws -> [String] {
    try text(temporary("starts")).split(separator: "\n").map(String.init)
  }
}

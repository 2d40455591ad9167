import Foundation
import HDF5
import RSOCheckpoints
import RSONumerics
import TestSupport
import Testing

@Suite struct ContentsProcessTests {
  @Test("a file parsed by the other process holds what it holds in this one")
  func same() throws {
    let file = [UInt8](try Fixtures.data("checkpoints/v1/tiny.h5"))
    let here = try HDF5Contents.extract(from: file, HDF5Contents.Limits(bytes: file.count))
    #expect(try ContentsProcess().contents(of: file, path: "x").get() == here)
  }

  @Test("what libhdf5 says against a file comes back from the other process")
  func failure() throws {
    let result = try ContentsProcess().contents(of: Array("no HDF5".utf8), path: "x")
    #expect(throws: HDF5Error.self) { try result.get() }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the program does in the place of parsing, in sh.
    var script: String
    var message: String
  }

  static let rows = [
    Row(
      testDescription: "libhdf5 crashes", script: "kill -SEGV $$",
      message: "libhdf5 crashed: Segmentation fault"),
    Row(
      testDescription: "libhdf5 aborts after reading", script: "cat >/dev/null; kill -ABRT $$",
      message: "libhdf5 crashed: Aborted"),
    Row(
      testDescription: "libhdf5 goes round in circles", script: "ulimit -t 1; while :; do :; done",
      message: "libhdf5 took too long, or too much memory"),
    Row(
      testDescription: "libhdf5 answers without end", script: "cat >/dev/null; exec yes",
      message: "libhdf5 took too long, or too much memory"),
    Row(
      testDescription: "the program gives up", script: "cat >/dev/null; exit 71",
      message: "libhdf5 gave up with status 71"),
  ]

  @Test("a crash of libhdf5 is an error that names the file, not ours", arguments: rows)
  func crash(row: Row) throws {
    try Self.withProgram(row.script) { program in
      let error = try #require(throws: CheckpointError.self) {
        _ = try ContentsProcess(program: program).contents(
          of: [UInt8](repeating: 1, count: 1 << 20), path: "x.h5")
      }
      #expect(
        error.description == "cannot read 'x.h5': its content is hostile or damaged: \(row.message)"
      )
    }
  }

  @Test("whatever the other process answers, this one comes to an end, and to no other state")
  func hostileAnswers() throws {
    let file = [UInt8](try Fixtures.data("checkpoints/v1/tiny.h5"))
    let block = try UserBlock(of: file, path: "x")
    let contents = try HDF5Contents.extract(from: file, HDF5Contents.Limits(bytes: file.count))
    let answer = HDF5Contents.encode(.success(contents))
    let expected = try #require(
      try CheckpointReader.interpret(answer, userBlock: block, path: "x"))
    var draws = RandomStream(key: Philox.Key(9, 10), position: (0, 0, 0))
    var (refused, unread) = (0, 0)
    for _ in 0..<5000 {
      var changed = answer
      for _ in 0...draws.next(below: 3) {
        let value = [0, 1, 0x7F, 0x80, 0xFF, UInt8(draws.next(below: 256))][draws.next(below: 6)]
        changed[draws.next(below: changed.count)] = value
      }
      do throws(CheckpointError) {
        guard let sealed = try CheckpointReader.interpret(changed, userBlock: block, path: "x")
        else {
          unread += 1
          continue
        }
        #expect(sealed.stateSHA256 == expected.stateSHA256)
      } catch {
        refused += 1
      }
    }
    // The rest falls on the history, statistics and provenance, which decide nothing.
    #expect(refused > 1000 && unread > 50, "\(refused) refused, \(unread) no answer")
  }

  @Test("a program that is not there, or of another version, is told from a bad file")
  func program() throws {
    let none = try #require(throws: CheckpointError.self) {
      _ = try ContentsProcess(program: "/no/such").contents(of: [1], path: "x")
    }
    #expect(
      none.description == "cannot run '/no/such', which checkpoints are parsed with: "
        + "No such file or directory; install rso again")
    try Self.withProgram("cat >/dev/null; echo rso contents 2") { program in
      #expect(
        throws: CheckpointError.noContentsProgram(path: program, reason: "it is of another version")
      ) { _ = try ContentsProcess(program: program).contents(of: [1], path: "x") }
    }
  }

  @Test("a file with a right digest that makes libhdf5 itself crash is an error")
  func realCrash() throws {
    let path = Fixtures.url("checkpoints/crash.h5").path
    // Another release of libhdf5 may see through it, and says so.
    let error = try #require(throws: CheckpointError.self) { try CheckpointReader.read(path) }
    #expect(error.description.hasPrefix("cannot read '\(path)': "))
    guard try HDF5Library.version == "1.10.8" else { return }
    #expect(error.description.contains("libhdf5 crashed: "), "\(error)")
  }

  private static func withProgram(_ script: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-contents-\(UUID().uuidString)").path
    // Written by another process: one that this one starts meanwhile, for another test, could still
    // have it open for writing, and then it would not run.
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = [
      "-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#, "sh", script, path,
    ]
    try writer.run()
    writer.waitUntilExit()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}

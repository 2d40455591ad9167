import Foundation
import HDF5
import HDF5Isolation
import RSOCheckpoints
import RSONumerics
import TestSupport
import Testing

@Suite struct UntrustedContentsTests {
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

  @Test("an answer that did not come is an error that names the checkpoint")
  func failures() {
    #expect(
      CheckpointError(.gaveUp(reason: "crashed: Aborted"), path: "x.h5").description
        == "cannot read 'x.h5': its content is hostile or damaged: libhdf5 crashed: Aborted")
    #expect(
      CheckpointError(.noProgram(path: "p", reason: "gone"), path: "x.h5").description
        == "cannot run 'p', which checkpoints are parsed with: gone; install rso again")
    let none = CheckpointError(.noProcess(reason: "no more"), path: "x.h5")
    #expect(
      none.description == "cannot read 'x.h5': cannot start the process that parses it: no more; "
        + "end other processes, or raise their limit ('ulimit -u', or pids.max of the control group)"
    )
    #expect(none.mayBeGood)
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
}

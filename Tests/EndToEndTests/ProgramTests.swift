import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("The program's file")
  struct ProgramTests {
    @Test("a copy under another name parses HDF5 files with itself")
    func copy() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.copyItem(
        atPath: Programs.path("rso"), toPath: sandbox.path("rso-copy"))
      let file = Fixtures.url("checkpoints/v1/tiny.h5").path
      let outcome = try await Programs.run(sandbox.path("rso-copy"), ["inspect", file])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("the work that parses HDF5 files is not for people, and refuses their arguments")
    func contents() async throws {
      for arguments in [["hdf5-contents"], ["hdf5-contents", "--help"], ["hdf5-contents", "-1"]] {
        let outcome = try await Programs.rso(arguments)
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.isEmpty)
      }
      #expect(try await !Programs.rso(["--help"]).output.contains("hdf5-contents"))
    }

    #if !DEBUG
      @Test("a release program has less than 24 MB, and needs no library of Swift or of HDF5")
      func size() async throws {
        let program = try Data(contentsOf: URL(fileURLWithPath: Programs.path("rso")))
        func number<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number {
          program.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
          }
        }
        // The program headers of elf(5); what a program without debugging information has is loaded.
        let (first, size) = (Int(number(32, UInt64.self)), Int(number(54, UInt16.self)))
        let loaded = (0..<Int(number(56, UInt16.self))).reduce(0) { sum, index in
          let header = first + index * size
          return number(header, UInt32.self) == 1
            ? sum + Int(number(header + 32, UInt64.self)) : sum
        }
        #expect((5_000_000..<24_000_000).contains(loaded))
        let libraries = try await Programs.run("/usr/bin/ldd", [Programs.path("rso")]).output
        #expect(libraries.contains("libc.so"))
        #expect(!libraries.contains("swift") && !libraries.contains("hdf5"), "\(libraries)")
      }
    #endif
  }
}

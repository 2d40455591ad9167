import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Hostile checkpoints, from the command line")
  struct HostileTests {
    /// Files with a right digest and hostile content, by name.
    private func files(_ sandbox: Sandbox) async throws -> [String] {
      let outcome = try await Programs.run(
        try Python.interpreter(),
        [
          Fixtures.url("checkpoints/make_hostile.py").path,
          Fixtures.url("checkpoints/v1/tiny.h5").path, sandbox.url.path,
        ])
      try #require(outcome.status == 0, "\(outcome.errors)")
      try Fixtures.data("checkpoints/crash.h5")
        .write(to: sandbox.url.appendingPathComponent("crash.h5"))
      return try FileManager.default.contentsOfDirectory(atPath: sandbox.url.path)
        .filter { $0.hasSuffix(".h5") }.sorted()
    }

    @Test("every one is refused by every verb, in time, with a message that names it")
    func refused() async throws {
      let sandbox = try Sandbox()
      let files = try await files(sandbox)
      #expect(files.count > 30)
      for file in files {
        let tiny = Fixtures.url("checkpoints/v1/tiny.h5").path
        for arguments in [
          ["eval"], ["resume", "-o", "run"], ["export", "-o", "out.npz"], ["inspect"],
          ["diff", tiny],
        ] {
          let running = try sandbox.start(
            arguments.prefix(1) + [sandbox.path(file)] + arguments.dropFirst())
          let outcome = try await running.end(within: 30)
          // As diff(1) does, `rso diff` says with 2 that there is nothing to compare.
          let status: Int32 = arguments[0] == "diff" ? 2 : 65
          #expect(outcome.status == status, "\(arguments) \(file): \(outcome.errors)")
          #expect(outcome.output == "")
          #expect(
            outcome.errors.hasPrefix(
              "rso-\(arguments[0]): cannot read '\(sandbox.path(file))': "), "\(outcome.errors)")
          #expect(outcome.errors.split(separator: "\n").count == 1)
        }
      }
      #expect(!sandbox.exists("run") && !sandbox.exists("out.npz"))
      let outcome = try await sandbox.rso(["verify"] + files)
      #expect(outcome.status == 1)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count { $0.hasPrefix("damaged  ") } == files.count)
    }
  }
}

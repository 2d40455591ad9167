import Foundation
import Testing

extension EndToEnd {
  @Suite("Limits of the system")
  struct LimitTests {
    /// Runs rso in a shell after other commands.
    private func rso(
      after commands: String, _ arguments: [String], in sandbox: Sandbox
    ) async throws -> Outcome {
      try await Programs.run(
        "/bin/sh", ["-c", "\(commands); exec \"$@\"", "sh", Programs.path("rso")] + arguments,
        in: sandbox.url)
    }

    @Test(
      "a limit on the size of files is met as a full disk is: training goes on, and the status tells"
    )
    func fileSize() async throws {
      let sandbox = try Sandbox()
      // In units of 512 bytes: enough for the lock, too little for a checkpoint.
      let outcome = try await rso(after: "ulimit -f 26", sandbox.training("run"), in: sandbox)
      #expect(outcome.signal == nil && outcome.status == 74, "\(outcome)")
      #expect(outcome.errors.contains("warning: "), "\(outcome.errors)")
      #expect(outcome.errors.contains("file too large"), "\(outcome.errors)")
      #expect(outcome.errors.contains("the run ended, but its last state is not saved in"))
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("run"))
      #expect(!names.contains { $0.hasSuffix(".h5") || $0.hasSuffix(".tmp") }, "\(names)")
      // The answer on standard output is a file as well.
      let answer = try await rso(
        after: "ulimit -f 0; exec >'\(sandbox.path("answer"))'", ["--help"], in: sandbox)
      #expect(answer.signal == nil && answer.status == 74, "\(answer)")
    }

    @Test("where the user may start no thread, training goes on with fewer or says what to do")
    func threads() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o777], ofItemAtPath: sandbox.url.path)
      // The limit does not hold for root, who becomes another user here.
      let user =
        geteuid() == 0
        ? ["/usr/bin/setpriv", "--reuid=64123", "--regid=64123", "--clear-groups"]
        : ["/usr/bin/env"]
      let outcome = try await Programs.run(
        user[0],
        user.dropFirst() + [
          "/bin/bash", "-c", "ulimit -u 1; exec \"$@\"", "sh", Programs.path("rso"),
        ] + sandbox.training("run", ["--threads", "4"]), in: sandbox.url)
      #expect(outcome.status == 69, "\(outcome)")
      #expect(outcome.errors.contains("cannot start a thread for watching for signals"))
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("rso doctor, on this machine and under limits")
  struct DoctorTests {
    private struct Answer: Decodable {
      struct Finding: Decodable {
        var subject: String
        var verdict: String
        var finding: String
        var remedy: String?
      }

      var failing: Int
      var findings: [Finding]

      init(_ outcome: Outcome) throws {
        #expect(outcome.errors == "")
        self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
        #expect(outcome.status == (failing == 0 ? 0 : 1), "\(outcome)")
        #expect(failing == findings.count { $0.verdict == "failing" })
      }

      subscript(_ subject: String) -> Finding {
        get throws { try #require(findings.first { $0.subject == subject }) }
      }

      var failingSubjects: [String] {
        findings.filter { $0.verdict == "failing" }.map(\.subject)
      }
    }

    /// Another user than root, for whom limits of processes and permissions hold.
    private static let anyUser =
      geteuid() == 0
      ? ["/usr/bin/setpriv", "--reuid=64123", "--regid=64123", "--clear-groups"]
      : ["/usr/bin/env"]

    /// Runs `rso doctor PATH --json` in a shell after other commands.
    private func doctor(
      after commands: String = ":", _ path: String, in sandbox: Sandbox,
      as user: [String] = ["/usr/bin/env"], environment: [String: String] = [:]
    ) async throws -> Answer {
      let shell = [
        "/bin/bash", "-c", "\(commands); exec \"$@\"", "sh", Programs.path("rso"), "doctor", path,
        "--json",
      ]
      return try Answer(
        try await Programs.run(
          user[0], user.dropFirst() + shell, in: sandbox.url, environment: environment))
    }

    @Test("nothing fails here, and the directory is as it was")
    func well() async throws {
      let sandbox = try Sandbox()
      let before = try FileManager.default.contentsOfDirectory(atPath: sandbox.url.path)
      let answer = try await doctor(".", in: sandbox)
      #expect(answer.failingSubjects == [])
      for subject in ["kernels", "threads", "hdf5_process", "picture_process", "save", "locks"] {
        #expect(try answer[subject].verdict == "good")
      }
      #expect(try answer["data_mnist"].finding.contains("Fixtures/mnist"))
      let after = try FileManager.default.contentsOfDirectory(atPath: sandbox.url.path)
      #expect(Set(after) == Set(before))
      let text = try await sandbox.rso(["doctor"])
      #expect(text.status == 0 && text.output.hasSuffix("\n\nnothing would fail\n"))
    }

    @Test("a directory of one data set is not taken for that of another")
    func data() async throws {
      let sandbox = try Sandbox()
      let answer = try await doctor(
        ".", in: sandbox, environment: ["RSO_DATA": Fixtures.url("mnist").path])
      #expect(try answer["data_mnist"].verdict == "good")
      #expect(try answer["data_cifar10"].verdict == "absent")
    }

    @Test("the instruction set that it names is the one that computes")
    func kernels() async throws {
      let sandbox = try Sandbox()
      let found = try await doctor(".", in: sandbox)["kernels"].finding
      let bench = try await sandbox.rso([
        "bench", "--arch", "small.json", "--samples", "100", "--batch-size", "50", "--seconds", "0",
        "--layers", "fc", "--json",
      ])
      let used = try #require(bench.output.firstMatch(of: /"instruction_set":"([^"]+)"/)?.1)
      #expect(found.hasPrefix("\(used) (f32"), "\(found)")
    }

    @Test("a directory that is missing is no fault; a file is one, and a directory for others only")
    func paths() async throws {
      let sandbox = try Sandbox()
      let missing = try await doctor("a/b", in: sandbox)
      #expect(missing.failing == 0 && !sandbox.exists("a"))
      #expect(try missing["directory"].finding.hasPrefix("'a/b' does not exist"))
      for path in ["small.json", "small.json/x"] {
        let file = try await doctor(path, in: sandbox)
        #expect(file.failingSubjects == ["directory"], "\(path)")
      }
      try FileManager.default.createDirectory(
        atPath: sandbox.path("closed"), withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o555])
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: sandbox.url.path)
      let closed = try await doctor("closed", in: sandbox, as: Self.anyUser)
      #expect(closed.failingSubjects == ["save"])
      #expect(try closed["save"].finding.hasSuffix("permission denied"))
    }

    @Test("limits of processes are found by starting threads and processes")
    func processes() async throws {
      let sandbox = try Sandbox()
      let none = try await doctor(after: "ulimit -u 1", "/tmp", in: sandbox, as: Self.anyUser)
      #expect(none.failingSubjects == ["threads", "hdf5_process", "picture_process"])
      #expect(try none["threads"].finding.hasSuffix("('ulimit -u' is 1)"))
    }

    @Test("limits of memory, of open files and of the size of files are found")
    func limits() async throws {
      let sandbox = try Sandbox()
      let memory = try await doctor(after: "ulimit -v 900000", ".", in: sandbox)
      #expect(try memory["memory"].verdict == "limited")
      #expect(try memory["memory"].finding.hasPrefix("922 MB at most by 'ulimit -v'"))
      let size = try await doctor(after: "ulimit -f 26", ".", in: sandbox)
      #expect(size.failingSubjects == ["save"])
      #expect(try size["file_size"].finding.hasPrefix("26,624 bytes at most"))
      #expect(try size["save"].finding.hasSuffix("file too large"))
      #expect(try size["save"].remedy?.contains("ulimit -f") == true)
      let time = try await doctor(after: "ulimit -t 30", ".", in: sandbox)
      #expect(try time["processor_time"].finding.hasPrefix("30 s of all threads together"))
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.url.path)
      #expect(!names.contains { $0.hasSuffix(".tmp") })
    }

    @Test("the number of open files that it asks for is what a run needs")
    func openFiles() async throws {
      for (most, verdict) in [(9, "failing"), (10, "limited")] {
        let sandbox = try Sandbox()
        // What the test has open must not be inherited.
        let close = (3...60).map { "exec \($0)>&-" }.joined(separator: "; ")
        let answer = try await doctor(after: "\(close); ulimit -n \(most)", ".", in: sandbox)
        #expect(try answer["open_files"].verdict == verdict)
        let run = try await Programs.run(
          "/bin/bash",
          ["-c", "\(close); ulimit -n \(most); exec \"$@\"", "sh", Programs.path("rso")]
            + sandbox.training("run", cycles: 1), in: sandbox.url)
        #expect((run.status == 0) == (verdict != "failing"), "\(run)")
      }
    }

    @Test("processors that the mask leaves out are told")
    func affinity() async throws {
      let sandbox = try Sandbox()
      let answer = try await doctor(
        ".", in: sandbox, as: ["/usr/bin/taskset", "--cpu-list", "0"])
      let found = try answer["processors"].finding
      #expect(found.hasPrefix("1 of "), "\(found)")
      #expect(try answer["threads"].finding.hasPrefix("all 3 of a run"))
    }

    @Test("a launcher needs MPI's library, and a file that is none is told")
    func mpi() async throws {
      let sandbox = try Sandbox()
      let launched = try await doctor(
        ".", in: sandbox,
        environment: [
          "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0", "RSO_MPI": "/nowhere/it.so",
        ])
      #expect(launched.failingSubjects == ["mpi"])
      #expect(try launched["mpi"].remedy?.contains("'/nowhere/it.so'") == true)
      let broken = try await doctor(
        ".", in: sandbox, environment: ["RSO_MPI": sandbox.path("small.json")])
      #expect(broken.failingSubjects == ["mpi"])
      #expect(try broken["mpi"].remedy?.hasPrefix("cannot load '") == true)
    }

    @Test("a directory for temporary files that is missing is told")
    func temporaryFiles() async throws {
      let sandbox = try Sandbox()
      let answer = try await doctor(".", in: sandbox, environment: ["TMPDIR": "/nowhere"])
      #expect(try answer.failing == 0 && answer["temporary_files"].verdict == "limited")
      let remedy = try answer["temporary_files"].remedy
      #expect(remedy == "name a directory in which this user may write with TMPDIR")
    }

    @Test("a small stack is told, and harms neither rso doctor nor a run", arguments: [32, 64, 96])
    func stack(kibibytes: Int) async throws {
      let sandbox = try Sandbox()
      let answer = try await doctor(after: "ulimit -s \(kibibytes)", ".", in: sandbox)
      #expect(try answer.failing == 0 && answer["stack"].verdict == "limited")
      let lines = ["train"] + sandbox.training("run", cycles: 1).dropFirst()
      for arguments in [lines, ["verify", "run"], ["eval", "run", "--data", "data"]] {
        let outcome = try await Programs.run(
          "/bin/bash",
          ["-c", "ulimit -s \(kibibytes); exec \"$@\"", "sh", Programs.path("rso")] + arguments,
          in: sandbox.url)
        #expect(outcome.status == 0, "\(arguments[0]): \(outcome)")
      }
    }

    @Test(
      "a directory of data that is missing is named; links in a circle, long and empty names have their remedies"
    )
    func names() async throws {
      let sandbox = try Sandbox()
      let answer = try await doctor(".", in: sandbox, environment: ["RSO_DATA": "/nonexistent"])
      #expect(try answer["data_directory"].finding.contains("'/nonexistent'"))
      for (link, target) in [("one", "two"), ("two", "one")] {
        try FileManager.default.createSymbolicLink(
          atPath: sandbox.path(link), withDestinationPath: target)
      }
      #expect(
        try await doctor("one", in: sandbox)["directory"].remedy?.contains("symbolic link") == true)
      let long = String(repeating: "x", count: 300)
      #expect(
        try await doctor(long, in: sandbox)["directory"].remedy?.contains("shorter name") == true)
      let empty = try await sandbox.rso(["doctor", ""])
      #expect(empty.status == 64 && empty.errors.contains("the path is empty"))
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("objectives of programs")
  struct ObjectiveProgramTests {
    private static let examples = Fixtures.repository.appendingPathComponent(
      "docs/examples/objectives")

    /// A program of rso-objective(5) that answers with the summed squares of the outputs, and misbehaves after
    /// some requests. It notes each start in a file.
    private static let misbehaving = """
      import array, os, signal, struct, sys, time
      mode, after = sys.argv[1], int(sys.argv[2])
      with open("started", "a") as notes:
        notes.write("x")
      get, put, flush = sys.stdin.buffer.read, sys.stdout.buffer.write, sys.stdout.buffer.flush
      hello = struct.unpack("<8s6I", get(32))
      assert hello[0] == b"rso-obj\\n" and hello[1] == 1 and hello[2] + hello[6] >= 32
      assert get(hello[2] - 32).startswith(b"rso ")
      outputs = hello[4]
      if mode == "wrong-hello":
        put(b"hello, I am a program")
        flush()
      put(struct.pack("<8sII", b"rso-obj\\n", 2 if mode == "other-version" else 1, 0))
      flush()
      targets, count = {}, 0
      while True:
        head = get(24)
        if len(head) < 24:
          sys.exit(0)
        kind, number, samples, candidates, size = struct.unpack("<4IQ", head)
        body = get(size)
        if kind == 1:
          targets[number] = body
          continue
        assert len(targets[number]) == 4 * samples and size == 4 * samples * outputs * candidates
        rows = array.array("f", body)
        each = samples * outputs
        values = [sum(z * z for z in rows[n * each:(n + 1) * each]) for n in range(candidates)]
        count += 1
        if count > after:
          if mode == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
          if mode == "exit":
            sys.exit("I give up")
          if mode == "hang":
            with open("hanging", "w") as notes:
              notes.write(str(os.getpid()))
            time.sleep(1000)
          if mode == "mute":
            os.close(1)
            time.sleep(1000)
          if mode == "deaf":
            os.close(0)
            put(struct.pack("<%dd" % candidates, *values))
            flush()
            time.sleep(1000)
          if mode == "nan":
            values[-1] = float("nan")
          if mode == "infinite":
            values[0] = float("-inf")
          if mode == "varies":
            values = [value * (1 + time.time_ns() % 99991) for value in values]
        answer = struct.pack("<%dd" % candidates, *values)
        if count > after and mode == "short":
          put(answer[:-3])
          flush()
          sys.exit(0)
        put(answer)
        if count > after and mode == "extra":
          put(b"done\\n")
        flush()
      """

    private func sandbox() throws -> Sandbox {
      let sandbox = try Sandbox()
      try sandbox.write(Self.misbehaving, to: "objective.py")
      return sandbox
    }

    private func training(_ sandbox: Sandbox, _ run: String, _ objective: String) -> [String] {
      sandbox.training(run, architecture: "mlp.json", ["--objective", objective])
    }

    @Test("the examples in Python and C train, to the same bits on any number of threads")
    func examples() async throws {
      let sandbox = try Sandbox()
      let compiled = try await Programs.run(
        "/usr/bin/env",
        [
          "gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", sandbox.path("cross_entropy"),
          Self.examples.appendingPathComponent("cross_entropy.c").path, "-lm",
        ])
      #expect(compiled.status == 0, "\(compiled.errors)")
      let script = Self.examples.appendingPathComponent("cross_entropy.py").path
      for (name, command) in [("c", "./cross_entropy"), ("python", "python3 '\(script)'")] {
        var states: Set<String> = []
        for threads in 1...2 {
          let answer = try TrainingAnswer(
            try await sandbox.rso(
              training(sandbox, "\(name)\(threads)", command) + ["--threads", "\(threads)"]))
          states.insert(answer.stateSha256)
          #expect(answer.testAccuracy > 0.3, "ten classes: guessing is right in one case of ten")
        }
        let resumed = try TrainingAnswer(
          try await sandbox.rso([
            "resume", "\(name)1@1", "-o", "\(name)-branch", "--json", "--objective", command,
          ]))
        states.insert(resumed.stateSha256)
        #expect(states.count == 1)
      }
    }

    @Test("a run is killed and resumed, and ends with the state of one that was not")
    func killed() async throws {
      let sandbox = try sandbox()
      let command = "python3 objective.py good 0"
      let whole = try TrainingAnswer(try await sandbox.rso(training(sandbox, "whole", command)))
      let running = try sandbox.start(
        training(sandbox, "run", command) + ["--save-interval", "0.01"])
      let began = try await running.runs { sandbox.exists("run/ckpt-000001.h5") }
      #expect(began)
      running.send(SIGKILL)
      _ = try await running.end()
      let refused = try await sandbox.rso(["resume", "run"])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("--objective '\(command)'"), "\(refused.errors)")
      let resumed = try TrainingAnswer(
        try await sandbox.rso(["resume", "run", "--json", "--objective", command]))
      #expect(resumed.stateSha256 == whole.stateSha256)
    }

    static let faultTable: [(mode: String, after: Int, status: Int32, message: String)] = [
      ("crash", 7, 69, "was ended by signal 11"),
      ("exit", 7, 69, "ended with status 1 while rso waited for an answer"),
      ("exit", 0, 69, "ended with status 1 while rso waited for an answer"),
      ("hang", 7, 69, "took more than 2 s for an answer; wait longer with --objective-timeout"),
      (
        "mute", 7, 69,
        "closed its standard output while rso waited for an answer, and did not end: let it keep both"
      ),
      ("deaf", 7, 69, "closed its standard input while rso waited for an answer, and did not end"),
      ("nan", 7, 76, "answered nan; expected a finite number"),
      ("infinite", 7, 76, "answered -inf; expected a finite number"),
      ("short", 7, 69, "ended with status 0 while rso waited for an answer"),
      ("extra", 7, 76, "wrote more than its answer"),
    ]

    @Test("a program that fails ends the run with its state saved", arguments: 0..<faultTable.count)
    func faults(index: Int) async throws {
      let fault = Self.faultTable[index]
      let sandbox = try sandbox()
      let command = "python3 objective.py \(fault.mode) \(fault.after)"
      // A busy machine takes its time to start a program and to let it answer.
      let timeout = fault.mode == "hang" ? ["--objective-timeout", "2"] : []
      let outcome = try await sandbox.rso(training(sandbox, "run", command) + timeout)
      #expect(outcome.status == fault.status)
      #expect(outcome.errors.contains(fault.message), "\(outcome.errors)")
      #expect(outcome.errors.contains("the run is saved; resume with: rso resume"))
      if fault.mode == "exit" { #expect(outcome.errors.contains("I give up")) }
      let verified = try await sandbox.rso(["verify", "run"])
      #expect(verified.status == 0, "\(verified.output)")
      // Fails again, at the same place.
      let resumed = try await sandbox.rso(["resume", "run", "--objective", command] + timeout)
      #expect(resumed.status == fault.status, "\(resumed.errors)")
    }

    @Test(
      "a program that cannot begin leaves no run",
      arguments: [
        ("python3 objective.py wrong-hello 0", 76, "began with 'hello, I am a pr'"),
        ("python3 objective.py other-version 0", 76, "speaks version 2 of the protocol"),
        ("python3 missing.py", 69, "ended with status 2 while rso waited for its first message"),
        ("sh -c 'exit 5'", 69, "ended with status 5 while rso waited for its first message"),
        ("./missing", 69, "'./missing': no such file or directory; name a program"),
        ("no-such-program-anywhere", 69, "no such file or directory; name a program"),
        ("./objective.py good 0", 69, "permission denied; make it executable"),
        ("python3 objective.py | tee log", 64, "no unquoted |, which only a shell understands"),
        ("python3 'objective.py", 64, "expected a closing '"),
      ] as [(String, Int32, String)])
    func cannotBegin(command: String, status: Int32, message: String) async throws {
      let sandbox = try sandbox()
      let outcome = try await sandbox.rso(training(sandbox, "run", command))
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!sandbox.exists("run"))
    }

    @Test("a signal ends the waiting for a program, and the program", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) async throws {
      let sandbox = try sandbox()
      let command = "python3 objective.py hang 20"
      let running = try sandbox.start(training(sandbox, "run", command))
      let hangs = try await running.runs {
        ((try? sandbox.data("hanging")) ?? Data()).isEmpty == false
      }
      #expect(hangs)
      running.send(signal)
      let outcome = try await running.end(within: 20)
      #expect(outcome.status == 128 + signal && outcome.signal == nil)
      #expect(
        outcome.errors.contains("interrupted; resume with: rso resume"), "\(outcome.errors)")
      #expect(outcome.errors.contains("--objective '\(command)'"))
      let process = try #require(
        Int32(String(decoding: try sandbox.data("hanging"), as: UTF8.self)))
      #expect(kill(process, 0) == -1 && errno == ESRCH)
      let verified = try await sandbox.rso(["verify", "run"])
      #expect(verified.status == 0)
    }

    @Test("a checkpoint alone never runs a program, whatever is done with it")
    func strangers() async throws {
      let sandbox = try sandbox()
      let command = "python3 objective.py good 0"
      _ = try TrainingAnswer(try await sandbox.rso(training(sandbox, "run", command)))
      let other = try await sandbox.rso(
        sandbox.training("other", architecture: "mlp.json", cycles: 2))
      #expect(other.status == 0)
      try FileManager.default.removeItem(atPath: sandbox.path("started"))
      let sweep = """
        {"options": {"arch": "mlp.json", "data": "data", "cycles": 2, "batch-size": 30},
         "cells": [{"name": "cell"}], "seeds": [7]}
        """
      try sandbox.write(sweep, to: "sweep.json")
      try FileManager.default.createDirectory(
        atPath: sandbox.path("sweep/cell"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: sandbox.path("run"), toPath: sandbox.path("sweep/cell/seed-7"))
      for arguments in [
        ["inspect", "run"], ["inspect", "run", "--json"], ["eval", "run"], ["eval", "run@1"],
        ["history", "run"], ["diff", "run@1", "run"], ["compare", "run", "other"],
        ["export", "run", "-o", "a.npz"], ["export", "run", "-o", "a.onnx"],
        ["predict", "run", "data"], ["verify", "run"], ["verify", "run", "--replay", "2"],
        ["verify", "run@1", "--replay", "2"], ["resume", "run"], ["resume", "run@1", "-o", "b"],
        ["resume", "run", "--cycles", "3", "--extend", "keep"],
        ["resume", "run@1", "-o", "b", "--dry-run"],
        ["resume", "run@1", "-o", "b", "--loss", "auc"],
        ["train", "--resume", "-o", "run"],
        ["train", "--resume", "-o", "run", "--arch", "mlp.json", "--cycles", "3"],
        ["train", "--init", "run/last.h5", "--data", "data", "--cycles", "1", "-o", "c"],
        ["sweep", "sweep.json", "-o", "sweep"], ["bench", "--arch", "mlp.json", "--seconds", "0"],
        ["resume", "run@1", "-o", "b", "--objective", "none"],
        ["resume", "run@1", "-o", "b", "--objective", "./other"],
        ["verify", "run", "--replay", "1", "--objective", "./other"],
      ] {
        _ = try await sandbox.rso(arguments)
        #expect(!sandbox.exists("started"), "\(arguments)")
      }
      // The test can see a start.
      let resumed = try await sandbox.rso(["resume", "run@1", "-o", "d", "--objective", command])
      #expect(resumed.status == 0 && sandbox.exists("started"))
    }

    @Test("a run says which program computed its objective, and that eval does not run it")
    func shown() async throws {
      let sandbox = try sandbox()
      let command = "python3 objective.py good 0"
      _ = try TrainingAnswer(try await sandbox.rso(training(sandbox, "run", command)))
      let inspected = try await sandbox.rso(["inspect", "run"])
      #expect(inspected.output.contains("objective \(command) (default none)"))
      let evaluated = try await sandbox.rso(["eval", "run"])
      #expect(evaluated.output.contains("'\(command)', which is not run here"))
      #expect(evaluated.output.contains("(cross-entropy)"))
    }

    @Test("a changed file of the program is another plan, and the table shows its digests")
    func changed() async throws {
      let sandbox = try sandbox()
      let command = "python3 objective.py good 0"
      _ = try TrainingAnswer(try await sandbox.rso(training(sandbox, "run", command)))
      try sandbox.write(Self.misbehaving + "\n", to: "objective.py")
      let refused = try await sandbox.rso(["resume", "run@1", "-o", "b", "--objective", command])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("'objective.py' of --objective  SHA-256 "))
      let data = sandbox.path("data")
      let advice = "rso train --init run@1 --data \(data) --objective '\(command)'"
      #expect(
        refused.errors.hasSuffix(
          "restore the files; for a changed program, begin a new run from its weights: \(advice)\n"),
        "\(refused.errors)")
      // The advice does what it says.
      let program = "'\(Programs.path("rso"))' \(advice.dropFirst(4)) --cycles 1 -o advised --json"
      let advised = try TrainingAnswer(
        try await Programs.run("/bin/sh", ["-c", program], in: sandbox.url))
      #expect(advised.cycles == 1)
      let inspected = try await sandbox.rso(["inspect", "advised"])
      #expect(inspected.output.contains("objective \(command) (default none)"))
      #expect(inspected.output.contains("600 training and 200 test samples"), "\(inspected.output)")
      let other = try await sandbox.rso(["resume", "run@1", "-o", "b", "--objective", "./other"])
      #expect(
        other.errors.hasSuffix(
          "to continue, give the run's own command: --objective '\(command)'; for another one, begin a new run "
            + "from its weights: rso train --init run@1 --data \(data) --objective ./other\n"),
        "\(other.errors)")
      let replayed = try await sandbox.rso([
        "verify", "run", "--replay", "1", "--objective", command,
      ])
      #expect(replayed.status == 2)
      #expect(replayed.output.contains("files of the objective '\(command)' have changed"))
      try FileManager.default.removeItem(atPath: sandbox.path("objective.py"))
      let missing = try await sandbox.rso(["resume", "run@1", "-o", "b", "--objective", command])
      #expect(missing.status == 64 && missing.errors.contains("not a readable file"))
    }

    @Test("no command stands for the objective of a program that uses rso as a library")
    func library() async throws {
      let sandbox = try sandbox()
      for name in ["lib/last.h5", "lib/ckpt-000002.h5"] {
        try FileManager.default.createDirectory(
          atPath: sandbox.path("lib"), withIntermediateDirectories: true)
        try Data(LibraryRun.objective()).write(to: sandbox.url.appendingPathComponent(name))
      }
      for objective in [
        [], ["--objective", "./other"], ["--objective", "of a program, 'worst class'"],
        ["--loss", "auc"],
      ] {
        for more in [["-o", "b"], []] {
          let outcome = try await sandbox.rso(
            ["resume", "lib", "--cycles", "3", "--extend", "keep"] + objective + more)
          #expect(outcome.status == 64)
          #expect(
            outcome.errors == """
              rso-resume: a program that uses rso as a library computes the objective of 'lib', 'worst class'; \
              continue it with that program

              """)
        }
      }
      // A finished run is not continued with a command either.
      let finished = try await sandbox.rso([
        "resume", "lib", "--objective", "of a program, 'worst class'",
      ])
      #expect(finished.status == 64 && finished.errors.contains("continue it with that program"))
      let branch = try await sandbox.rso(["resume", "lib", "-o", "b"])
      #expect(branch.status == 64 && !sandbox.exists("b"))
      #expect(
        branch.errors.hasSuffix(
          "'b' was not made: its plan ends after 2 cycles; for more, continue it with the program that "
            + "computes its objective\n"), "\(branch.errors)")
      let report = try await sandbox.rso(["report", "lib", "-o", "lib.html"])
      #expect(report.status == 0, "\(report.errors)")
      let page = String(decoding: try sandbox.data("lib.html"), as: UTF8.self)
      #expect(page.contains("so no command makes the run again") && !page.contains("rso train"))
    }

    @Test("a replay asks the program again, and says if it does not answer the same")
    func replays() async throws {
      let sandbox = try sandbox()
      let good = "python3 objective.py good 0"
      _ = try TrainingAnswer(try await sandbox.rso(training(sandbox, "run", good)))
      let same = try await sandbox.rso(["verify", "run", "--replay", "3", "--objective", good])
      #expect(same.status == 0, "\(same.output)")
      let longer = try await sandbox.rso([
        "resume", "run", "--objective", good, "--cycles", "4", "--extend", "rescale",
      ])
      #expect(longer.status == 0, "\(longer.errors)")
      let changed = try await sandbox.rso([
        "verify", "run", "--replay", "1000", "--objective", good,
      ])
      #expect(changed.status == 0, "\(changed.output)")
      let varies = "python3 objective.py varies 0"
      _ = try TrainingAnswer(try await sandbox.rso(training(sandbox, "varies", varies)))
      let other = try await sandbox.rso([
        "verify", "varies", "--replay", "3", "--objective", varies,
      ])
      #expect(other.status == 1)
      #expect(other.output.contains("asked twice, it gave two numbers"), "\(other.output)")
    }

    @Test("a sweep trains and continues runs by a program")
    func sweep() async throws {
      let sandbox = try sandbox()
      try sandbox.write(
        """
        {"options": {"arch": "mlp.json", "data": "data", "batch-size": 30, "cycles": 2,
                     "objective": "python3 objective.py good 0"},
         "cells": [{"name": "cell"}], "seeds": [7]}
        """, to: "sweep.json")
      let outcome = try await sandbox.rso(["sweep", "sweep.json", "-o", "sweep"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let alone = try TrainingAnswer(
        try await sandbox.rso(training(sandbox, "run", "python3 objective.py good 0")))
      let inspected = try await sandbox.rso(["inspect", "sweep/cell/seed-7"])
      #expect(inspected.output.contains(alone.stateSha256))
      for name in ["last.h5", "last-copy.h5", "ckpt-000002.h5", "best.h5"] {
        try? FileManager.default.removeItem(atPath: sandbox.path("sweep/cell/seed-7/\(name)"))
      }
      let continued = try await sandbox.rso(["sweep", "sweep.json", "-o", "sweep"])
      #expect(continued.status == 0, "\(continued.errors)")
      let again = try await sandbox.rso(["inspect", "sweep/cell/seed-7"])
      #expect(again.output.contains(alone.stateSha256))
    }
  }
}

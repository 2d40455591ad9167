import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Training, from the command line")
  struct TrainingTests {
    @Test("a run that has no finite loss left stops, names layer and cycle, and leaves good files")
    func notFinite() async throws {
      let sandbox = try Sandbox()
      // Weights whose sums are beyond single precision.
      _ = try await sandbox.rso(sandbox.training("first", cycles: 1))
      _ = try await sandbox.rso(["export", "first", "--data", "data", "-o", "w.npz"])
      let script = """
        import numpy
        arrays = dict(numpy.load("w.npz"))
        for name, array in arrays.items():
            if array.ndim == 4:
                arrays[name] = array / abs(array).max() * numpy.float32(3e38)
        numpy.savez("large.npz", **arrays)
        """
      let python = try await Programs.run(
        try Python.interpreter(), ["-c", script], in: sandbox.url)
      try #require(python.status == 0, "\(python.errors)")
      let outcome = try await sandbox.rso(
        sandbox.training("run", ["--init", "large.npz"]))
      #expect(outcome.status == 65)
      #expect(
        outcome.errors.contains(
          #/rso-train: no candidate has a finite loss in layer '\w+' of cycle 1: /#))
      let verified = try await sandbox.rso(["verify", "run"])
      #expect(verified.status == 0, "\(verified.output)")
      // The same bits come to the same end.
      let again = try await sandbox.rso(["resume", "run", "--data", "data"])
      #expect(again.status == 65)
      let reason = try #require(outcome.errors.split(separator: "rso-train: ").last)
      #expect(again.errors.contains(reason))
    }

    @Test(
      "a network learns, and eval says what train said", arguments: ["small.json", "mlp.json"])
    func learns(architecture: String) async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", architecture: architecture, cycles: 4)))
      #expect(trained.cycles == 4)
      #expect(trained.testAccuracy > 0.3, "ten classes: guessing is right in one case of ten")
      let answer = try EvaluationAnswer(
        try await sandbox.rso([
          "eval", sandbox.path("run"), "--data", sandbox.path("data"), "--json",
        ])
      )
      #expect(answer.accuracy == trained.testAccuracy)
      #expect(answer.stateSha256 == trained.stateSha256)
      #expect(answer.samples == TinyData.testCount)
      #expect(answer.cycle == 4)
      #expect(answer.confusion.joined().reduce(0, +) == TinyData.testCount)
      let right = answer.confusion.indices.map { answer.confusion[$0][$0] }.reduce(0, +)
      #expect(Double(right) / Double(TinyData.testCount) == answer.accuracy)
    }

    @Test(
      "losses and sets of weights are part of the plan: stored, said, kept and resumed bit for bit",
      arguments: [
        ["--loss", "hinge", "--weights", "binary"], ["--loss", "squared", "--weights", "ternary"],
        ["--loss", "zero-one", "--weights", "int8", "--hold", "2"],
      ])
    func lossesAndWeights(options: [String]) async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", cycles: 2, options)))
      let inspected = try await sandbox.rso(["inspect", "run"])
      for option in stride(from: 0, to: options.count, by: 2) {
        #expect(inspected.output.contains("\(options[option].dropFirst(2)) \(options[option + 1])"))
      }
      let evaluated = try await sandbox.rso(["eval", "run", "--data", "data"])
      #expect(evaluated.output.contains(" (\(options[1]))"))
      for other in [["--loss", "cross-entropy"], ["--weights", "real"]] {
        let refused = try await sandbox.rso(["resume", "run", "--data", "data"] + other)
        #expect(refused.status == 64 && refused.errors.contains(other[0]))
      }
      let resumed = try TrainingAnswer(
        try await sandbox.rso([
          "resume", "run/ckpt-000001.h5", "-o", "branch", "--data", "data", "--json",
        ]))
      #expect(resumed.stateSha256 == whole.stateSha256)
    }

    @Test(
      "a file has the costs of answers or the weights of classes, and the run keeps the numbers")
    func numbersInFiles() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<10).map { row in (0..<10).map { "\(row == $0 ? 0 : row + 1)" } }
      try sandbox.write(
        rows.map { $0.joined(separator: " ") }.joined(separator: "\n") + "\n", to: "costs.txt")
      try sandbox.write((1...10).map { "\($0)" }.joined(separator: "\n"), to: "weights.csv")
      for (options, shown) in [
        (
          ["--cost-matrix", "costs.txt"],
          "loss cost (default cross-entropy), cost-matrix 0.0,1.0,1.0"
        ),
        (["--class-weights", "weights.csv"], "class-weights 1.0,2.0,3.0"),
      ] {
        let run = "run\(options[0])"
        let inFile = try TrainingAnswer(try await sandbox.rso(sandbox.training(run, options)))
        let inspected = try await sandbox.rso(["inspect", run])
        #expect(inspected.output.contains(shown), "\(inspected.output)")
        let text =
          options[0] == "--cost-matrix"
          ? rows.map { $0.joined(separator: ",") }.joined(separator: ";")
          : (1...10).map { "\($0)" }.joined(separator: ",")
        let inWords = try TrainingAnswer(
          try await sandbox.rso(sandbox.training(run + "2", [options[0], text])))
        #expect(inWords.stateSha256 == inFile.stateSha256)
      }
      try sandbox.write("0 1\n1 zero\n", to: "bad.txt")
      try sandbox.write("\n", to: "empty.txt")
      for (option, value, complaint) in [
        ("--cost-matrix", "bad.txt", "'bad.txt', line 2: 'zero' is not a number"),
        ("--cost-matrix", "empty.txt", "'empty.txt' holds no numbers"),
        ("--cost-matrix", "missing.txt", "there is no file 'missing.txt'"),
        ("--cost-matrix", ".", "'.' is not a file"),
        ("--class-weights", "balanecd", "did you mean 'balanced'?"),
        ("--class-weights", "missing.txt", "there is no file 'missing.txt'"),
        ("--class-weights", "1,2,x", "'x' is not a number"),
      ] {
        let refused = try await sandbox.rso(
          sandbox.training("no", [option, value, "--cycles", "1"]))
        #expect(refused.status == 64 && refused.errors.contains(complaint), "\(refused.errors)")
      }
    }

    @Test("the number of threads changes nothing")
    func threads() async throws {
      let sandbox = try Sandbox()
      var states: Set<String> = []
      for threads in 1...3 {
        let arguments = sandbox.training("run\(threads)", ["--threads", "\(threads)"])
        states.insert(try TrainingAnswer(try await sandbox.rso(arguments)).stateSha256)
      }
      #expect(states.count == 1)
    }

    @Test("another seed is another run")
    func seed() async throws {
      let sandbox = try Sandbox()
      let first = try TrainingAnswer(try await sandbox.rso(sandbox.training("a", cycles: 1)))
      let arguments = sandbox.training("b", cycles: 1).map { $0 == "7" ? "8" : $0 }
      let second = try TrainingAnswer(try await sandbox.rso(arguments))
      #expect(first.stateSha256 != second.stateSha256)
    }

    @Test("a run leaves a checkpoint a cycle, the newest, the best, and a row a cycle")
    func files() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 3)))
      for name in ["ckpt-000001.h5", "ckpt-000002.h5", "ckpt-000003.h5", "last.h5", "best.h5"] {
        #expect(sandbox.exists("run/\(name)"), "\(name)")
      }
      let rows = String(decoding: try sandbox.data("run/metrics.csv"), as: UTF8.self)
      #expect(rows.split(separator: "\n").count == 4)
    }

    @Test("--keep-last and --keep-every say which checkpoints stay")
    func retention() async throws {
      let sandbox = try Sandbox()
      let arguments = sandbox.training("run", cycles: 5, ["--keep-last", "1", "--keep-every", "2"])
      _ = try TrainingAnswer(try await sandbox.rso(arguments))
      let kept = (1...5).filter { sandbox.exists("run/ckpt-00000\($0).h5") }
      #expect(kept == [2, 4, 5])
    }

    @Test("--dry-run says what would be done, and does nothing")
    func dryRun() async throws {
      let sandbox = try Sandbox()
      let schedule = ["--batch-size", "20:1,30:9,600", "--keep-last", "2"]
      let outcome = try await sandbox.rso(sandbox.preview(sandbox.training("run", schedule)))
      #expect(outcome.status == 0)
      for part in [
        "conv1", "6 x 1 x 3 x 3", "conv2", "fc", "steps per cycle", sandbox.path("run"),
        // What the schedule has for later cycles is of no account.
        "20 (1 cycle), 30 of 600 samples",
        "ckpt-000000.h5 to ckpt-000002.h5, of which the last 2 will be kept\n",
      ] {
        #expect(outcome.output.contains(part), "\(part)")
      }
      #expect(!sandbox.exists("run"))
      let json = try await sandbox.rso(sandbox.training("run", ["--dry-run"]))
      #expect(json.status == 64 && json.errors.contains("a dry run has no summary to print"))
    }

    @Test("without --batch-size a minibatch has all samples of a small training set")
    func smallData() async throws {
      let sandbox = try Sandbox()
      let arguments = [
        "train", "--arch", "small.json", "--data", "data", "--seed", "1", "--cycles", "1",
      ]
      for (more, size) in [([], 600), (["--phase-samples", "90"], 90)] {
        let preview = try await sandbox.rso(arguments + more + ["--dry-run"])
        #expect(
          preview.output.contains("minibatches   \(size) of \(size) samples"), "\(preview.output)")
      }
      let trained = try await sandbox.rso(arguments + ["-o", "run", "-q", "--json"])
      #expect(try TrainingAnswer(trained).cycles == 1)
      let plan = try await sandbox.rso(["inspect", "run", "--json"])
      #expect(plan.output.contains(#""batch-size":"600""#), "\(plan.output.prefix(3000))")
      let refused = try await sandbox.rso(arguments + ["--batch-size", "5000", "--dry-run"])
      #expect(refused.status == 64 && refused.errors.contains("invalid batch-size '5000'"))
    }

    @Test("a number of cycles without end is refused")
    func endless() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(
        sandbox.preview(sandbox.training("run", cycles: .max)))
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("invalid cycles '9223372036854775807'"))
    }

    @Test("a recipe's options hold where no others are given, and name the run's directory")
    func recipe() async throws {
      let sandbox = try Sandbox()
      let arguments = ["train", "--preset", "mnist-fast", "--seed", "5", "--hold", "8"]
      let preview = try await sandbox.rso(arguments + ["--dry-run"])
      #expect(preview.status == 0, "\(preview.errors)")
      for part in ["mnist-6conv-average", "hold 8", "selection first", "runs/mnist-fast-5:"] {
        #expect(preview.output.contains(part), "\(part)")
      }
      let running = try sandbox.start(arguments)
      _ = try await running.runs(until: { sandbox.exists("runs/mnist-fast-5/last.h5") })
      running.send(SIGTERM)
      _ = try await running.end(within: 10)
      let other = try await sandbox.rso(
        ["resume", "runs/mnist-fast-5", "--preset", "mnist-fast", "--dry-run"])
      #expect(other.status == 64)
      #expect(other.errors.contains("--hold") && !other.errors.contains("--batch-size"))
      let same = try await sandbox.rso([
        "resume", "runs/mnist-fast-5", "--preset", "mnist-fast", "--hold", "8", "--dry-run",
      ])
      #expect(same.status == 0, "\(same.errors)")
    }

    @Test("a run directory that exists is refused with the way out, and left alone")
    func existing() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let before = try sandbox.data("run/last.h5")
      let outcome = try await sandbox.rso(sandbox.training("run", cycles: 1))
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains(sandbox.path("run")))
      #expect(outcome.errors.contains("rso resume"))
      #expect(try sandbox.data("run/last.h5") == before)
    }

    @Test("without -o a run goes to runs/, and says so; without --seed one is chosen")
    func defaults() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso([
        "train", "--arch", "small.json", "--data", "data", "--cycles", "1", "--batch-size", "60",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let runs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("runs"))
      let run = try #require(runs.first)
      #expect(runs.count == 1 && run.hasPrefix("small-"))
      #expect(outcome.errors.contains("runs/\(run)"))
      #expect(outcome.output.contains("runs/\(run)"))
      let seed = run.dropFirst("small-".count)
      #expect(outcome.errors.contains("seed \(seed)"))
    }

    @Test("without a terminal progress is one line a finished cycle; --quiet says nothing")
    func progress() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(sandbox.training("a", cycles: 2))
      #expect(!outcome.errors.contains("\r"))
      let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("cycle ") }
      #expect(lines.count == 2)
      let quiet = try await sandbox.rso(sandbox.training("b", cycles: 1, ["--quiet"]))
      #expect(quiet.status == 0)
      #expect(quiet.errors == "")
    }

    @Test("a reader of the progress that goes away ends the run, saved; without one it goes on")
    func progressReader() async throws {
      let sandbox = try Sandbox()
      let rso = "'\(Programs.path("rso"))'"
      let train = sandbox.training("run", cycles: 10_000).joined(separator: " ")
      let piped = try await Programs.run(
        "/bin/bash", ["-c", "\(rso) \(train) 2>&1 | head -n 1; exit ${PIPESTATUS[0]}"])
      #expect(piped.status == 141)
      #expect(piped.output.hasPrefix("training small"))
      #expect(sandbox.exists("run/last.h5"))
      let closed = sandbox.training("closed", cycles: 1).joined(separator: " ")
      let outcome = try await Programs.run("/bin/bash", ["-c", "\(rso) \(closed) 2>&-"])
      #expect(try TrainingAnswer(outcome).cycles == 1)
    }

    @Test("a second writer is refused while the first one runs")
    func secondWriter() async throws {
      let sandbox = try Sandbox()
      let first = try sandbox.start(
        sandbox.training("run", cycles: 10_000, ["--save-interval", "0.05"]))
      #expect(try await first.runs { sandbox.exists("run/last.h5") })
      let second = try await sandbox.rso(["resume", "run", "--data", "data"])
      #expect(second.status == 75)
      #expect(
        second.errors.contains(
          #/is in use by process \d+ on \S+ since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: wait for it/#),
        "\(second.errors)")
      #expect(second.errors.contains("run"))
      first.send(SIGTERM)
      #expect(try await first.end().status == 143)
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("CIFAR-10's networks and files, from the command line")
  struct CIFARTests {
    /// A sandbox whose `cifar` holds pictures of ten colours in CIFAR-10's binary form.
    private func sandbox() throws -> Sandbox {
      let sandbox = try Sandbox()
      try TinyCIFAR.write(to: sandbox.url.appendingPathComponent("cifar"))
      return sandbox
    }

    /// Packs `cifar` into `colours.tar.gz`.
    private func pack(_ sandbox: Sandbox) async throws {
      let packed = try await Programs.run(
        "/bin/tar", ["-czf", "colours.tar.gz", "cifar"], in: sandbox.url)
      #expect(packed.status == 0, "\(packed.errors)")
    }

    private func training(_ run: String, data: String, cycles: Int = 2) -> [String] {
      [
        "train", "--preset", "cifar-depth3", "--data", data, "--cycles", "\(cycles)",
        "--batch-size", "8", "--phase-samples", "16", "--seed", "3", "--save-interval", "0.1",
        "-o", run, "--json",
      ]
    }

    @Test("a run from the directory, killed and resumed from the archive, is the undisturbed one")
    func resumes() async throws {
      let sandbox = try sandbox()
      try await pack(sandbox)
      let whole = try TrainingAnswer(
        try await sandbox.rso(training("whole", data: "cifar")))
      #expect(whole.testAccuracy > 0.2, "ten classes: guessing is right in one case of ten")

      let running = try sandbox.start(training("run", data: "./cifar"))
      try #require(try await running.runs { sandbox.exists("run/ckpt-000001.h5") })
      running.send(SIGKILL)
      #expect(try await running.end().signal == SIGKILL)
      let resumed = try TrainingAnswer(
        try await sandbox.rso(["resume", "run", "--data", "colours.tar.gz", "--json"]))
      #expect(resumed.stateSha256 == whole.stateSha256)

      let evaluated = try EvaluationAnswer(
        try await sandbox.rso(["eval", "run", "--data", "cifar", "--json"]))
      #expect(evaluated.accuracy == whole.testAccuracy)
      #expect(evaluated.samples == TinyCIFAR.testCount)
      let inspected = try await sandbox.rso(["inspect", "run"])
      #expect(inspected.output.contains("cifar: 60 training and 20 test samples of 3 x 32 x 32"))

      // Out to another tool's file, and back.
      for file in ["net.safetensors", "net.onnx"] {
        let exported = try await sandbox.rso(["export", "run", "-o", file])
        #expect(exported.status == 0, "\(exported.errors)")
        let imported = try await sandbox.rso([
          "import", file, "--preset", "cifar-depth3", "--data", "cifar", "-o", file + ".h5",
        ])
        #expect(imported.status == 0, "\(imported.errors)")
        let again = try EvaluationAnswer(
          try await sandbox.rso(["eval", file + ".h5", "--data", "cifar", "--json"]))
        #expect(again.confusion == evaluated.confusion)
        #expect(again.loss == evaluated.loss)
      }
    }

    @Test("ONNX Runtime gives the logits of 'rso eval --predictions', each channel normalised")
    func predictions() async throws {
      let sandbox = try sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(training("run", data: "cifar", cycles: 1)))
      for arguments in [
        ["export", "run", "-o", "images.onnx", "--include-normalization"],
        ["eval", "run", "--data", "cifar", "--predictions", "p.csv"],
      ] {
        let outcome = try await sandbox.rso(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let comparison = try JSONDecoder().decode(
        PredictionComparison.self,
        from: Python.run(
          "exporters/check_predictions.py",
          ["images.onnx", "cifar", "p.csv"].map(sandbox.path)))
      #expect(comparison.samples == TinyCIFAR.testCount)
      #expect(comparison.deviation <= 1e-4)
    }

    /// Runs in `make check-pytorch`.
    @Test("gradient descent in PyTorch reads the archive's images as rso does")
    func archiveInPyTorch() async throws {
      let sandbox = try sandbox()
      try await pack(sandbox)
      let outcome = try await Programs.run(
        try Python.interpreter(),
        [
          Fixtures.repository.appendingPathComponent("Benchmarks/sgd.py").path, "--rso",
          Programs.path("rso"), "--preset", "cifar-depth3", "--data", "colours.tar.gz",
          "--epochs", "0", "--threads", "1",
        ], in: sandbox.url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("the network answers as rso does"))
    }

    @Test("a preset of CIFAR-10 looks for cifar10 by itself, and says where")
    func usualData() async throws {
      let sandbox = try sandbox()
      let arguments = ["train", "--preset", "cifar-depth10", "--batch-size", "8", "--dry-run"]
      let found = try await sandbox.rso(
        arguments, environment: ["RSO_DATA": sandbox.path("cifar")])
      #expect(found.status == 0, "\(found.errors)")
      let missing = try await sandbox.rso(arguments, environment: ["RSO_DATA": sandbox.path("no")])
      #expect(missing.status == 66)
      #expect(missing.errors.contains("cannot find data set 'cifar10', looked in: "))
      #expect(missing.errors.contains("no/cifar-10-binary.tar.gz"))
      let mnist = try await sandbox.rso([
        "train", "--preset", "cifar-depth3", "--data", "data", "--dry-run",
      ])
      #expect(mnist.status == 64, "images of another size: \(mnist.errors)")
      let damaged = try await sandbox.rso([
        "train", "--preset", "cifar-depth3", "--data", "small.json", "--dry-run",
      ])
      #expect(damaged.status == 66)
      #expect(
        damaged.errors.contains("small.json'; the kinds that are read: IDX files as MNIST's ("))
      #expect(damaged.errors.contains("CIFAR-10's binary version (not a tar archive)"))
    }
  }
}

/// Pictures of ten colours in noise, in CIFAR-10's binary form, the training images in two batches.
enum TinyCIFAR {
  static let trainingCount = 60
  static let testCount = 20

  static func write(to directory: URL) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var noise: UInt32 = 1
    for (name, count) in [
      ("data_batch_1.bin", trainingCount / 2), ("data_batch_2.bin", trainingCount / 2),
      ("test_batch.bin", testCount),
    ] {
      var bytes: [UInt8] = []
      for index in 0..<count {
        let label = UInt8(index * 7 % 10)
        bytes.append(label)
        for place in 0..<3072 {
          noise = noise &* 1_664_525 &+ 1_013_904_223
          let level = (Int(label) * (place / 1024 + 1)) % 10 * 20
          bytes.append(UInt8(level + Int(noise >> 26)))
        }
      }
      try Data(bytes).write(to: directory.appendingPathComponent(name))
    }
  }
}

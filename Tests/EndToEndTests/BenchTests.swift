import Foundation
import Testing

extension EndToEnd {
  @Suite("Benchmarks, from the command line")
  struct BenchTests {
    /// The part of an answer that is looked at.
    private struct Answer: Decodable {
      struct Layer: Decodable {
        var layer: String
        var millisecondsPerWeight: Double
        var secondsPerCycle: Double
      }
      struct Kernel: Decodable { var gflops: Double }
      struct Calibration: Decodable { var gflopsPerCore: Double }
      struct Prediction: Decodable {
        var secondsPerCycle: Double
        var evaluationSeconds: Double
        var secondsPerRun: Double
        var processorSecondsPerCycle: Double
        var secondsTimesCalibration: Double
      }
      struct Memory: Decodable { var bytes: Int }
      var layers: [Layer]
      var kernels: [Kernel]
      var calibration: Calibration
      var prediction: Prediction?
      var memory: Memory
    }

    private struct Losses: Decodable {
      struct Step: Decodable {
        var current: Double
        var plus: Double
        var minus: Double
      }
      var steps: [Step]
    }

    private let small = [
      "bench", "--arch", "small.json", "--samples", "600", "--test-samples", "200",
      "--batch-size", "30", "--seconds", "0.2", "--threads", "1",
    ]

    private func decode<Value: Decodable>(_ type: Value.Type, _ outcome: Outcome) throws -> Value {
      try #require(outcome.status == 0, "\(outcome.errors)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: Data(outcome.output.utf8))
    }

    @Test("a cycle is its layers and its end; a run its cycles")
    func adds() async throws {
      let sandbox = try Sandbox()
      let answer = try decode(
        Answer.self, try await sandbox.rso(small + ["--json", "--cycles", "7"]))
      #expect(answer.layers.map(\.layer) == ["fc", "conv2", "conv1"])
      let prediction = try #require(answer.prediction)
      let sum = answer.layers.reduce(prediction.evaluationSeconds) { $0 + $1.secondsPerCycle }
      #expect(abs(sum - prediction.secondsPerCycle) < 1e-6 * sum)
      #expect(abs(prediction.secondsPerRun - 7 * prediction.secondsPerCycle) < 1e-6 * sum)
      #expect(
        abs(
          prediction.secondsTimesCalibration
            / (prediction.processorSecondsPerCycle * answer.calibration.gflopsPerCore) - 1) < 1e-6)
      #expect(answer.kernels.count > 10 && answer.kernels.allSatisfy { $0.gflops > 0 })
      #expect(answer.layers.allSatisfy { $0.millisecondsPerWeight > 0 })
      #expect(answer.memory.bytes > 1 << 20)
    }

    @Test("--layers times those alone, and predicts nothing")
    func layers() async throws {
      let sandbox = try Sandbox()
      let answer = try decode(
        Answer.self, try await sandbox.rso(small + ["--json", "--layers", "conv1"]))
      #expect(answer.layers.map(\.layer) == ["conv1"])
      #expect(answer.prediction == nil && answer.kernels.isEmpty)
    }

    @Test("answers a person with tables")
    func text() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(small)
      #expect(outcome.status == 0)
      for part in [
        "calibration", "GFLOP/s", "conv1", "per weight (ms)", "time per cycle", "memory",
      ] {
        #expect(outcome.output.contains(part), "\(part)")
      }
    }

    @Test("--losses gives the losses of each step with the file's weights")
    func losses() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let step = #"{"layer": "conv1", "neuron": 2, "weight": 4, "delta": 0.25, "#
      try sandbox.write(
        #"{"steps": [\#(step) "batch": [0, 40]}, {"layer": "fc", "neuron": 1, "weight": 5, "#
          + #""delta": 0, "samples": [3, 1, 2]}, {"layer": "conv2", "kind": "gamma", "neuron": 5, "#
          + #""delta": -0.5, "batch": [7, 32]}, \#(step) "batch": [0, 40]}]}"#, to: "steps.json")
      let arguments = [
        "bench", "--losses", "steps.json", "--weights", "run/last.h5", "--data", "data",
      ]
      let outcome = try await sandbox.rso(arguments)
      let steps = try decode(Losses.self, outcome).steps
      #expect(steps.count == 4)
      #expect(steps.allSatisfy { $0.current > 0 && $0.current < 10 })
      #expect(steps[0].plus != steps[0].current && steps[0].minus != steps[0].plus)
      #expect(steps[1].plus == steps[1].current && steps[1].minus == steps[1].current)
      #expect(steps[2].plus != steps[2].minus)
      #expect(steps[3].current == steps[0].current && steps[3].plus == steps[0].plus)
      let again = try await sandbox.rso(arguments + ["--threads", "3"])
      #expect(again.output == outcome.output)
    }

    @Test(
      "steps that do not fit are named, with status 65",
      arguments: [
        (#"{"steps": "all"}"#, "steps"), ("{", "JSON"),
        (#"{"steps": [{"neuron": 0, "delta": 1, "batch": [0, 1]}]}"#, "layer"),
        (#"{"steps": [{"layer": "x", "neuron": 0, "delta": 1, "batch": [0, 1]}]}"#, "'x'"),
        (#"{"steps": [{"layer": "fc", "neuron": 10, "delta": 1, "batch": [0, 1]}]}"#, "neuron 10"),
        (
          #"{"steps": [{"layer": "fc", "neuron": 0, "weight": 6, "delta": 1, "batch": [0, 1]}]}"#,
          "weight 6"
        ),
        (#"{"steps": [{"layer": "fc", "neuron": 0, "delta": 1, "batch": [0, 601]}]}"#, "599"),
        (#"{"steps": [{"layer": "fc", "neuron": 0, "delta": 1, "samples": [-1]}]}"#, "599"),
        (#"{"steps": [{"layer": "fc", "neuron": 0, "delta": 1}]}"#, "samples"),
        (
          #"{"steps": [{"layer": "fc", "kind": "gamma", "neuron": 0, "delta": 1, "batch": [0, 1]}]}"#,
          "gamma"
        ),
      ])
    func badSteps(text: String, part: String) async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      try sandbox.write(text, to: "steps.json")
      let outcome = try await sandbox.rso([
        "bench", "--losses", "steps.json", "--weights", "run/last.h5", "--data", "data",
      ])
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("'steps.json'") && outcome.errors.contains(part))
    }

    @Test("a run that can never have its memory is refused, with options that it would fit with")
    func memory() async throws {
      let sandbox = try Sandbox()
      let command =
        "ulimit -v 2100000; '\(Programs.path("rso"))' train --dry-run --threads 2 --batch-size 20000"
      let outcome = try await Programs.run("/bin/bash", ["-c", command], in: sandbox.url)
      #expect(outcome.status == 69, "\(outcome.errors)")
      #expect(outcome.output.contains("memory"))
      for part in ["the run needs about", "--phase-samples", "--batch-size"] {
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
      }
      let bench = try await sandbox.rso(
        ["bench", "--samples", "2147483647", "--batch-size", "2147483647", "--layers", "fc"])
      #expect(bench.status == 69 && bench.errors.contains("but can have at most"))
      // One layer's few minibatches need less than a run, which this could not have.
      let one = try await Programs.run(
        "/bin/bash",
        [
          "-c",
          "ulimit -v 1900000; '\(Programs.path("rso"))' bench --layers fc --seconds 0 --threads 2",
        ], in: sandbox.url)
      #expect(one.status == 0, "\(one.errors)")
      // Nothing of that size is taken to find out.
      let convolution = #"{"type": "convolution", "filters": 16, "kernel": 1}"#
      try sandbox.write(
        """
        {"name": "wide", "input": [1, 1024, 1024], "classes": 10, "layers": [
          \(Array(repeating: convolution, count: 4).joined(separator: ", ")),
          {"type": "global-pool", "mode": "max"}, {"type": "linear", "outputs": 10}]}
        """, to: "wide.json")
      let wide = try await Programs.run(
        "/bin/bash",
        [
          "-c",
          "ulimit -v 3000000; '\(Programs.path("rso"))' bench --arch wide.json --samples 200 "
            + "--batch-size 100 --threads 2",
        ], in: sandbox.url)
      #expect(wide.status == 69 && wide.errors.contains("can have at most"), "\(wide.errors)")
    }
  }
}

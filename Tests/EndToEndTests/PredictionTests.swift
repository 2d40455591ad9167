import Foundation
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Prediction, from the command line")
  struct PredictionTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      return sandbox
    }

    /// The columns of a CSV file that are named.
    private func columns(_ text: String, _ names: [String]) -> [[Substring]] {
      let lines = text.split(separator: "\n")
      let header = lines[0].split(separator: ",").map(String.init)
      let places = names.compactMap { header.firstIndex(of: $0) }
      return lines.dropFirst().map { line in
        let fields = line.split(separator: ",")
        return places.map { fields[$0] }
      }
    }

    @Test("predictions are those of 'rso eval', without the answers")
    func predictions() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["predict", "run", "--data", "data", "-o", "p.csv"])
      #expect(outcome.status == 0 && outcome.output == "")
      #expect(
        outcome.errors
          == "wrote predictions of 200 samples by small of 'run/last.h5' to 'p.csv'\n")
      let text = String(decoding: try sandbox.data("p.csv"), as: UTF8.self)
      #expect(text.hasPrefix("index,prediction,probability_0,") && !text.contains("label"))
      _ = try await sandbox.rso(["eval", "run", "--predictions", "e.csv", "--json"])
      let known = String(decoding: try sandbox.data("e.csv"), as: UTF8.self)
      let names = ["index", "prediction", "probability_3", "logit_9"]
      #expect(columns(text, names) == columns(known, names))
      #expect(columns(text, names).count == TinyData.testCount)
    }

    @Test("a file of sparse samples has the features of the run, however few occur in it")
    func sparse() async throws {
      let sandbox = try Sandbox()
      let lines = (0..<60).map { "\($0 % 2) \($0 % 2):1.5 4:\($0 % 7)" }
      try sandbox.write(lines.joined(separator: "\n"), to: "t.svm")
      _ = try TrainingAnswer(
        try await sandbox.rso([
          "train", "--data", "t.svm", "--arch", "auto", "--test", "0.2", "--cycles", "1",
          "-o", "run", "--json",
        ]))
      // Without a number 0 in it, the file alone would be one of numbers from 1.
      try sandbox.write("0 1:1.5\n", to: "new.svm")
      try sandbox.write("0,1.5,0,0,0\n", to: "new.csv")
      let sparse = try await sandbox.rso(["predict", "run", "--data", "new.svm", "-o", "-"])
      let dense = try await sandbox.rso([
        "predict", "run", "--data", "new.csv", "-o", "-",
      ])
      #expect(sparse.status == 0, "\(sparse.errors)")
      #expect(dense.status == 0 && sparse.output == dense.output)
    }

    @Test("a table is predicted with or without its last column, whose answers are numbers")
    func table() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<60).map { "\($0 % 3).5,\($0 % 7),\($0 % 3)" }
      try sandbox.write("a,b,kind\n" + rows.joined(separator: "\n") + "\n", to: "t.csv")
      _ = try TrainingAnswer(
        try await sandbox.rso([
          "train", "--data", "t.csv", "--arch", "auto", "--test", "0.2", "--label", "-1",
          "--cycles", "1",
          "-o", "run", "--json",
        ]))
      let features = rows.map { $0.split(separator: ",") }
      try sandbox.write(
        "b,a\n" + features.map { "\($0[1]),\($0[0])\n" }.joined(), to: "alone.csv")
      let whole = try await sandbox.rso(["predict", "run", "--data", "t.csv", "-o", "-"])
      let alone = try await sandbox.rso(["predict", "run", "--data", "alone.csv", "-o", "-"])
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(alone.status == 0 && alone.output == whole.output, "\(alone.errors)")
    }

    @Test("images of a directory without labels are predicted")
    func unlabelled() async throws {
      let sandbox = try await trained()
      let whole = try await sandbox.rso(["predict", "run", "--data", "data", "-o", "-"])
      for name in try FileManager.default.contentsOfDirectory(
        atPath: sandbox.url.appendingPathComponent("data").path)
      where name.contains("labels") {
        try FileManager.default.removeItem(at: sandbox.url.appendingPathComponent("data/\(name)"))
      }
      let images = try await sandbox.rso(["predict", "run", "--data", "data", "-o", "-"])
      #expect(images.status == 0 && images.output == whole.output, "\(images.errors)")
    }

    @Test("the size of a batch and the number of threads change nothing; '-' is standard output")
    func batch() async throws {
      let sandbox = try await trained()
      let one = try await sandbox.rso([
        "predict", "run", "--data", "data", "-o", "-", "--batch", "1", "--threads", "1",
      ])
      let many = try await sandbox.rso([
        "predict", "run", "--data", "data", "-o", "-", "--batch", "77", "--threads", "3",
      ])
      #expect(one.status == 0 && one.errors == "" && one.output == many.output)
      #expect(one.output.split(separator: "\n").count == TinyData.testCount + 1)
      let npz = try await sandbox.rso(["predict", "run", "--data", "data", "-o", "p.npz", "-q"])
      #expect(npz.status == 0 && npz.errors == "")
      #expect(try sandbox.data("p.npz").starts(with: Data("PK".utf8)))
    }

    @Test("a state without statistics takes them from the run's training set")
    func average() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso([
        "predict", "run", "--average", "1", "--data", "data", "-o", "-",
      ])
      #expect(outcome.status == 0 && outcome.errors.hasPrefix("the mean of the weights has no"))
      let plain = try await sandbox.rso(["predict", "run", "--data", "data", "-o", "-"])
      #expect(outcome.output == plain.output)
    }

    @Test(
      "what cannot be predicted or written is refused",
      arguments: [
        (
          ["run", "--data", "data", "-o", "p.txt"], 64,
          "invalid output 'p.txt': expected a name that ends in .csv or .npz, or '-'\n"
        ),
        (["run", "--data", "data", "-o", "small.csv"], 73, "'small.csv' exists; use --force"),
        (["run", "--data", "nowhere", "-o", "p.csv"], 66, "nowhere"),
        (["nowhere", "--data", "data", "-o", "p.csv"], 66, "cannot open 'nowhere'"),
        (
          ["run", "--data", "mnist", "-o", "p.csv"], 64, "the data's sample shape is '1 x 28 x 28'"
        ),
        (["run", "-o", "p.csv"], 64, "--data"),
      ])
    func refused(arguments: [String], status: Int32, message: String) async throws {
      let sandbox = try await trained()
      try sandbox.write("", to: "small.csv")
      let outcome = try await sandbox.rso(["predict"] + arguments)
      #expect(outcome.status == status && outcome.output == "", "\(outcome)")
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!sandbox.exists("p.csv"))
    }
  }
}

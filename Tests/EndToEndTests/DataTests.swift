import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Data sets, from the command line")
  struct DataTests {
    private func sandbox() throws -> Sandbox {
      let sandbox = try Sandbox()
      var rows = "length,width,kind\n"
      for index in 0..<60 {
        let label = index % 3
        rows += "\(Double(label) + Double(index % 7) / 8),\(index % 11 - label),"
        rows += ["red", "green", "\"deep, blue\""][label] + "\n"
      }
      try sandbox.write(rows, to: "table.csv")
      return sandbox
    }

    private func object(_ outcome: Outcome) throws -> [String: Any] {
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test("a table, a folder of pictures and IDX files are shown")
    func kinds() async throws {
      let sandbox = try sandbox()
      let table = try await sandbox.rso(["data", "./table.csv", "--test", "0.2"])
      #expect(table.status == 0 && table.errors == "", "\(table.errors)")
      #expect(table.output.contains("task    classification, 3 classes\n"))
      #expect(table.output.contains("\ndeep, blue        16     4\n"))
      #expect(table.output.contains("the label is column 3 ('kind'); choose another with --label"))
      for name in ["a", "b"] {
        let folder = sandbox.url.appendingPathComponent("pets/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Fixtures.data("pictures/kinds/01-color.png")
          .write(to: folder.appendingPathComponent("1.png"))
      }
      let pictures = try await sandbox.rso(["data", "pets"])
      #expect(pictures.output.contains("sample  3 x 24 x 20 (channels x height x width), bytes"))
      #expect(
        pictures.output.contains("! 1 training sample repeats an earlier one, 1 of them with"))
      let images = try object(try await sandbox.rso(["data", "data", "--json"]))
      #expect(images["shape"] as? [Int] == [1, 8, 8] && images["elements"] as? String == "bytes")
      let sets = try #require(images["sets"] as? [[String: Any]])
      #expect(sets.map { $0["samples"] as? Int } == [600, 200])
    }

    @Test(
      "a part, a seed or data that are no such value are refused with what is expected",
      arguments: [
        (
          ["--test", "0"],
          "invalid test '0': expected a share above 0 and below 1 such as 0.2, or a"
        ),
        (["--test", "-0.2"], "invalid test '-0.2': expected a share above 0"),
        (["--validation", "20%"], "invalid validation '20%': expected a share above 0"),
        (["--split-seed", "-1"], "invalid split-seed '-1': expected a whole number, 0 or more"),
        (["--test-data", ""], "invalid test-data '': expected a file or directory"),
      ])
    func values(arguments: [String], message: String) async throws {
      let outcome = try await sandbox().rso(["data", "table.csv"] + arguments)
      #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("the last column can be chosen as -1, and an empty name is no data")
    func lastColumn() async throws {
      let sandbox = try sandbox()
      let outcome = try await sandbox.rso(["data", "table.csv", "--label", "-1"])
      #expect(outcome.status == 0 && outcome.output.contains("classification, 3 classes"))
      let nothing = try await sandbox.rso(["data", ""])
      #expect(nothing.status == 66 && nothing.errors.contains("the name is empty; name a file"))
    }

    @Test("an array that libhdf5 reads for ever is left out after a few seconds, and named")
    func endless() async throws {
      let sandbox = try sandbox()
      let outcome = try await sandbox.rso(["data", Fixtures.url("hdf5/endless.h5").path])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("'class_names' is not used: cannot read"))
      #expect(outcome.output.contains("libhdf5 took too long"), "\(outcome.output)")
    }

    @Test("arrays that were written are the same data", arguments: ["npz", "h5"])
    func arrays(suffix: String) async throws {
      let sandbox = try sandbox()
      for data in ["./table.csv", "data"] {
        let first = try object(
          try await sandbox.rso(["data", data, "--json", "-o", "arrays.\(suffix)", "--force"]))
        let again = try object(try await sandbox.rso(["data", "./arrays.\(suffix)", "--json"]))
        for key in ["shape", "task", "elements", "outputs"] {
          let (a, b) = (first[key] as? NSObject, again[key] as? NSObject)
          #expect(a != nil && a == b, "\(key)")
        }
        func digests(_ object: [String: Any]) -> [String?] {
          (object["sets"] as? [[String: Any]] ?? []).map { $0["sha256"] as? String }
        }
        #expect(digests(first) == digests(again) && !digests(first).isEmpty)
      }
    }

    @Test("names of classes and features are written and read; arrays are listed")
    func names() async throws {
      let sandbox = try sandbox()
      let path = Fixtures.url("datasets/named.npz").path
      for file in ["a.npz", "a.h5"] {
        _ = try object(try await sandbox.rso(["data", path, "--json", "-o", file]))
        let again = try object(try await sandbox.rso(["data", "./\(file)", "--json"]))
        let outputs = try #require(again["outputs"] as? [[String: Any]])
        #expect(outputs.map { $0["name"] as? String } == ["setosa", "versicolor", "azure"])
        let channels = try #require(again["channels"] as? [[String: Any]])
        #expect(channels.first?["name"] as? String == "length")
        let arrays = try #require(again["arrays"] as? [[String: Any]])
        #expect(
          Set(arrays.compactMap { $0["use"] as? String }) == [
            "inputs", "labels", "names of the outputs", "names of the features",
          ])
      }
    }

    @Test("two numbers to predict are learned alike, however different their units")
    func targetUnits() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<300).map { row in
        let (a, b) = (row * 37 % 101, row * 53 % 97)
        return "\(a),\(b),\(1000 * (a + b)).5,\(Double(a - b) / 1000)"
      }
      try sandbox.write("a,b,large,small\n" + rows.joined(separator: "\n") + "\n", to: "two.csv")
      let options = [
        "train", "--data", "two.csv", "--label", "large,small", "--arch", "auto", "--test", "0.2",
        "--seed", "1", "-q",
      ]
      let trained = try await sandbox.rso(options + ["-o", "two"])
      #expect(trained.status == 0, "\(trained.errors)")
      let evaluated = try await sandbox.rso(["eval", "two"])
      #expect(evaluated.output.contains("(squared, in deviations of the targets)"))
      let figures = try object(try await sandbox.rso(["eval", "two", "--json"]))
      let targets = try #require(figures["per_target"] as? [[String: Any]])
      let determinations = targets.compactMap { $0["r2"] as? Double }
      #expect(determinations.count == 2 && determinations.allSatisfy { $0 > 0.9 }, "\(figures)")
      // Without units, the small number does not count.
      let plain = try await sandbox.rso(options + ["--target-scales", "none", "-o", "plain"])
      #expect(plain.status == 0, "\(plain.errors)")
      let others = try object(try await sandbox.rso(["eval", "plain", "--json"]))
      let ignored = try #require(others["per_target"] as? [[String: Any]])
      #expect(ignored[1]["r2"] as? Double ?? 1 < 0, "\(others)")
      let refused = try await sandbox.rso(options + ["--target-scales", "1", "-o", "refused"])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("expected 2 numbers, one for each number to predict"))
    }

    @Test("numbers that a network cannot hold, and units that are far from them, are told")
    func unlikelyUnits() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\(1000 + $0 % 11).5" }
      try sandbox.write("a,b,price\n" + rows.joined(separator: "\n") + "\n", to: "far.csv")
      func network(_ last: String) -> String {
        #"{"name": "small", "input": [2, 1, 1], "classes": 1, "layers": [{"type": "linear", "outputs": 4, "#
          + #""name": "hidden", "bias": true}, {"type": "relu"}, {"type": "linear", "name": "last", "#
          + #""outputs": 1"# + last + "}]}"
      }
      try sandbox.write(network(""), to: "bare.json")
      try sandbox.write(network(#", "bias": true"#), to: "bias.json")
      func warnings(_ options: [String]) async throws -> String {
        let previewed = try await sandbox.rso(
          ["train", "--data", "far.csv", "--test", "0.2", "--seed", "1", "--dry-run"] + options)
        #expect(previewed.status == 0, "\(previewed.errors)")
        return previewed.errors
      }
      #expect(
        try await warnings(["--arch", "bare.json"]).contains("the last layer, 'last', has no bias"))
      #expect(try await !warnings(["--arch", "bias.json"]).contains("no bias"))
      #expect(
        try await warnings(["--arch", "bias.json", "--target-scales", "1e-9"])
          .contains("the deviation of number 'price' is"))
      #expect(
        try await !warnings(["--arch", "bias.json", "--target-scales", "50"]).contains(
          "deviation of"))
    }

    @Test("numbers to predict may be far from 0, and a table may have many columns")
    func extremes() async throws {
      let sandbox = try Sandbox()
      let far = (0..<200).map { "\($0 * 37 % 100),\(100_000 + $0 * 37 % 100)" }
      try sandbox.write("a,y\n" + far.joined(separator: "\n") + "\n", to: "far.csv")
      let options = [
        "--task", "regression", "--test", "0.2", "--cycles", "10", "--seed", "1", "-q",
      ]
      let trained = try await sandbox.rso(
        ["train", "--data", "far.csv", "--arch", "auto", "-o", "far"] + options)
      #expect(trained.status == 0, "\(trained.errors)")
      let figures = try object(try await sandbox.rso(["eval", "far", "--json"]))
      #expect(figures["r2"] as? Double ?? 0 > 0.9, "\(figures)")
      let columns = (0..<5000).map { "c\($0)" } + ["label"]
      let wide = (0..<12).map { row in
        (0..<5000).map { "\(($0 + row) % 7)" }.joined(separator: ",") + ",\(row % 2)"
      }
      try sandbox.write(
        ([columns.joined(separator: ",")] + wide).joined(separator: "\n") + "\n", to: "wide.csv")
      let run = try await sandbox.rso([
        "train", "--data", "wide.csv", "--arch", "auto", "--cycles", "1", "--phase-samples", "8",
        "--batch-size",
        "8", "-o", "wide", "-q",
      ])
      #expect(run.status == 0, "\(run.errors)")
      #expect(try await sandbox.rso(["verify", "wide"]).status == 0)
      #expect(try await sandbox.rso(["eval", "wide", "--data", "wide.csv"]).status == 0)
    }

    @Test("arrays that can be two things are listed, with what to type")
    func ambiguous() async throws {
      let sandbox = try sandbox()
      let path = Fixtures.url("datasets/several.npz").path
      let outcome = try await sandbox.rso(["data", path])
      #expect(outcome.status == 65 && outcome.output == "")
      #expect(
        outcome.errors.hasSuffix(
          "several.npz': 'data' and 'images' can both be the samples; it has: data (uint8, 9 x 20), "
            + "images (uint8, 9 x 4 x 5), target (int64, 9); choose with --inputs\n"),
        "\(outcome.errors)")
    }

    @Test("draws a picture, and replaces no file unasked")
    func plots() async throws {
      let sandbox = try sandbox()
      let first = try await sandbox.rso(["data", "./table.csv", "--plot", "a.svg"])
      #expect(first.status == 0, "\(first.errors)")
      let svg = String(decoding: try sandbox.data("a.svg"), as: UTF8.self)
      for part in ["Samples per class", "length", "width", "deep, blue"] {
        #expect(svg.contains(part), "\(part)")
      }
      #expect(try await sandbox.rso(["data", "./table.csv", "--plot", "a.svg"]).status == 73)
      let png = try await sandbox.rso(["data", "./table.csv", "--plot", "a.png"])
      #expect(png.status == 0, "\(png.errors)")
      #expect(try sandbox.data("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("likely problems are an exit status of their own, if asked")
    func check() async throws {
      let sandbox = try sandbox()
      try sandbox.write("a,b,kind\n1,1,x\n2,1,y\n3,1,x\n4,1,y\n", to: "constant.csv")
      let outcome = try await sandbox.rso(["data", "./constant.csv", "--check"])
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("! the same value in all training samples: feature 'b'"))
      #expect(try await sandbox.rso(["data", "./constant.csv"]).status == 0)
      #expect(try await sandbox.rso(["data", "./table.csv", "--check"]).status == 0)
    }

    @Test("a table that cannot be used is refused with line, column and advice")
    func refused() async throws {
      let sandbox = try sandbox()
      try sandbox.write("w,kind\n1,x\n?,y\n", to: "bad.csv")
      let outcome = try await sandbox.rso(["data", "./bad.csv"])
      #expect(outcome.status == 65 && outcome.output == "")
      #expect(
        outcome.errors.hasSuffix(
          "bad.csv': line 3, column 1 ('w') is '?', a missing value; fill in a number, or remove the "
            + "line\n"), "\(outcome.errors)")
    }
  }
}

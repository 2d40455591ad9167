import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Help, manuals and exit statuses")
  struct HelpTests {
    static let verbs = [
      "train", "resume", "eval", "compare", "predict", "verify", "inspect", "diff", "history",
      "report",
      "export", "import", "bench", "sweep", "data", "doctor", "devices",
    ]

    @Test("each verb helps, on standard output", arguments: verbs)
    func help(verb: String) async throws {
      for arguments in [[verb, "--help"], ["help", verb], [verb, "-h"]] {
        let outcome = try await Programs.rso(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("USAGE: rso \(verb)"))
      }
    }

    @Test("each verb tells its version", arguments: verbs)
    func version(verb: String) async throws {
      let all = try await Programs.rso(["--version"])
      let outcome = try await Programs.rso([verb, "--version"])
      #expect(outcome.status == 0)
      #expect("rso " + outcome.output == all.output)
    }

    @Test(
      "each option of --help is in the manual, and each of the manual's in --help", arguments: verbs
    )
    func manual(verb: String) async throws {
      let page = try String(
        contentsOf: Fixtures.repository.appendingPathComponent("man/rso-\(verb).1"), encoding: .utf8
      )
      let help = try await Programs.rso([verb, "--help"]).output
      let inHelp = Set(help.matches(of: /--([a-z][a-z0-9-]+)/).map { String($0.1) })
      // Each option of the verb has an entry of a list, `.It Fl o , Fl -output Ar run`.
      let entries = page.split(separator: "\n").filter { $0.hasPrefix(".It Fl ") }
      let inManual = Set(
        entries.flatMap { $0.matches(of: /Fl -([a-z][a-z0-9-]+)/).map { String($0.1) } })
      #expect(!inHelp.isEmpty)
      #expect(inHelp == inManual)
    }

    @Test("resume takes every option that decides what a run computes, and lists none of them")
    func hidden() async throws {
      func options(_ arguments: [String]) async throws -> Set<String> {
        let help = try await Programs.rso(arguments).output
        return Set(help.matches(of: /\n  (?:-\w, )?--([a-z][a-z0-9-]+)/).map { String($0.1) })
      }
      let train = try await options(["train", "--help"])
      let resume = try await options(["resume", "--help"])
      let all = try await options(["resume", "--help-hidden"])
      #expect(all.isSuperset(of: train.subtracting(["init", "resume"])))
      #expect(all.contains("sigma-scale") && !train.contains("sigma-scale"))
      #expect(
        train.subtracting(resume).isSuperset(of: [
          "preset", "batch-size", "hold", "seed", "precision",
        ])
      )
    }

    @Test("help lists options in groups, those of the paper last")
    func groups() async throws {
      let help = try await Programs.rso(["train", "--help"]).output
      let titles = help.split(separator: "\n").filter { !$0.hasPrefix(" ") && $0.hasSuffix(":") }
      #expect(
        titles == [
          "WHAT IS TRAINED:", "HOW DATA ARE READ:", "HOW LONG:", "WHAT A CHANGE IS JUDGED ON:",
          "HOW CHANGES ARE DRAWN:", "FILES:", "MACHINE:", "THE PAPER'S KNOBS:", "OPTIONS:",
        ])
    }

    @Test(
      "a value or an option of another tool is answered with what it is here",
      arguments: [
        (["--loss", "mse"], "did you mean 'squared'?"),
        (["--loss", "CrossEntropy"], "did you mean 'cross-entropy'?"),
        (["--loss", "crossentropy"], "did you mean 'cross-entropy'?"),
        (["--proposal", "normal"], "did you mean 'gaussian'?"),
        (["--selection", "bset"], "did you mean 'best'?"),
        (["--loss", "quux"], "expected one of cross-entropy, squared, zero-one, hinge, binary"),
        (["--epochs", "3"], "unknown option '--epochs'; use --cycles; a cycle visits"),
        (["--lr", "0.1"], "unknown option '--lr'; use --deviation-scale"),
        (["--cycels", "3"], "did you mean '--cycles'?"),
      ])
    func otherTools(arguments: [String], answer: String) async throws {
      let outcome = try await Programs.rso(["train"] + arguments)
      #expect(outcome.status == 64)
      #expect(
        outcome.errors.replacing("Did you mean", with: "did you mean").contains(answer),
        "\(outcome.errors)")
    }

    @Test(
      "the manual has every section", arguments: ["rso"] + verbs.map { "rso-\($0)" })
    func sections(page: String) throws {
      let text = try String(
        contentsOf: Fixtures.repository.appendingPathComponent("man/\(page).1"), encoding: .utf8)
      var sections = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES"]
      if page != "rso" { sections.append("FILES") }
      for section in sections + ["SEE ALSO"] {
        #expect(text.contains("\n.Sh \(section)\n"), "\(section)")
      }
    }

    @Test(
      "a number below 0 is refused as a number",
      arguments: [
        ["--cycles", "-1", "expected 1 to 1000000000"], ["--batch-size", "-1", "expected 1 to"],
        ["--seed", "-1", "invalid seed '-1': expected a whole number, 0 or more"],
        ["--sigma-scale", "-0.5", "invalid deviation-scale '-0.5': expected above 0"],
        ["--hold", "-1", "expected at least 1"],
      ])
    func belowZero(row: [String]) async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(
        ["train", "--arch", "small.json", "--data", "data", "--dry-run", "--batch-size", "9"]
          + row.prefix(2))
      #expect(outcome.status == 64 && outcome.errors.contains(row[2]), "\(outcome.errors)")
    }

    @Test(
      "the error for a value names the option, the value and what is expected",
      arguments: [
        ("train --threads=-1", "invalid threads '-1': expected a whole number, 1 to 1024\n"),
        ("train --keep-last 0", "invalid keep-last '0': expected a whole number, 1 or more\n"),
        (
          "train --save-interval 0", "invalid save-interval '0': expected a finite number above 0\n"
        ),
        ("train --cycles many", "invalid cycles 'many': expected a whole number\n"),
        (
          "train --precision f8",
          "invalid precision 'f8': expected one of 'f32', 'f32-direct' or 'bf16'\n"
        ),
        (
          "eval a --split both",
          "invalid split 'both': expected one of 'test', 'validation' or 'train'\n"
        ),
        ("inspect a --samples x", "invalid samples 'x': expected a whole number, 1 or more\n"),
        ("bench --seconds 1e9", "invalid seconds '1e9': expected 0 to 1000000\n"),
        ("sweep a --jobs 257", "invalid jobs '257': expected a whole number, 1 to 256\n"),
      ])
    func values(line: String, message: String) async throws {
      let words = line.split(separator: " ").map(String.init)
      let outcome = try await Programs.rso(words)
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(
        outcome.errors == "rso-\(words[0]): \(message)See 'rso \(words[0]) --help'.\n",
        "\(outcome.errors)")
    }

    @Test(
      "what cannot be understood is refused with status 64 and where to read on",
      arguments: [
        ["train", "--frobnicate"], ["train", "--cycles"], ["train", "--cycles", "many"],
        ["train", "--cycles", "0"], ["train", "--batch-size", "-1"], ["train", "--seed", "-1"],
        ["train", "--batching", "sometimes"], ["train", "--threads", "0"], ["train", "extra"],
        ["train", "--preset", "mnist-7conv"], ["train", "--preset", "a", "--arch", "b"],
        ["train", "--save-interval", "0"], ["train", "--keep-last", "0"],
        ["train", "--anneal-to", "nan"], ["train", "--weight-decay", "1.5"],
        ["train", "--deviation-scale", "inf"], ["train", "--loss", "mse"],
        ["train", "--sigma-scale", "2", "--deviation-scale", "2"],
        ["train", "--anneal", "none", "--anneal-to", "0.5"], ["resume"], ["resume", "a", "b"],
        ["resume", "a", "--extend", "perhaps"], ["eval"], ["eval", "a", "--split", "both"],
        ["inspect"], ["inspect", "a", "--json", "--csv"], ["inspect", "a", "--samples", "0"],
        ["inspect", "a", "--csv", "--history", "--spectrum"], ["inspect", "a", "--color", "blue"],
        ["inspect", "a", "--data", "mnist"], ["history"], ["history", "a", "--json", "--csv"],
        ["history", "a", "--plot", "a.gif"], ["history", "a", "--force"],
        ["eval", "a", "--batch", "0"], ["export"], ["export", "a"], ["export", "a", "-o", "b"],
        ["export", "a", "-o", "-"], ["export", "a", "-o", "b.txt"],
        ["export", "a", "-o", "b.npz", "--format", "txt"],
        ["export", "a", "-o", "b.npz", "--include-normalization"],
        ["export", "a", "-o", "b.npz", "--emit-pytorch", "b.py"],
        ["export", "a", "-o", "-", "--format", "safetensors", "--emit-pytorch", "b.py"],
        ["export", "a", "-o", "b.safetensors", "--emit-pytorch", "b.safetensors"], ["import", "a"],
        ["export", "a", "-o", "b.safetensors", "--emit-pytorch", "./b.safetensors"],
        ["export", "a", "-o", "b.safetensors", "--emit-pytorch", "data/../b.safetensors"],
        ["train", "--augment", "turn:3"], ["train", "--augment", "shift:28", "-o", "a"],
        ["eval", "a", "--predictions", "-"], ["sweep", "small.json", "-o", ""],
        ["import", "-o", "b.h5"], ["import", "a", "-o", "b.h5", "--preset", "a", "--arch", "b"],
        ["bench", "--batch-size", "0"], ["bench", "--batch-size", "200", "--samples", "100"],
        ["bench", "--seconds", "nan"],
        ["bench", "--phase-samples", "70000"], ["bench", "--losses", "a"],
        ["train", "--max-time", "3:60"], ["train", "--resume"],
        ["sweep", "small.json", "--cell", "0"], ["sweep", "small.json", "--cells", "--collect"],
        ["sweep"], ["sweep", "small.json", "--jobs", "0"], ["sweep", "small.json", "--frobnicate"],
        ["bench", "--layers", "conv9"], ["bench", "--preset", "mnist-7conv"],
        ["history", "a", "--x", "hours"], ["history", "a", "--plot", "a.svg", "--x", "days"],
        ["report"], ["report", "a"], ["report", "a", "--force", "--json"],
        ["report", "a", "--follow", "-o", "-"],
        ["report", "a", "--follow", "--json", "-o", "a.html"],
        ["report", "a", "--json", "-o", "-"], ["report", "a", "-o", "a.html", "--threads", "0"],
        ["data"], ["data", "data", "--plot", "a.gif"], ["data", "data", "-o", "a.csv"],
        ["data", "data", "--force"], ["data", "data", "--test", "none"],
      ])
    func usage(arguments: [String]) async throws {
      let sandbox = try Sandbox()
      let data = arguments[0] == "train" ? ["--data", "data"] : []
      let outcome = try await sandbox.rso(arguments + data)
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("rso-\(arguments[0]): "))
      let files = try FileManager.default.contentsOfDirectory(atPath: sandbox.url.path)
      #expect(!files.contains("runs"))
    }

    @Test(
      "what is not there or is damaged has its own status",
      arguments: [
        (["train", "--data", "nowhere"], 66),
        (["train", "--data", "data", "--arch", "none.json"], 66),
        (["train", "--data", "data", "--arch", "bad.json"], 65), (["resume", "nowhere"], 66),
        (["resume", "nowhere.h5"], 66), (["resume", "small.json"], 65), (["eval", "nowhere"], 66),
        (["inspect", "nowhere"], 66), (["inspect", "small.json"], 65),
        (["history", "nowhere"], 66), (["history", "small.json"], 65),
        (["report", "nowhere", "--json"], 66), (["report", "small.json", "-o", "a.html"], 65),
        (["report", "nowhere", "-o", "small.json"], 73),
        (["export", "nowhere", "-o", "a.npz"], 66), (["export", "small.json", "-o", "a.npz"], 65),
        (["export", "nowhere", "-o", "small.json"], 73),
        (["import", "nowhere", "--arch", "small.json", "-o", "a.h5"], 66),
        (["import", "small.json", "--arch", "small.json", "-o", "a.h5"], 65),
        (["data", "nowhere"], 66), (["data", "small.json"], 66), (["data", "cut"], 65),
        (["bench", "--arch", "bad.json"], 65), (["sweep", "nowhere.json"], 66),
        (["sweep", "small.json"], 65),
        (["bench", "--losses", "nowhere", "--weights", "nowhere.npz"], 66),
        (["train", "--data", "data", "--init", "nowhere.npz"], 66),
        (["train", "--data", "data", "--init", "small.json"], 65),
        (["train", "--data", "cut", "--arch", "small.json"], 65),
        (["train", "--data", "data", "--preset", "mnist-6conv"], 64),
      ] as [([String], Int32)])
    func inputs(arguments: [String], status: Int32) async throws {
      let sandbox = try Sandbox()
      try sandbox.write(#"{"layers": [{"type": "fold"}]}"#, to: "bad.json")
      try TinyData.write(to: sandbox.url.appendingPathComponent("cut"), seed: 1)
      let images = try sandbox.data("cut/train-images-idx3-ubyte")
      try images.dropLast(1).write(
        to: sandbox.url.appendingPathComponent("cut/train-images-idx3-ubyte"))
      let outcome = try await sandbox.rso(arguments)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("rso-\(arguments[0]): "))
    }
  }
}

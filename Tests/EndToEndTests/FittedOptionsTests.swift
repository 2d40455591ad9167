import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Options that fit the data, and the test set")
  struct FittedOptionsTests {
    private let automatic = ["train", "--arch", "auto", "--data", "data", "--seed", "1"]

    @Test("--data and --arch are enough: the rest fits the data, and --dry-run says why")
    func enough() async throws {
      let sandbox = try Sandbox()
      let preview = try await sandbox.rso(automatic + ["--dry-run"])
      #expect(preview.status == 0, "\(preview.errors)")
      for part in [
        "chosen        cycles 6, hold 16, deviation-scale 1.5, layers forward, "
          + "selection first\n",
        "from 600 training samples and 5018 parameters\n", "\nmemory", "\ntime          about ",
        "estimated from a few steps on this machine with ",
      ] {
        #expect(preview.output.contains(part), "\(part)\n\(preview.output)")
      }
      #expect(!preview.output.contains("not default"))
      let shorter = try await sandbox.rso(automatic + ["--cycles", "1", "--dry-run"])
      #expect(
        shorter.output.contains("hold 16") && shorter.output.contains("not default   cycles 1"))
      let run = try await sandbox.rso(automatic + ["--cycles", "1", "-o", "run"])
      #expect(run.status == 0)
      #expect(
        run.errors.contains(
          "options chosen from 600 training samples and 5018 parameters: --batch-size 600 --hold 16 "
        ))
    }

    @Test(
      "one option of the search, or a preset, keeps the paper's defaults for the others",
      arguments: [["--hold", "1"], ["--weights", "binary"], ["--layers", "backward"]])
    func paper(options: [String]) async throws {
      let sandbox = try Sandbox()
      let preview = try await sandbox.rso(automatic + options + ["--dry-run"])
      #expect(preview.status == 0, "\(preview.errors)")
      #expect(!preview.output.contains("chosen") && preview.output.contains("50 cycles"))
    }

    @Test("with a validation set the test set is measured once, or after each cycle on request")
    func testsEachCycle() async throws {
      let sandbox = try Sandbox()
      func text(_ run: String, _ more: [String]) async throws -> Outcome {
        try await sandbox.rso(
          automatic + ["--cycles", "2", "--validation", "100", "-o", run] + more)
      }
      let once = try await text("once", [])
      #expect(once.output.contains(", measured once\n") && !once.errors.contains("test loss"))
      let each = try await text("each", ["--test-each-cycle"])
      #expect(each.output.contains(", measured after 2 cycles and at the end\n"))
      #expect(each.errors.contains("validation loss") && each.errors.contains("test loss"))
      let state = { (outcome: Outcome) in outcome.output.split(separator: "\n").last }
      #expect(state(once) != nil && state(once) == state(each))
      let resumed = try await sandbox.rso([
        "resume", "once", "--cycles", "3", "--extend", "keep", "--test-each-cycle", "--json",
      ])
      #expect(resumed.output.contains(#""tested_cycles":1"#), "\(resumed.output)")
      #expect(resumed.output.contains(#""test_measurements":3"#), "\(resumed.output)")
    }
  }
}

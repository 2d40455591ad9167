import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Data of few classes, from the command line")
  struct FewClassesTests {
    /// Writes `count` images, 4 x 4, of `classes` classes: the class is the bright row.
    private func write(_ name: String, classes: Int, _ sandbox: Sandbox) throws {
      let folder = sandbox.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (half, count) in [("train", 60), ("t10k", 30)] {
        let labels = (0..<count).map { UInt8($0 % classes) }
        let pixels = labels.enumerated().flatMap { index, label in
          (0..<16).map { UInt8(($0 / 4 == Int(label) ? 200 : 20) + (index * 7 + $0 * 3) % 30) }
        }
        let sizes = [UInt8(0), 0, 0, UInt8(count), 0, 0, 0, 4, 0, 0, 0, 4]
        try Data([0, 0, 8, 3] + sizes + pixels)
          .write(to: folder.appendingPathComponent("\(half)-images-idx3-ubyte"))
        try Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + labels)
          .write(to: folder.appendingPathComponent("\(half)-labels-idx1-ubyte"))
      }
    }

    private func network(classes: Int) -> String {
      """
      {"name": "few", "input": [1, 4, 4], "classes": \(classes), "layers": [
        {"type": "flatten"}, {"type": "linear", "outputs": \(classes), "bias": true}]}
      """
    }

    @Test(
      "an IDX set of 2 and of 3 classes is trained on, resumed and evaluated", arguments: [2, 3])
    func trains(classes: Int) async throws {
      let sandbox = try Sandbox()
      try write("few", classes: classes, sandbox)
      try sandbox.write(network(classes: classes), to: "few.json")
      let options = [
        "train", "--arch", "few.json", "--data", "./few", "--batch-size", "30", "--seed", "1",
        "--json",
      ]
      let whole = try TrainingAnswer(
        try await sandbox.rso(options + ["--cycles", "4", "-o", "whole"]))
      #expect(whole.testAccuracy > 0.9)
      let part = try await sandbox.rso(options + ["--cycles", "2", "-o", "part"])
      #expect(part.status == 0, "\(part.errors)")
      let resumed = try TrainingAnswer(
        try await sandbox.rso([
          "resume", "part", "--data", "./few", "--cycles", "4", "--extend", "rescale", "--json",
        ]))
      #expect(resumed.cycles == 4 && resumed.testAccuracy > 0.9)
      let evaluated = try await sandbox.rso(["eval", "whole", "--data", "./few"])
      #expect(evaluated.status == 0, "\(evaluated.errors)")
    }

    @Test(
      "a network of more classes than the data show is trained on them, one of fewer is refused")
    func otherNetworks() async throws {
      let sandbox = try Sandbox()
      try write("few", classes: 3, sandbox)
      for (classes, status) in [(10, 0 as Int32), (4, 0), (2, 64)] {
        try sandbox.write(network(classes: classes), to: "\(classes).json")
        let outcome = try await sandbox.rso([
          "train", "--arch", "\(classes).json", "--data", "./few", "--batch-size", "30",
          "--dry-run",
        ])
        #expect(outcome.status == status, "\(classes): \(outcome.errors)")
      }
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("The pages for new users")
  struct PageTests {
    /// The options of `follow-page` and the page; the rest of the tutorial takes minutes, and `make bare-check` does
    /// it.
    static let pages = [
      ["--section", "Your own data in five lines", "README.md"],
      ["--without", "emnist", "--without", "mine.pkl", "docs/your-own-data.md"],
      [
        "--without", "make build", "--without", "runs/twenty", "--without", "net.safetensors",
        "docs/tutorial.md",
      ],
    ]

    /// Writes the file that a reader of README.md has.
    private static let numbers = """
      import numpy
      samples = numpy.random.default_rng(1).normal(size=(200, 4)).astype("float32")
      numpy.savez("mine.npz", X=samples, y=(samples[:, 0] > 0).astype("int64"))
      """

    @Test("the commands of a page do and print what it says", arguments: pages)
    func follows(page: [String]) async throws {
      let repository = Fixtures.repository
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("Fixtures"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Fixtures.url("pictures"), to: sandbox.url.appendingPathComponent("Fixtures/pictures"))
      let python = URL(fileURLWithPath: try Python.interpreter()).deletingLastPathComponent().path
      let file = try await Programs.run(
        python + "/python3", ["-c", Self.numbers], in: sandbox.url)
      #expect(file.status == 0, "\(file.errors)")
      let places = [Programs.directory.path, python, "/usr/bin:/bin"].joined(separator: ":")
      let words =
        [repository.appendingPathComponent("packaging/follow-page").path] + page.dropLast()
        + [repository.appendingPathComponent(page.last ?? "").path, sandbox.url.path]
        + ["/usr/bin/env", "PATH=\(places)", "/bin/sh", "-euc"]
      let running = try RunningProgram(
        python + "/python3", words, environment: ["RSO_DATA": Fixtures.url("mnist").path])
      let outcome = try await running.end(within: 600)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("commands do what it says\n"))
    }
  }
}

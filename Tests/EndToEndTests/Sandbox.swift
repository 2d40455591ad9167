import Foundation
import Testing

/// A directory with a small data set and small networks, gone with the test.
final class Sandbox: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-end-to-end-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try TinyData.write(to: url.appendingPathComponent("data"), seed: 1)
    try write(Self.convolutional, to: "small.json")
    try write(Self.perceptron, to: "mlp.json")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  /// The arguments of a run on the sandbox's data: a fraction of a second a cycle.
  func training(
    _ run: String, architecture: String = "small.json", cycles: Int = 2, _ more: [String] = []
  ) -> [String] {
    [
      "train", "--arch", path(architecture), "--data", path("data"), "--cycles", "\(cycles)",
      "--batch-size", "30", "--seed", "7", "-o", path(run), "--json",
    ] + more
  }

  /// The arguments of a dry run, which has no summary.
  func preview(_ training: [String]) -> [String] {
    training.filter { $0 != "--json" } + ["--dry-run"]
  }

  func rso(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
    try await Programs.rso(arguments, in: url, environment: environment)
  }

  func start(_ arguments: [String]) throws -> RunningProgram {
    try RunningProgram(Programs.path("rso"), arguments, in: url)
  }

  static let convolutional = """
    {"name": "small", "input": [1, 8, 8], "classes": 10, "layers": [
      {"type": "convolution", "filters": 6}, {"type": "average-pool"}, {"type": "batch-norm"},
      {"type": "relu"}, {"type": "convolution", "filters": 6}, {"type": "batch-norm"},
      {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 10}]}
    """

  static let perceptron = """
    {"name": "mlp", "input": [1, 8, 8], "classes": 10, "layers": [
      {"type": "flatten"}, {"type": "linear", "outputs": 8, "bias": true}, {"type": "relu"},
      {"type": "linear", "outputs": 10, "bias": true}]}
    """
}

/// Pictures of ten kinds of stripes, in the four files of an IDX data set.
enum TinyData {
  static let trainingCount = 600
  static let testCount = 200

  static func write(to directory: URL, seed: UInt64) throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, count, offset) in [("train", trainingCount, 0), ("t10k", testCount, 10_000)] {
      var noise = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(offset)
      var pixels: [UInt8] = []
      var labels: [UInt8] = []
      for index in 0..<count {
        let label = UInt8(index * 7 % 10)
        labels.append(label)
        for place in 0..<64 { pixels.append(pixel(label, place / 8, place % 8, &noise)) }
      }
      let images = header(0x0803, [count, 8, 8]) + pixels
      try Data(images).write(to: directory.appendingPathComponent("\(name)-images-idx3-ubyte"))
      try Data(header(0x0801, [count]) + labels)
        .write(to: directory.appendingPathComponent("\(name)-labels-idx1-ubyte"))
    }
  }

  private static func header(_ magic: Int, _ sizes: [Int]) -> [UInt8] {
    ([magic] + sizes).flatMap { number in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
  }

  /// Stripes whose direction and width are the label's, under noise.
  private static func pixel(_ label: UInt8, _ y: Int, _ x: Int, _ noise: inout UInt64) -> UInt8 {
    noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let along = [y, x, x + y, x - y + 8, x + 2 * y][Int(label) / 2]
    let bright = along / (1 + Int(label) % 2) % 2 == 0
    return UInt8((bright ? 150 : 30) + noise >> 58)
  }
}

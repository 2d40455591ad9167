import Foundation
import RSOCheckpoints

/// `campaign-damage STRIDE FILE...`: damages checkpoints in every way, and counts what the reader
/// accepts. Prints a line for each file and kind: its name, the kind, trials, and acceptances.
///
/// With a stride of 1 every bit, length and block has its turn; with a larger one every so manieth,
/// but for the user block's bits, of which none is left out.
@main struct Main {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    guard let stride = words.first.flatMap({ Int($0) }), stride > 0, words.count > 1 else {
      exit(64)
    }
    for path in words.dropFirst() {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      _ = try CheckpointReader.load(bytes, path: path)
      for kind in Damage.allCases {
        var accepted = 0
        let trials = kind.forEach(of: bytes, stride: stride) { damaged in
          if isAccepted(damaged) { accepted += 1 }
        }
        print(URL(fileURLWithPath: path).lastPathComponent, kind.rawValue, trials, accepted)
      }
    }
  }

  private static func isAccepted(_ bytes: [UInt8]) -> Bool {
    (try? CheckpointReader.load(bytes, path: "")) != nil
  }
}

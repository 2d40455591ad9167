import RSOSystem
import Testing

@Suite("Nearest words")
struct NearestMatchTests {
  @Test(
    "counts insertions, deletions, substitutions and exchanges",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("train", "train", 0), ("trian", "train", 1),
      ("trin", "train", 1), ("trainn", "train", 1), ("brain", "train", 1), ("eval", "train", 4),
      ("kitten", "sitting", 3),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test(
    "suggests the nearest word, and none where nothing is near",
    arguments: [
      ("trian", "train"), ("evl", "eval"), ("evaluate", "eval"), ("re", "resume"),
      ("resum", "resume"), ("xyzzy", nil),
      ("", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(nearestMatch(to: word, among: ["train", "resume", "eval"]) == expected)
  }

  @Test("suggests nothing among no words")
  func nothing() {
    #expect(nearestMatch(to: "train", among: []) == nil)
  }

  @Test("a word without bound is near to nothing, and is not compared")
  func longWords() {
    #expect(
      nearestMatch(to: "train" + String(repeating: "n", count: 59), among: ["train"]) == "train")
    #expect(nearestMatch(to: "train" + String(repeating: "n", count: 60), among: ["train"]) == nil)
    #expect(nearestMatch(to: String(repeating: "n", count: 1 << 20), among: ["train"]) == nil)
  }
}

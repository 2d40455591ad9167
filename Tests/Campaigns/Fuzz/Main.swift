#if !FUZZING
  import Foundation

  /// `campaign-fuzz seeds TARGET TO CHECKPOINT...`: what the checkpoints are to a target, as files.
  /// `campaign-fuzz run TARGET COUNT SEED LAST FILE...`: gives a target each file, and `COUNT`
  /// mutations of them; the file LAST holds what a crash came of. Prints trials, the milliseconds of
  /// processor time that the slowest took, and the most memory in KiB.
  @main struct Main {
    static func main() throws {
      var words = CommandLine.arguments.dropFirst()[...]
      let verb = words.popFirst()
      guard let target = words.popFirst().flatMap(FuzzTarget.init) else { exit(64) }
      switch verb {
      case "seeds": try writeSeeds(target, to: words.popFirst() ?? "", from: Array(words))
      case "run":
        guard words.count >= 4, let count = Int(words[words.startIndex]),
          let seed = UInt64(words[words.startIndex + 1])
        else { exit(64) }
        let last = URL(fileURLWithPath: words[words.startIndex + 2])
        try run(target, count: count, seed: seed, last: last, files: words.dropFirst(3))
      default: exit(64)
      }
    }

    private static func writeSeeds(_ target: FuzzTarget, to: String, from: [String]) throws {
      for path in from {
        let url = URL(fileURLWithPath: path)
        guard let seed = target.seed(from: Array(try Data(contentsOf: url))) else { continue }
        try Data(seed).write(
          to: URL(fileURLWithPath: to).appendingPathComponent(url.lastPathComponent))
      }
    }

    private static func run(
      _ target: FuzzTarget, count: Int, seed: UInt64, last: URL, files: ArraySlice<String>
    ) throws {
      let corpus = try files.map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
      var mutator = Mutator(seed: seed)
      var slowest = 0
      for trial in 0..<corpus.count + count {
        let bytes = trial < corpus.count ? corpus[trial] : mutator.mutation(of: corpus)
        try Data(bytes).write(to: last)
        let began = clock()
        target.run(bytes)
        slowest = max(slowest, clock() - began)
      }
      var usage = rusage()
      getrusage(RUSAGE_SELF.rawValue, &usage)
      print(corpus.count + count, slowest / (CLOCKS_PER_SEC / 1000), usage.ru_maxrss)
    }
  }
#endif

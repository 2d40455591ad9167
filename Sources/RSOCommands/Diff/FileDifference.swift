import RSORuns
import RSOTensorFiles
import TensorAnalysis

/// The comparison of two files entry by entry. At least one of them is not a checkpoint.
package struct FileDifference {
  /// The options of the comparison.
  package struct Options {
    package var tolerance = ComparisonTolerance.exact
    package var rules: [NameRule] = []
    package var isKeras = false
    package var only: [NamePattern] = []
    package var ignore: [NamePattern] = []
    package var hasSpectra = false

    package init() {}

    /// Patterns match the name of an entry, with or without `arrays/` before it.
    func selects(_ name: String) -> Bool {
      let names = [name, "arrays/\(name)"]
      func matches(_ patterns: [NamePattern]) -> Bool {
        patterns.contains { pattern in names.contains { pattern.matches($0) } }
      }
      return (only.isEmpty || matches(only)) && !matches(ignore)
    }
  }

  /// A pair of entries, in the order of the first file.
  struct Compared {
    let result: TensorDifference
    /// The singular values of the difference, or why there are none; nil if they were not asked for.
    var spectrum: Result<DifferenceSpectrum, Refusal>?

    /// The reason why singular values were not computed.
    struct Refusal: Error {
      let reason: String
    }
  }

  let pairs: [Compared]
  let onlyFirst: [NamePairing.Single]
  let onlySecond: [NamePairing.Single]
  /// Texts of the metadata that differ, by name. A text in one file only is a difference where both files
  /// have one format: each format has texts of its own.
  let metadata: [ChangedText]

  /// A text of the metadata; nil in the file that does not have it.
  struct ChangedText {
    let name: String
    let first: String?
    let second: String?
  }

  package init(
    _ first: TensorFile, _ second: TensorFile, options: Options, threads: Int
  ) {
    let (one, other) = (Self.entries(first, beside: second), Self.entries(second, beside: first))
    let pairing = NamePairing(
      one.filter { options.selects($0.name) }, other.filter { options.selects($0.name) },
      rules: options.rules, isKeras: options.isKeras)
    let results = TensorDifference.all(
      pairing.pairs, in: first, second, tolerance: options.tolerance, threads: threads)
    pairs = zip(pairing.pairs, results).map { pair, result in
      Compared(
        result: result,
        spectrum: options.hasSpectra ? Self.spectrum(pair, result, first, second) : nil)
    }
    (onlyFirst, onlySecond) = (pairing.onlyFirst, pairing.onlySecond)
    let names =
      first.format == second.format
      ? Set(first.metadata.keys).union(second.metadata.keys)
      : Set(first.metadata.keys).intersection(second.metadata.keys)
    let arrays = Set((one + other).map(\.name))
    metadata = names.subtracting(arrays).sorted().compactMap { name in
      let (one, other) = (first.metadata[name], second.metadata[name])
      guard one != other, options.selects("metadata/\(name)") else { return nil }
      return ChangedText(name: name, first: one, second: other)
    }
  }

  /// The entries without the arrays of npz that are metadata of the other file.
  private static func entries(_ file: TensorFile, beside other: TensorFile) -> [TensorEntry] {
    let arrays = Set(other.entries.map(\.name))
    return file.entries.filter {
      file.metadata[$0.name] == nil || other.metadata[$0.name] == nil || arrays.contains($0.name)
    }
  }

  private static func spectrum(
    _ pair: TensorDifference.Pair, _ result: TensorDifference, _ first: TensorFile,
    _ second: TensorFile
  ) -> Result<DifferenceSpectrum, Compared.Refusal>? {
    guard let numbers = result.numbers, numbers.changed > 0, pair.first.shape.count > 1 else {
      return nil
    }
    do {
      return .success(try DifferenceSpectrum(of: pair, in: first, second))
    } catch let error as TensorFileError {
      return .failure(Compared.Refusal(reason: error.problem))
    } catch {
      return .failure(Compared.Refusal(reason: "\(error)"))
    }
  }

  // MARK: Verdict

  /// Pairs whose elements were compared and differ, or whose shapes or kinds do.
  var different: [Compared] {
    pairs.filter { !$0.result.isEqual && $0.notCompared == nil }
  }

  /// Pairs that were not compared.
  var notCompared: [Compared] { pairs.filter { $0.notCompared != nil } }

  /// 1 where anything differs; 2 where nothing differs and something was not compared; 0 only where
  /// everything was compared and is equal.
  package var status: Int32 {
    if hasDifferentArrays || !metadata.isEmpty { return 1 }
    return notCompared.isEmpty && !pairs.isEmpty ? 0 : 2
  }

  var hasDifferentArrays: Bool { !different.isEmpty || !onlyFirst.isEmpty || !onlySecond.isEmpty }

  /// All pairs of numbers together.
  var total: NumberComparison { Self.sum(pairs.compactMap(\.result.numbers)) }

  static func sum(_ numbers: [NumberComparison]) -> NumberComparison {
    numbers.reduce(into: NumberComparison()) { $0.add($1) }
  }
}

extension FileDifference.Compared {
  /// The name in the first file, and that in the second file if it is another one.
  var name: String {
    let (one, other) = (result.first.name, result.second.name)
    return one == other ? one : "\(one) = \(other)"
  }

  /// The reason why the pair was not compared; nil if it was.
  var notCompared: String? {
    if case .notCompared(let reason) = result.outcome { reason } else { nil }
  }

  /// One or two words about the difference.
  var nature: [String] {
    guard let numbers = result.numbers, numbers.changed > 0 else { return [] }
    var words = numbers.isSparse ? ["sparse"] : []
    switch spectrum {
    case .success(let spectrum) where spectrum.isLowRank:
      words.append("low rank: \(rank(spectrum))")
    case .success(let spectrum): words.append("rank \(rank(spectrum))")
    case .failure(let refusal): words.append("rank unknown: \(refusal.reason)")
    case nil: break
    }
    return words
  }

  private func rank(_ spectrum: DifferenceSpectrum) -> String {
    "\(spectrum.rank) of \(min(spectrum.rows, spectrum.columns))"
  }
}

import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// The result of the examination of another program's file: its structure, which opening it has checked; the
/// checksums of its format, which are compared while all tensors are read; and whether all numbers are finite.
struct TensorFileFinding: Encodable {
  let path: String
  /// The format. It is nil for a file that cannot be opened as one of tensors; so are `tensors` and the
  /// checksums.
  let format: String?
  let verdict: Verdict
  let tensors: Int?
  let problems: [String]
  /// Tensors that were not checked, with the reason.
  let notChecked: [String]
  /// The checksums that were compared.
  let checksums: String?

  /// A file that is damaged, or is known to be something else.
  init(path: String, _ error: TensorFileError) {
    self.path = path
    (format, tensors, checksums) = (nil, nil, nil)
    verdict = error.isForeign ? .unknown : .damaged
    (problems, notChecked) = (["\(error)"], [])
  }

  init(examining file: TensorFile, threads: Int) {
    path = file.path
    format = file.format.title
    tensors = file.entries.count
    var (problems, notChecked): ([String], [String]) = ([], [])
    var verdicts: [Verdict] = []
    for description in TensorDescription.all(of: file.entries, in: file, threads: threads) {
      let name = quoted(description.entry.name)
      if let problem = description.entry.problem {
        notChecked.append("\(name): \(problem)")
        verdicts.append(.unknown)
      } else if let numbers = description.numbers {
        guard numbers.notFinite > 0 else { continue }
        problems.append(
          "tensor \(name) has \(Numbers.count(numbers.nans, "NaN")) and "
            + "\(Numbers.grouped(numbers.infinities)) infinite numbers")
        verdicts.append(.notFinite)
      } else if let problem = Self.readingProblem(description.entry, in: file) {
        problems.append(problem)
        verdicts.append(.damaged)
      } else if description.entry.type != .text {
        notChecked.append("\(name): finiteness: \(description.problem ?? "unknown")")
        verdicts.append(.unknown)
      }
    }
    if let problem = file.checksumProblem() {
      problems.append(problem)
      verdicts.append(.damaged)
    }
    verdict = verdicts.combined
    (self.problems, self.notChecked) = (problems, notChecked)
    checksums = Self.checksums(of: file.format)
  }

  /// Reads an entry to its end; nil if all is well.
  private static func readingProblem(_ entry: TensorEntry, in file: TensorFile) -> String? {
    do throws(TensorFileError) {
      let reader = try file.reader(of: entry)
      while try !reader.bytes(atMost: 1 << 20).isEmpty {}
      return nil
    } catch {
      return error.problem
    }
  }

  private static func checksums(of format: TensorFileFormat) -> String {
    switch format {
    case .npz: "the CRC-32 of each array"
    case .pytorch: "the CRC-32 of each storage that a tensor fills"
    case .hdf5: "the checksums of datasets that have them"
    case .keras: "the CRC-32 of each member, and the checksums of datasets that have them"
    default: "none, the format has none"
    }
  }

  /// The extent of the check, for a file without problems.
  var extent: String {
    guard let format, let tensors, let checksums else { return "" }
    return "\(format), \(Numbers.count(tensors, "tensor")); "
      + (notChecked.isEmpty
        ? "all were read, all numbers are finite"
        : "\(Numbers.grouped(tensors - notChecked.count)) of them were read, and their numbers are finite")
      + "; checksums compared: \(checksums)"
  }
}

import RSOExporters
import RSORuns
import RSOSystem
import RSOTensorFiles

/// The conversion of another program's file of tensors to another format. Each tensor is carried unchanged,
/// or named.
struct FileConversion {
  let file: TensorFile
  let format: ExportFormat
  /// The file as the user names it.
  let source: String
  /// Tensors that the format cannot hold are left out, and do not stop the conversion.
  let leavesOut: Bool
  let isQuiet: Bool

  /// *Throws:* `CommandError` where a tensor cannot be carried and is not to be left out, or memory is short.
  func write(to target: OutputFile, with write: ([UInt8]) throws -> Void) throws {
    guard TensorConversion.formats.contains(format) else {
      let formats = TensorConversion.formats.map(\.rawValue).joined(separator: ", ")
      throw CommandError.cannotConvert(
        source, format: format.rawValue, reason: "only a network has this format; use \(formats)")
    }
    let (carried, refused) = sorted()
    guard refused.isEmpty || leavesOut else {
      throw CommandError.cannotConvert(
        source, format: format.rawValue,
        reason: refused.map { "\n  \(printable($0.name)): \(printable($0.reason))" }.joined()
          + "\nleave these tensors out with --partial")
    }
    try checkMemory(carried)
    let bytes = try bytes(carried)
    try write(bytes)
    for (name, reason) in refused {
      StandardStreams.say("left out: \(printable(name)): \(printable(reason))")
    }
    if !isQuiet, !target.isStandardOutput {
      StandardStreams.say(
        "wrote \(Numbers.count(carried.count, "tensor")) of \(quotedPath(source)) "
          + "(\(file.format.title)) to \(quotedPath(target.path))")
    }
  }

  private func bytes(_ carried: [TensorEntry]) throws -> [UInt8] {
    do {
      let names = Set(carried.map(\.name))
      var list = try file.list(maximumSize: .max) { names.contains($0.name) }
      list.metadata = file.metadata
      return try TensorConversion.encode(list, as: format)
    } catch let error as TensorFileError {
      throw CommandError.cannotConvert(source, format: format.rawValue, reason: error.problem)
    } catch let error as TensorConversion.Failure {
      throw CommandError.cannotConvert(source, format: format.rawValue, reason: error.reason)
    }
  }

  /// Separates the entries that the format can hold from the others, which have a reason. A text that is also
  /// metadata is carried as such.
  private func sorted() -> (carried: [TensorEntry], refused: [(name: String, reason: String)]) {
    var carried: [TensorEntry] = []
    var refused: [(name: String, reason: String)] = []
    for entry in file.entries {
      if let problem = entry.problem {
        refused.append((entry.name, problem))
      } else if let type = entry.type.element {
        if let problem = TensorConversion.problem(type, in: format) {
          refused.append((entry.name, problem))
        } else {
          carried.append(entry)
        }
      } else if entry.type == .text {
        if file.metadata[entry.name] == nil {
          refused.append((entry.name, "arrays of texts are not converted"))
        }
      } else {
        refused.append((entry.name, "elements of type \(entry.type.name) are not decoded"))
      }
    }
    return (carried, refused)
  }

  /// The tensors, the new file, and a copy while it is put together are in memory at the same time.
  private func checkMemory(_ entries: [TensorEntry]) throws {
    let size = entries.reduce(0) { $0.addingReportingOverflow($1.byteCount ?? 0).partialValue }
    let (needed, overflow) = size.multipliedReportingOverflow(by: 3)
    let memory = MachineMemory.current()
    guard let most = memory.limit ?? memory.available, overflow || needed > most else { return }
    throw CommandError.tooLarge(
      what: "the conversion", needs: overflow ? "more" : Numbers.bytes(needed),
      has: Numbers.bytes(most), advice: nil)
  }
}

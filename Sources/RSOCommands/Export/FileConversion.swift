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
  func write(to target: OutputFile, answering answer: ByteSink) throws {
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
    var content = file
    content.entries = carried
    try write(content, to: target, answering: answer)
    for (name, reason) in refused {
      StandardStreams.say("left out: \(printable(name)): \(printable(reason))")
    }
    if !isQuiet, !target.isStandardOutput {
      StandardStreams.say(
        "wrote \(Numbers.count(carried.count, "tensor")) of \(quotedPath(source)) "
          + "(\(file.format.title)) to \(quotedPath(target.path))")
    }
  }

  private func write(
    _ content: TensorFile, to target: OutputFile, answering answer: ByteSink
  ) throws {
    let size = content.entries.reduce(0) {
      $0.addingReportingOverflow($1.byteCount ?? 0).partialValue
    }
    do {
      if !target.isStandardOutput {
        try DurableFile.write(to: target.path, size: size) { new in
          try TensorConversion.write(content, as: format, to: new)
        }
      } else {
        if format == .h5 { try checkMemory(size) }
        try TensorConversion.write(content, as: format, to: answer)
      }
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
      } else if entry.type == .text, file.metadata[entry.name] != nil {
        continue
      } else if let problem = TensorConversion.problem(entry.type, in: format) {
        refused.append((entry.name, problem))
      } else {
        carried.append(entry)
      }
    }
    return (carried, refused)
  }

  /// On standard output, an HDF5 file is in memory twice: libhdf5's, and a copy.
  private func checkMemory(_ size: Int) throws {
    let (needed, overflow) = size.multipliedReportingOverflow(by: 2)
    let memory = MachineMemory.current()
    guard let most = memory.limit ?? memory.available, overflow || needed > most else { return }
    throw CommandError.tooLarge(
      what: "the conversion", needs: overflow ? "more" : Numbers.bytes(needed),
      has: Numbers.bytes(most), advice: "name a file with -o")
  }
}

import RSOSystem

/// Reads the initialisers of an ONNX model, which are its weights, and its metadata. The graph is ignored.
///
/// *Source:* https://onnx.ai, `onnx/onnx.proto`: the names and numbers of the fields.
struct ONNXReader {
  private static let maximumTensors = 100_000

  private let file: ProtocolBufferFile
  private let path: String
  private var version = 0
  private var hasGraph = false
  private var entries: [TensorEntry] = []
  private var names: Set<String> = []
  private var metadata: [String: String] = [:]

  /// Reads the descriptions of all initialisers.
  ///
  /// *Throws:* `TensorFileError`.
  static func open(_ path: String) throws(TensorFileError) -> TensorFile {
    do throws(ProtocolBufferError) {
      var reader = ONNXReader(file: try ProtocolBufferFile(path), path: path)
      try reader.readModel()
      return TensorFile(
        path: path, format: .onnx, entries: reader.entries, metadata: reader.metadata)
    } catch {
      throw TensorFileError(format: TensorFileFormat.onnx.title, problem: error.problem)
    }
  }

  private init(file: ProtocolBufferFile, path: String) {
    self.file = file
    self.path = path
  }

  private mutating func readModel() throws(ProtocolBufferError) {
    var model = file.whole
    while let (field, value) = try file.next(&model) {
      switch field {
      case 1: version = try file.number(value)
      case 7:
        // A message that occurs more than once is one message.
        hasGraph = true
        try readGraph(try file.content(value))
      case 14: try readMetadata(try file.content(value))
      default: continue
      }
    }
    guard version > 0, hasGraph else {
      throw ProtocolBufferError(problem: "it has no version or no graph")
    }
  }

  private mutating func readGraph(_ content: Range<Int>) throws(ProtocolBufferError) {
    var graph = content
    while let (field, value) = try file.next(&graph) {
      switch field {
      case 5: try add(try ONNXInitializer(try file.content(value), in: file).entry(file, path))
      case 15: try add(try ONNXInitializer.sparseEntry(try file.content(value), in: file))
      default: continue
      }
    }
  }

  private mutating func add(_ entry: TensorEntry) throws(ProtocolBufferError) {
    guard entries.count < Self.maximumTensors else {
      throw ProtocolBufferError(problem: "it has more than \(Self.maximumTensors) initialisers")
    }
    guard names.insert(entry.name).inserted else {
      throw ProtocolBufferError(problem: "initialiser \(quoted(entry.name)) is there twice")
    }
    entries.append(entry)
  }

  private mutating func readMetadata(_ content: Range<Int>) throws(ProtocolBufferError) {
    let (key, value) = try ONNXInitializer.pair(content, in: file)
    guard metadata.updateValue(value, forKey: key) == nil else {
      throw ProtocolBufferError(problem: "its metadata has \(quoted(key)) twice")
    }
  }
}

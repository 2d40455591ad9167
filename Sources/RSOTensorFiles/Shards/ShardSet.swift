import RSOSystem

/// The files of one model in several files, in one directory.
///
/// A file that is missing or damaged, and a tensor that is not where the index says, are entries with the
/// reason.
struct ShardSet {
  /// The directory with a slash at its end; empty for the current one.
  private let directory: String
  private var result: TensorFile
  private var isFirst = true

  /// Opens the model of an index.
  static func open(_ index: ShardIndex, at path: String) -> TensorFile {
    let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    var set = ShardSet(directory: String(path[..<end]), path: path)
    set.result.metadata = index.metadata
    for (file, names) in index.names.sorted(by: { $0.key < $1.key }) {
      set.add(file, names: names)
    }
    return set.result
  }

  /// Opens files that have names and numbers, without an index.
  ///
  /// - Parameter missing: The names that a number lacks.
  static func open(_ files: [String], missing: [String], in directory: String) -> TensorFile {
    var set = ShardSet(directory: directory + "/", path: directory)
    for file in files { set.add(file, names: []) }
    set.result.entries += missing.map {
      TensorEntry(name: $0, type: .other("file"), shape: nil, unreadable: "the file is missing")
    }
    return set.result
  }

  private init(directory: String, path: String) {
    self.directory = directory
    result = TensorFile(path: path, format: .safetensors, entries: [])
  }

  /// Adds the tensors of a file, and those of `names` that it does not have.
  private mutating func add(_ file: String, names: [String]) {
    var found: Set<String> = []
    var problem = "its file \(quoted(file)) does not have it"
    do throws(ShardError) {
      let part = try open(file)
      found = Set(part.entries.map(\.name))
      result.entries += part.entries
      result.metadata.merge(part.metadata) { first, _ in first }
      if isFirst { result.format = part.format }
      isFirst = false
    } catch {
      problem = "its file \(quoted(file)) cannot be read: \(error.problem)"
      // A file without names in an index is an entry by itself.
      if names.isEmpty {
        result.entries.append(
          TensorEntry(name: file, type: .other("file"), shape: nil, unreadable: error.problem))
      }
    }
    for name in names where !found.contains(name) {
      result.entries.append(
        TensorEntry(name: name, type: .other("unknown"), shape: nil, unreadable: problem))
    }
  }

  private func open(_ file: String) throws(ShardError) -> TensorFile {
    guard Self.isPlain(file) else {
      throw ShardError(problem: "its name leads out of the directory")
    }
    do {
      if let file = try TensorFile.openShard(directory + file) { return file }
      throw ShardError(problem: "it is no file of tensors")
    } catch let error as ShardError {
      throw error
    } catch let error as TensorFileError {
      throw ShardError(problem: "\(error)")
    } catch let error as FileReadError {
      throw ShardError(problem: error.reason)
    } catch {
      throw ShardError(problem: "\(error)")
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.utf8.contains(0)
      && !name.split(separator: "/", omittingEmptySubsequences: false).contains { part in
        part == ".." || part.isEmpty
      }
  }
}

/// The reason why a file of a set cannot be read.
private struct ShardError: Error {
  var problem: String
}

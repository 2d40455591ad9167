import RSOSystem

/// Finds the model in a directory of other programs: an index, numbered files, or one file.
enum ModelDirectory {
  /// Returns the model; nil for a directory without one.
  ///
  /// *Throws:* `TensorFileError` for a directory with several models; `SystemError`, `FileReadError`.
  static func open(_ path: String) throws -> TensorFile? {
    let names = try FileSystem.names(in: path)
    for kind in [".safetensors", ".bin", ".gguf"] {
      let indices = names.filter { $0.hasSuffix("\(kind).index.json") }
      if let index = try only(indices, kind: "indices") {
        return try TensorFile.open(path + "/" + index)
      }
      let sets = numbered(names, kind: kind)
      if let name = try only(Array(sets.keys), kind: "sets of files"), let set = sets[name] {
        return ShardSet.open(set.files, missing: set.missing, in: path)
      }
      // Other files of this kind may be anything in a directory.
      let files = ["model.safetensors", "pytorch_model.bin", "diffusion_pytorch_model.safetensors"]
      if let file = files.first(where: { $0.hasSuffix(kind) && names.contains($0) }) {
        return try TensorFile.open(path + "/" + file)
      }
    }
    if names.contains("saved_model.pb") { return try TensorFile.open(path + "/saved_model.pb") }
    return nil
  }

  /// The only name; nil for none. The one that begins with `model.` is preferred.
  private static func only(_ names: [String], kind: String) throws(TensorFileError) -> String? {
    let preferred = names.filter { $0.hasPrefix("model.") || $0.hasPrefix("pytorch_model.") }
    let chosen = preferred.count == 1 ? preferred : names
    guard chosen.count > 1 else { return chosen.first }
    throw TensorFileError(
      foreign: "a directory with several \(kind): "
        + chosen.sorted().map { quoted($0) }.joined(separator: ", ") + "; name one of them")
  }

  /// The sets of files such as `model-00001-of-00002.safetensors`, by the name without the number.
  private static func numbered(
    _ names: [String], kind: String
  ) -> [String: (files: [String], missing: [String])] {
    var sets: [String: (files: [String], missing: [String])] = [:]
    var numbers: [String: Set<Int>] = [:]
    for name in names where name.hasSuffix(kind) {
      guard let (prefix, number, total) = parts(name.dropLast(kind.count)) else { continue }
      let key = "\(prefix)of-\(total)\(kind)"
      sets[key, default: ([], [])].files.append(name)
      numbers[key, default: []].insert(number)
      guard let last = Int(total), numbers[key]?.count == 1, last <= 10_000 else { continue }
      sets[key]?.missing = (1...max(1, last)).map { index in
        let digits = "\(index)"
        return prefix + String(repeating: "0", count: max(0, total.utf8.count - digits.utf8.count))
          + digits + "-of-\(total)\(kind)"
      }
    }
    return sets.mapValues { files, all in
      let there = Set(files)
      return (files, all.filter { !there.contains($0) })
    }
  }

  /// The parts of `model-00001-of-00002`.
  private static func parts(_ name: Substring) -> (prefix: String, number: Int, total: String)? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of",
      let number = Int(parts[parts.count - 3]),
      let total = Int(parts[parts.count - 1]), (1...max(1, total)).contains(number)
    else { return nil }
    return (
      parts.dropLast(3).joined(separator: "-") + "-", number, String(parts[parts.count - 1])
    )
  }
}

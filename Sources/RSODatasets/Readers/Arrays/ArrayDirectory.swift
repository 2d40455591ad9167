import RSOSystem

/// A directory of files of arrays, as one file. An array that is alone in its file has the name of the
/// file without its extension; another one has the name `FILE/NAME`.
struct ArrayDirectory: ArrayFile {
  /// The most files that are opened.
  private static let maximumFiles = 256

  let path: String
  let arrays: [FoundArray]
  /// The file of each array, and its index there.
  private let places: [(file: any ArrayFile, index: Int)]

  /// - Parameter isWanted: False for the name of a file to leave out.
  ///
  /// *Throws:* `ArraysError`.
  init(_ path: String, where isWanted: (String) -> Bool = { _ in true }) throws(ArraysError) {
    self.path = path
    var arrays: [FoundArray] = []
    var places: [(file: any ArrayFile, index: Int)] = []
    for file in try Self.files(in: path, where: isWanted) {
      let stem = Self.stem(of: Path.name(of: file.path))
      for (index, array) in file.arrays.enumerated() {
        var array = array
        let isAlone = file.arrays.count == 1
        if file is IDXArray {
          array.hint = array.name
        } else {
          // The name that numpy.savez gives to an array says nothing.
          array.hint = isAlone && array.name == "arr_0" ? stem : "\(stem)/\(array.name)"
        }
        array.name = isAlone ? stem : "\(stem)/\(array.name)"
        arrays.append(array)
        places.append((file, index))
      }
    }
    self.arrays = arrays
    self.places = places
  }

  private static func files(
    in path: String, where isWanted: (String) -> Bool
  ) throws(ArraysError) -> [any ArrayFile] {
    var files: [any ArrayFile] = []
    for name in try names(in: path) where isWanted(name) {
      let file = Path.joined(path, name)
      guard FileSystem.isFile(file), let format = try? ArrayFormats.format(of: file) else {
        continue
      }
      guard files.count < maximumFiles else {
        throw .unreadable(path: path, problem: "it has more than \(maximumFiles) files of arrays")
      }
      files.append(try format.open(file))
    }
    return files
  }

  /// The names in a directory, sorted by their bytes.
  static func names(in path: String) throws(ArraysError) -> [String] {
    do throws(SystemError) {
      return try FileSystem.names(in: path)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw .file(.cannotOpen(path: path, reason: error.reason))
    }
  }

  /// The name of a file without its last extensions.
  private static func stem(of name: String) -> String {
    var name = name[...]
    for suffix in [".gz", ".npz", ".npy", ".h5", ".hdf5"] where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
    }
    return String(name)
  }

  func read(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try places[index].file.read(places[index].index, body)
  }
}

import RSOSystem

/// The pictures of one set: a directory for each class.
struct PictureFolder {
  static let suffixes: Set = ["png", "jpg", "jpeg"]
  /// Kinds of pictures that are not read, by their suffixes.
  private static let otherSuffixes: Set = [
    "bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm", "heic", "avif", "jp2",
  ]

  /// The directory of all classes.
  let path: String
  /// The names of the classes, and the files of each, both sorted by their bytes.
  let classes: [(name: String, files: [String])]
  /// The pictures of kinds that are not read.
  let otherPictures: [String]
  /// The directories in those of the classes.
  let innerDirectories: [String]
  /// The pictures beside the directories of the classes.
  let strayPictures: [String]

  /// Lists a directory of directories. Hidden names and files of other kinds are left out.
  ///
  /// *Throws:* `FolderError`.
  init(_ path: String) throws(FolderError) {
    self.path = path
    guard FileSystem.isDirectory(path) else { throw .noClasses(path: path) }
    var classes: [(String, [String])] = []
    var (others, inner) = ([String](), [String]())
    for name in try Self.names(in: path) {
      let directory = Path.joined(path, name)
      guard FileSystem.isDirectory(directory) else { continue }
      let names = try Self.names(in: directory)
      let files = names.filter { Self.suffixes.contains(Self.suffix($0)) }
      for name in names where !Self.suffixes.contains(Self.suffix(name)) {
        let path = Path.joined(directory, name)
        if Self.otherSuffixes.contains(Self.suffix(name)) {
          guard !files.isEmpty else { throw .otherKind(path: path) }
          others.append(path)
        } else if FileSystem.isDirectory(path) {
          inner.append(path)
        }
      }
      guard !files.isEmpty else { throw .emptyClass(path: directory) }
      classes.append((name, files.map { Path.joined(directory, $0) }))
    }
    guard !classes.isEmpty else { throw .noClasses(path: path) }
    self.classes = classes
    (otherPictures, innerDirectories) = (others, inner)
    strayPictures = try Self.pictures(in: path)
  }

  /// All files, class by class.
  var files: [String] { classes.flatMap(\.files) }

  /// The class of each file. Names that are integers, such as `0` to `9`, are integers.
  var targets: RawTargets {
    let numbers = classes.compactMap { name, _ in
      Int64(name).flatMap { "\($0)" == name ? $0 : nil }
    }
    guard numbers.count == classes.count else {
      return .texts(
        classes.flatMap { name, files in Array(repeating: printable(name), count: files.count) })
    }
    return .integers(
      zip(numbers, classes).flatMap { number, entry in
        Array(repeating: number, count: entry.files.count)
      }, columns: 1)
  }

  /// Tells if a directory has a directory with pictures.
  static func isFolder(_ path: String) -> Bool {
    let names = (try? names(in: path)) ?? []
    return names.prefix(64).contains { name in
      let inner = (try? Self.names(in: Path.joined(path, name))) ?? []
      return inner.prefix(64).contains { suffixes.contains(suffix($0)) }
    }
  }

  /// Tells if a file begins as a PNG or JPEG picture.
  static func isPicture(_ path: String) -> Bool {
    guard FileSystem.isFile(path), let start = try? InputFile(path).bytes(4, at: 0) else {
      return false
    }
    return start.starts(with: [0x89] + Array("PNG".utf8)) || start.starts(with: [0xFF, 0xD8, 0xFF])
  }

  /// Tells if there are pictures in a directory itself.
  static func hasPictures(_ path: String) -> Bool {
    (try? pictures(in: path))?.isEmpty == false
  }

  /// The pictures that are in a directory itself, sorted by the bytes of their names.
  static func pictures(in path: String) throws(FolderError) -> [String] {
    try names(in: path).filter { suffixes.contains(suffix($0)) }.map { Path.joined(path, $0) }
  }

  /// The names in a directory that are not hidden.
  static func names(in path: String) throws(FolderError) -> [String] {
    do throws(SystemError) {
      return try FileSystem.names(in: path).filter { !$0.hasPrefix(".") }
    } catch {
      throw .file(.cannotOpen(path: path, reason: error.reason))
    }
  }

  private static func suffix(_ name: String) -> String {
    Path.fileExtension(of: name).lowercased()
  }
}

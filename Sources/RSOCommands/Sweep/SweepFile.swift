import FoundationEssentials
import RSOCheckpoints
import RSONetworks
import RSOSystem

/// The content of a file that describes a sweep, as rso-sweep(1) specifies it.
struct SweepFile: Sendable, Equatable {
  /// A cell that the file names, with its place in the file.
  struct NamedCell: Sendable, Equatable {
    var place: String
    var name: String
    var options: [String: SweepValue]
  }

  private static let maximumBytes = 1 << 20

  var name: String
  var about: String?
  var options: [String: SweepValue] = [:]
  /// The values of each option that is varied.
  var grid: [String: [SweepValue]]?
  var cells: [NamedCell]?
  var seeds: [UInt64]

  /// - Parameters:
  ///   - scaled: Takes the file's `scaled` form.
  ///   - data: The data set of all runs, instead of the file's. A path is relative to the working
  ///     directory.
  ///
  /// *Throws:* `FileReadError` if the file cannot be read, `CommandError.badSweep` for its content.
  init(path: String, scaled: Bool, data: String? = nil) throws {
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.maximumBytes)
    do {
      let reader = SweepReader(directory: Path.parent(of: Path.absolute(path)))
      self = try reader.file(
        try Self.json(bytes), defaultName: SweepCells.sweepName(ofFile: Self.stem(of: path)),
        scaled: scaled)
      if let data { try replaceData(with: data) }
    } catch {
      throw CommandError.badSweep(path, reason: "\(error)")
    }
  }

  init(
    name: String, about: String?, options: [String: SweepValue], grid: [String: [SweepValue]]?,
    cells: [NamedCell]?, seeds: [UInt64]
  ) {
    self.name = name
    self.about = about
    self.options = options
    self.grid = grid
    self.cells = cells
    self.seeds = seeds
  }

  /// The name of a file without its extension.
  private static func stem(of path: String) -> String {
    let (name, suffix) = (Path.name(of: path), Path.fileExtension(of: path))
    return suffix.isEmpty ? name : String(name.dropLast(suffix.count + 1))
  }

  private mutating func replaceData(with data: String) throws(SweepFileFault) {
    let places = (cells ?? []).filter { $0.options["data"] != nil }.map { "\($0.place).options" }
    if let place = places.first ?? (grid?["data"] == nil ? nil : "grid") {
      throw SweepFileFault(
        place: "\(place).data",
        reason: "the runs differ in their data, so --data cannot replace them")
    }
    let working = SweepReader(directory: FileSystem.workingDirectory() ?? "/")
    options["data"] = working.text(data, of: "data")
  }

  private static func json(_ bytes: [UInt8]) throws(SweepFileFault) -> JSONValue {
    let complaint = JSONSyntax.complaint(about: Data(bytes))
    guard complaint.isEmpty,
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    else { throw SweepFileFault(place: "", reason: "not valid JSON" + complaint) }
    if let repetition = JSONSyntax.repeatedKey(in: Data(bytes)) {
      throw SweepFileFault(place: "", reason: repetition)
    }
    return value
  }
}

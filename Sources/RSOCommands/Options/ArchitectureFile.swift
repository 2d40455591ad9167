import FoundationEssentials
import RSONetworks
import RSOSystem

/// The JSON file that `--arch` names.
enum ArchitectureFile {
  /// More than the file of any network that a search could train.
  private static let maximumBytes = 1 << 20

  /// *Throws:* `FileReadError` if the file cannot be read, `CommandError.badArchitecture` if its
  /// content is wrong.
  static func read(_ path: String) throws -> Architecture {
    let bytes = try InputFile.contents(of: path, maximumBytes: maximumBytes)
    do {
      let architecture = try Architecture(json: Data(bytes))
      try architecture.refuseLayerNamedAsSamples()
      return architecture
    } catch {
      throw CommandError.badArchitecture(path, reason: place(of: error, in: bytes) + "\(error)")
    }
  }

  /// `line 5, column 4: ` where the error has a place in the text; otherwise nothing.
  private static func place(of error: ArchitectureError, in bytes: [UInt8]) -> String {
    guard case .invalid(let position, _, let key) = error,
      let place = JSONSyntax.place(of: position, key: key, in: Data(bytes))
    else { return "" }
    return "line \(place.line), column \(place.column): "
  }
}

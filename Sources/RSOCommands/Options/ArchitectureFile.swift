import Foundation
import RSONetworks

/// The JSON file that `--arch` names.
enum ArchitectureFile {
  /// More than any network of which a search would ever see the end.
  private static let maximumBytes = 1 << 20

  static func read(_ path: String) throws -> Architecture {
    let text: Data
    do {
      guard let file = FileHandle(forReadingAtPath: path) else {
        throw CommandError.cannotOpen(path, reason: String(cString: strerror(errno)))
      }
      defer { try? file.close() }
      text = try file.read(upToCount: maximumBytes + 1) ?? Data()
    } catch let error as CommandError {
      throw error
    } catch {
      throw CommandError.cannotOpen(path, reason: describe(error))
    }
    guard text.count <= maximumBytes else {
      throw CommandError.badArchitecture(path, reason: "larger than \(maximumBytes) bytes")
    }
    do {
      return try Architecture(json: text)
    } catch {
      throw CommandError.badArchitecture(path, reason: "\(error)")
    }
  }
}

import RSOSystem

extension DatasetSource {
  /// The bytes at the start of a file in which damage is looked for.
  private static let startSize = 1 << 16

  /// The error for a file that cannot be read, whatever its kind; nil for any other file.
  static func refusal(ofFile path: String) -> DatasetError? {
    guard FileSystem.isFile(path) else {
      return .unreadable(
        reason: "cannot open '\(path)': not a regular file; write the data to a file, and name "
          + "that",
        cause: .notFound)
    }
    do throws(FileReadError) {
      var input = try InflatedInput(path)
      if input.exactSize == 0 {
        return .unreadable(reason: "cannot use '\(path)': the file is empty", cause: .content)
      }
      _ = try input.bytes(startSize)
      return nil
    } catch {
      return .unreadable(reason: "\(error)", cause: error.cause)
    }
  }
}

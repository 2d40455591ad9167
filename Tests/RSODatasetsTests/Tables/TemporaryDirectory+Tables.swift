import RSODatasets
import TestSupport

extension TemporaryDirectory {
  /// Writes a table, and reads it as data.
  func table(
    _ text: String, name: String = "t.csv", _ request: (inout DataRequest) -> Void = { _ in }
  ) throws -> Dataset {
    try write(text.utf8, to: name)
    var asked = DataRequest()
    request(&asked)
    return try TableReader().load(self(name), asked)
  }
}

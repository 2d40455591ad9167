import Foundation
import RSOSystem
import RSOTensorFiles
import TestSupport
import Testing

/// The tensors that the library of a format reads, in an `expected.json` beside the files.
struct ExpectedTensors: Decodable {
  var name: String
  var type: String?
  var shape: [Int]?
  /// Of the elements as rso delivers them; nil where they are not read.
  var sha256: String?

  /// Compares the entries of a file in a folder of fixtures with what is expected of them.
  static func check(_ name: String, in folder: String, format: TensorFileFormat) throws {
    let tables = try JSONDecoder().decode(
      [String: [ExpectedTensors]].self, from: try Fixtures.data("\(folder)/expected.json"))
    let rows = try #require(tables[name])
    let path = Fixtures.url("\(folder)/\(name)").path
    let file = try #require(try TensorFile.open(path))
    #expect(file.path == path)
    #expect(file.format == format)
    #expect(file.entries.map(\.name).sorted() == rows.map(\.name).sorted())
    for row in rows {
      let entry = try #require(file[row.name], "\(row.name)")
      if let type = row.type { #expect(entry.type.name == type, "\(row.name)") }
      if let shape = row.shape { #expect(entry.shape == shape, "\(row.name)") }
      if let sha256 = row.sha256 {
        #expect(entry.problem == nil, "\(row.name)")
        #expect(try digest(entry, of: file) == sha256, "\(row.name)")
      } else if entry.problem == nil {
        // The source of a virtual dataset is found to be unfit only when it is read.
        #expect(throws: TensorFileError.self, "\(row.name)") { try digest(entry, of: file) }
      }
    }
  }

  /// The SHA-256 of the elements of an entry, read in parts of uneven size.
  static func digest(_ entry: TensorEntry, of file: TensorFile) throws -> String {
    var digest = SHA256()
    let reader = try file.reader(of: entry)
    var part = [UInt8](repeating: 0, count: 1000)
    while true {
      let count = try part.withUnsafeMutableBytes { try reader.read(into: $0) }
      if count == 0 { return digest.finalizeHexadecimal() }
      digest.update(Array(part[..<count]))
    }
  }
}

import HDF5
import RSOCheckpoints
import RSOSystem
import Testing

@Suite("Files of later versions")
struct LaterVersionTests {
  /// A checkpoint whose file says that it has another version, and has more than this version knows.
  private func file(_ version: FormatVersion, isExtended: Bool = true) throws -> [UInt8] {
    let file = try HDF5File(bytes: try CheckpointWriter.encode(Sample.placed()), writable: true)
    let root = try file.root()
    try root.removeAttribute("format_version")
    try root.setAttribute("format_version", "\(version)")
    if isExtended {
      try root.setAttribute("later", "text")
      try root.createGroup("later").write([1] as [Float], shape: [1], as: "more")
      try root.group("parameters").group("fc").write([1] as [Float], shape: [1], as: "later")
      try root.group("provenance").setAttribute("later", "text")
    }
    return try #require(
      UserBlock.seal(try file.image(), generator: "rso 1.0.0", version: version))
  }

  @Test("a later minor version is read, and what is not known is left out")
  func minor() throws {
    let version = CheckpointSchema.version
    let later = FormatVersion(major: version.major, minor: version.minor + 1)
    let read = try CheckpointReader.load(try file(later), path: "x")
    #expect(read.userBlock.version == later)
    #expect(try read.checkpoint == Sample.placed())
    // The digest of the state is that of the parts that are known.
    let known = try CheckpointReader.load(CheckpointWriter.encode(Sample.placed()), path: "y")
    #expect(read.stateSHA256 == known.stateSHA256)
  }

  @Test("a later major version is refused by name, although everything else is as now")
  func major() throws {
    let version = CheckpointSchema.version
    let later = FormatVersion(major: version.major + 1, minor: 0)
    let bytes = try file(later, isExtended: false)
    #expect(
      throws: CheckpointError.newerVersion(path: "x", found: later, supported: version)
    ) { try CheckpointReader.load(bytes, path: "x") }
  }
}

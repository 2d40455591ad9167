import HDF5
import RSOCheckpoints
import RSONumerics
import Testing

@Suite struct CheckpointDamageTests {
  static let file: [UInt8] = {
    do { return try CheckpointWriter.encode(try Sample.checkpoint()) } catch { return [] }
  }()

  @Test("every truncation of a file is refused")
  func truncations() throws {
    #expect(try CheckpointReader.decode(Self.file, path: "x") == Sample.checkpoint())
    for count in Self.file.indices {
      #expect(throws: CheckpointError.self, "\(count) bytes") {
        try CheckpointReader.load(Array(Self.file[..<count]), path: "x")
      }
    }
  }

  @Test("every flipped bit in the user block is refused, and thousands behind it")
  func bitFlips() throws {
    var file = Self.file
    var draws = RandomStream(key: Philox.Key(5, 6), position: (0, 0, 0))
    let elsewhere = (0..<4000).map { _ in
      UserBlock.size * 8 + Int(draws.next() % UInt64((file.count - UserBlock.size) * 8))
    }
    for bit in Array(0..<UserBlock.size * 8) + elsewhere {
      file[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: CheckpointError.self, "bit \(bit)") {
        try CheckpointReader.load(file, path: "x")
      }
      file[bit / 8] ^= 1 << (bit % 8)
    }
    #expect(file == Self.file)
  }

  @Test("a truncated HDF5 part with a right digest is refused")
  func sealedTruncations() throws {
    let image = Array(Self.file[UserBlock.size...])
    for count in stride(from: 0, to: image.count, by: 101) {
      let bytes = try #require(UserBlock.seal(Array(image[..<count]), generator: "rso 1.0.0"))
      #expect(throws: CheckpointError.self, "\(count) bytes") {
        try CheckpointReader.load(bytes, path: "x")
      }
    }
  }

  @Test("a flipped bit behind a right digest never changes the state unnoticed")
  func sealedBitFlips() throws {
    let original = try CheckpointReader.load(Self.file, path: "x").stateSHA256
    var image = Array(Self.file[UserBlock.size...])
    var draws = RandomStream(key: Philox.Key(7, 8), position: (0, 0, 0))
    var refused = 0
    for _ in 0..<500 {
      let bit = Int(draws.next() % UInt64(image.count * 8))
      image[bit / 8] ^= 1 << (bit % 8)
      let bytes = try #require(UserBlock.seal(image, generator: "rso 1.0.0"))
      do throws(CheckpointError) {
        #expect(try CheckpointReader.load(bytes, path: "x").stateSHA256 == original, "bit \(bit)")
      } catch {
        refused += 1
      }
      image[bit / 8] ^= 1 << (bit % 8)
    }
    // The rest falls on the history, on statistics, or on bytes that no object uses.
    #expect(refused > 50)
  }

  @Test("an edit of one number in place is told from an unedited file")
  func edited() throws {
    let editable = try HDF5File(bytes: Self.file, writable: true)
    let root = try editable.root()
    let group = try root.group("search")
    try group.remove("loss_sum")
    try group.write([1.0], shape: [], as: "loss_sum")
    let edited = Self.file[..<UserBlock.size] + (try editable.image())
    #expect(throws: CheckpointError.modified(path: "x")) {
      try CheckpointReader.load(Array(edited), path: "x")
    }
  }
}

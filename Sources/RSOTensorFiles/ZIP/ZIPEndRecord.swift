import RSOSystem

/// The record at the end of a zip archive, which tells where its directory is.
enum ZIPEndRecord {
  /// The place of the directory in the archive, and the number of its entries.
  struct Location {
    var range: Range<Int>
    var count: Int
  }

  /// Finds the directory of an archive.
  ///
  /// *Throws:* `ZIPError`.
  static func location<Source: ByteSource & ~Copyable>(
    in source: borrowing Source
  ) throws(ZIPError) -> Location {
    let last = source.size - ZIPArchive.endSize
    guard last >= 0 else { throw ZIPError.noDirectory }
    // A comment of at most 64 KiB may follow the record; the locator of zip64 stands before it.
    let start = max(0, last - 0xFFFF - ZIPArchive.longEndLocatorSize)
    let tail = try source.bytes(start..<source.size)
    guard let end = endRecord(of: tail) else { throw ZIPError.noDirectory }
    var reader = ByteReader(tail[(end + 4)...])
    guard let disk = reader.takeInteger(2), let firstDisk = reader.takeInteger(2),
      let countHere = reader.takeInteger(2), let count = reader.takeInteger(2),
      let size = reader.takeInteger(4), let offset = reader.takeInteger(4)
    else { throw ZIPError(problem: "its directory ends early") }
    guard disk == 0, firstDisk == 0, countHere == count else {
      throw ZIPError(problem: "it is in several parts")
    }
    let place = end - tail.startIndex + start
    // Some writers add the records of zip64 where the numbers fit into these as well.
    if let long = try longLocation(in: source, tail: tail[..<end], end: place) {
      guard count == 0xFFFF || count == long.count, size == 0xFFFF_FFFF || size == long.size,
        offset == 0xFFFF_FFFF || offset == long.offset
      else { throw ZIPError(problem: "its directory is not where it says") }
      return try checked(count: long.count, size: long.size, offset: long.offset, end: long.end)
    }
    return try checked(count: count, size: size, offset: offset, end: place)
  }

  private static func checked(
    count: Int, size: Int, offset: Int, end: Int
  ) throws(ZIPError) -> Location {
    guard count <= ZIPReader.maximumMembers else {
      throw ZIPError(problem: "it has \(count) members, more than \(ZIPReader.maximumMembers)")
    }
    guard offset >= 0, offset <= end, size == end - offset else {
      throw ZIPError(problem: "its directory is not where it says")
    }
    // A member takes at most three fields of 64 KiB in it.
    guard size <= count * 0x3_0100 else {
      throw ZIPError(problem: "its directory has more than \(count) members")
    }
    return Location(range: offset..<end, count: count)
  }

  /// The index of the end record in the bytes at the archive's end. Only a comment of the stated length
  /// may follow it.
  private static func endRecord(of tail: ArraySlice<UInt8>) -> Int? {
    let last = tail.endIndex - ZIPArchive.endSize
    return (max(tail.startIndex, last - 0xFFFF)...last).reversed().first { start in
      var reader = ByteReader(tail[start...])
      guard reader.takeInteger(4) == ZIPArchive.endSignature, reader.take(16) != nil,
        let comment = reader.takeInteger(2)
      else { return false }
      return comment == last - start
    }
  }

  /// The same facts in the records of zip64; nil where there are none. `end` is the place of its own end
  /// record, after the directory.
  private static func longLocation<Source: ByteSource & ~Copyable>(
    in source: borrowing Source, tail: ArraySlice<UInt8>, end: Int
  ) throws(ZIPError) -> (count: Int, size: Int, offset: Int, end: Int)? {
    var locator = ByteReader(tail.suffix(ZIPArchive.longEndLocatorSize))
    guard locator.takeInteger(4) == ZIPArchive.longEndLocatorSignature, locator.take(4) != nil,
      let place = locator.takeLongInteger()
    else { return nil }
    let size = 56
    let failure = ZIPError(problem: "its directory is not where it says")
    guard place <= end - ZIPArchive.longEndLocatorSize - size else { throw failure }
    var record = ByteReader(try source.bytes(place..<place + size))
    guard record.takeInteger(4) == ZIPArchive.longEndSignature, record.take(12) != nil,
      record.take(8) == [0, 0, 0, 0, 0, 0, 0, 0], let countHere = record.takeLongInteger(),
      let count = record.takeLongInteger(), let directorySize = record.takeLongInteger(),
      let offset = record.takeLongInteger(), countHere == count
    else { throw failure }
    return (count, directorySize, offset, place)
  }
}

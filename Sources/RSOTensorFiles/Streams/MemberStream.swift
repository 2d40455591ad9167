import RSOSystem

/// A member of a zip archive, unpacked while it is read.
final class MemberStream: TensorStream {
  private let file: InputFile
  private var reader: ZIPMemberReader

  /// - Parameter skipped: The number of unpacked bytes before the elements.
  init(_ member: ZIPMember, skipped: Int) throws(TensorStreamError) {
    do throws(FileReadError) { file = try InputFile(member.path) } catch {
      throw TensorStreamError(problem: error.reason)
    }
    guard member.content.upperBound <= file.size else { throw .shortened }
    do throws(ZIPError) { reader = try ZIPMemberReader(member.entry, member.content) } catch {
      throw TensorStreamError(problem: error.problem)
    }
    try skip(skipped)
  }

  private func skip(_ count: Int) throws(TensorStreamError) {
    var rest = count
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 16), alignment: 1)
    defer { room.deallocate() }
    while rest > 0 {
      let part = UnsafeMutableRawBufferPointer(rebasing: room[..<min(rest, room.count)])
      guard try read(into: part) == part.count else { throw .shortened }
      rest -= part.count
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    do throws(ZIPError) { return try reader.read(into: buffer, from: file) } catch {
      throw TensorStreamError(problem: error.problem)
    }
  }

  /// Reads the rest of the member, to compare its checksum.
  func finish() throws(TensorStreamError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { room.deallocate() }
    while try read(into: room) == room.count {}
  }
}

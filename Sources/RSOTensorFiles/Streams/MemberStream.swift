import RSOSystem

/// A member of a zip archive, unpacked while it is read.
final class MemberStream: TensorStream {
  private let file: InputFile
  private var reader: ZIPMemberReader
  /// The unpacked bytes that were not read.
  private var rest: Int

  /// - Parameter skipped: The number of unpacked bytes before the elements.
  init(_ member: ZIPMember, skipped: Int) throws(TensorStreamError) {
    do throws(FileReadError) { file = try InputFile(member.path) } catch {
      throw TensorStreamError(problem: error.reason)
    }
    guard member.content.upperBound <= file.size else { throw .shortened }
    do throws(ZIPError) { reader = try ZIPMemberReader(member.entry, member.content) } catch {
      throw TensorStreamError(problem: error.problem)
    }
    rest = member.entry.size
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
    do throws(ZIPError) {
      let count = try reader.read(into: buffer, from: file)
      rest -= count
      return count
    } catch { throw TensorStreamError(problem: error.problem) }
  }

  /// Reads the end, where the checksum is compared; does nothing where elements are a part of the member.
  func finish() throws(TensorStreamError) {
    guard rest <= 0 else { return }
    var byte: UInt8 = 0
    var failure: TensorStreamError?
    let count = withUnsafeMutableBytes(of: &byte) { room in
      do throws(TensorStreamError) { return try read(into: room) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    guard count == 0 else { throw TensorStreamError(problem: "the file has changed") }
  }
}

import RSOSystem

/// Stored bytes that are read by position.
final class ByteRuns {
  /// The most unpacked bytes of a compressed member that are held in memory.
  static let largestUnpacked = 1 << 28

  /// The bytes, where they are in memory.
  private let memory: ArraySlice<UInt8>
  /// The file that has them otherwise, from `offset` on.
  private let file: InputFile?
  private let offset: Int

  /// *Throws:* `TensorStreamError`, also for a compressed member of more than `largestUnpacked` bytes.
  init(_ storage: TensorStorage) throws(TensorStreamError) {
    switch storage.place {
    case .memory(let bytes):
      memory = bytes
      file = nil
      offset = 0
    case .file(let path, let offset):
      do throws(FileReadError) { file = try InputFile(path) } catch {
        throw TensorStreamError(problem: error.reason)
      }
      (memory, self.offset) = ([], offset)
    case .member(let member, let skipped):
      guard storage.size <= Self.largestUnpacked else {
        throw TensorStreamError(
          problem:
            "it is compressed and not row-major, and its \(storage.size) bytes are more than "
            + "the \(Self.largestUnpacked) that are unpacked at once; save it uncompressed")
      }
      memory = try Self.unpacked(member, skipped: skipped, size: storage.size)[...]
      file = nil
      offset = 0
    case .array, .varints: throw TensorStreamError(problem: "its elements are not read by position")
    }
  }

  /// Returns the unpacked bytes of a member, or a part of them.
  static func unpacked(
    _ member: ZIPMember, skipped: Int, size: Int
  ) throws(TensorStreamError) -> [UInt8] {
    let stream = try MemberStream(member, skipped: skipped)
    var failure: TensorStreamError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      do throws(TensorStreamError) {
        filled = try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
        try stream.finish()
      } catch { failure = error }
    }
    if let failure { throw failure }
    guard bytes.count == size else { throw .shortened }
    return bytes
  }

  /// Fills the buffer with the bytes from `position` on.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(TensorStreamError) {
    let count: Int?
    do throws(FileReadError) { count = try file?.read(into: buffer, at: offset + position) } catch {
      throw TensorStreamError(problem: error.reason)
    }
    guard let count else {
      guard position + buffer.count <= memory.count else { throw .shortened }
      let start = memory.startIndex + position
      buffer.copyBytes(from: memory[start..<start + buffer.count])
      return
    }
    guard count == buffer.count else { throw .shortened }
  }
}

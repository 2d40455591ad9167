import RSOSystem

/// A file of `torch.save` in its zip form: `NAME/data.pkl`, and a member `NAME/data/KEY` for each storage.
/// A TorchScript archive has its constants in the same form: `NAME/constants.pkl`, `NAME/constants/KEY`.
///
/// *Source:* `torch/serialization.py` and `caffe2/serialize/inline_container.h` of PyTorch 2.
struct TorchFile {
  /// The most bytes of a pickle.
  private static let largestPickle = 1 << 27
  private static let pickleName = "/data.pkl"

  let path: String
  /// The name before the first slash of all members.
  private let prefix: String
  private let members: [String: ZIPMember]
  let isBigEndian: Bool

  /// Tells if an archive is PyTorch's.
  static func isTorch(_ members: [ZIPMember]) -> Bool {
    members.contains { $0.name.hasSuffix(pickleName) }
  }

  /// Reads the descriptions of the tensors of an archive.
  ///
  /// *Throws:* `TensorFileError`.
  static func open(_ path: String, _ members: [ZIPMember]) throws(TensorFileError) -> TensorFile {
    do throws(PickleError) {
      let file = try TorchFile(path, members)
      var result = TensorFile(path: path, format: .pytorch, entries: [])
      try file.read("data", into: &result)
      if file.members["\(file.prefix)/constants.pkl"] != nil {
        try file.read("constants", into: &result)
      }
      return result
    } catch {
      throw TensorFileError(format: TensorFileFormat.pytorch.title, problem: error.problem)
    }
  }

  private init(_ path: String, _ members: [ZIPMember]) throws(PickleError) {
    guard let pickle = members.first(where: { $0.name.hasSuffix(Self.pickleName) }) else {
      throw PickleError(problem: "it has no data.pkl")
    }
    self.path = path
    prefix = String(pickle.name.dropLast(Self.pickleName.count))
    self.members = Dictionary(
      members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    guard let order = self.members["\(prefix)/byteorder"] else {
      isBigEndian = false
      return
    }
    isBigEndian = try Self.contents(order, atMost: 16) == Array("big".utf8)
  }

  /// Adds the tensors of a pickle, whose storages are in the folder of the same name.
  private func read(_ folder: String, into result: inout TensorFile) throws(PickleError) {
    guard let pickle = members["\(prefix)/\(folder).pkl"] else {
      throw PickleError(problem: "it has no \(folder).pkl")
    }
    let heap = PickleHeap()
    var walk = TorchWalk { tensor, name in
      self.entry(tensor, named: name) { members["\(prefix)/\(folder)/\($0)"] }
    }
    let bytes = try Self.contents(pickle, atMost: Self.largestPickle)
    try walk.visit(
      try PickleReader.value(of: bytes[...], in: heap), named: folder == "data" ? nil : folder)
    withExtendedLifetime(heap) {}
    result.entries += walk.entries
    result.metadata.merge(walk.metadata) { first, _ in first }
  }

  private static func contents(
    _ member: ZIPMember, atMost limit: Int
  ) throws(PickleError) -> [UInt8] {
    let size = member.entry.size
    guard size <= limit else {
      throw PickleError(problem: "\(quoted(member.name)) has \(size) bytes, more than \(limit)")
    }
    do throws(TensorStreamError) {
      guard member.isUnchecked else {
        return try ByteRuns.unpacked(member, skipped: 0, size: size)
      }
      var bytes = [UInt8](repeating: 0, count: size)
      let runs = try ByteRuns(
        TensorStorage(.file(path: member.path, offset: member.content.lowerBound), size: size))
      var failure: TensorStreamError?
      bytes.withUnsafeMutableBytes { room in
        do throws(TensorStreamError) { try runs.read(into: room, at: 0) } catch { failure = error }
      }
      if let failure { throw failure }
      return bytes
    } catch { throw PickleError(problem: error.problem) }
  }
}

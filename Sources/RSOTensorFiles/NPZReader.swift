import RSOSystem

/// Reads npz, numpy's zip archive of arrays, stored or compressed. A scalar text becomes an entry
/// of the metadata.
package enum NPZReader {
  /// The limit for all arrays together, in unpacked bytes.
  package static let maximumSize = 1 << 31

  private static let suffix = ".npy"

  /// Reads the bytes of a file.
  ///
  /// *Throws:* `TensorFileError`, also for an archive with pickled objects: reading them would run code.
  package static func decode(
    _ bytes: [UInt8], maximumSize: Int = maximumSize
  ) throws(TensorFileError) -> TensorFile {
    let members: [ZIPArchive.Member]
    do throws(ZIPError) {
      members = try ZIPReader.members(of: bytes, limit: maximumSize) { $0.hasSuffix(suffix) }
    } catch {
      throw TensorFileError(format: "npz", problem: error.problem)
    }
    var file = TensorFile(tensors: [])
    for member in members {
      let name = String(member.name.dropLast(suffix.count))
      do throws(NPYError) {
        switch try NPYReader.decode(member.bytes, name: name) {
        case .tensor(let tensor): file.tensors.append(tensor)
        case .text(let text): file.metadata[name] = text
        }
      } catch {
        throw TensorFileError(format: "npz", problem: "array \(quoted(name)): \(error.problem)")
      }
    }
    guard !members.isEmpty else {
      throw TensorFileError(format: "npz", problem: "a zip archive without a numpy array")
    }
    return file
  }
}

import HDF5
import RSODatasets

/// The readers of arrays, given arbitrary bytes.
enum ArrayTrial {
  private static let reader = ArraysReader(limit: 1 << 26)

  /// Reads every array of a file as samples, and every pair of neighbours as a data set.
  static func read(_ bytes: [UInt8]) {
    MemoryFile.shared.hold(bytes)
    let path = MemoryFile.shared.path
    guard let arrays = try? reader.arrays(at: path) else { return }
    for array in arrays.prefix(20) {
      var request = DataRequest()
      request.inputs = array.name
      request.layout = .nhwc
      if let (shape, samples) = try? reader.samples(at: path, request) {
        precondition(samples.count == array.count && samples.count % shape.count == 0)
      }
    }
    // A file of one array is looked for beside it, which here are the open files of the process.
    guard arrays.count > 1 else { return }
    for (inputs, labels) in zip(arrays, arrays.dropFirst()).prefix(10) {
      var request = DataRequest()
      (request.inputs, request.labels, request.layout) = (inputs.name, labels.name, .nchw)
      guard let data = try? reader.load(path, request) else { continue }
      precondition(data.training.samples.count == data.training.count * data.training.shape.count)
      precondition(data.training.labels.allSatisfy { $0 < data.training.outputs })
    }
    _ = try? reader.load(path, DataRequest())
  }

  static func decode(_ bytes: [UInt8]) {
    let prefix = Array("rso arrays 3\n".utf8)
    guard case .success(let arrays)? = HDF5Array.decode(prefix + bytes) else { return }
    precondition(HDF5Array.encode(.success(arrays)) == prefix + bytes)
    for array in arrays { precondition(array.count >= 0) }
  }

  /// The first byte is the room, in units of 64 bytes.
  static func decompress(_ bytes: [UInt8]) {
    var output = [UInt8](repeating: 0, count: Int(bytes.first ?? 0) * 64)
    let count = output.withUnsafeMutableBytes { output in
      bytes.dropFirst().withUnsafeBytes { LZF.decompress($0, into: output) }
    }
    precondition(count.map { $0 <= output.count } ?? true)
  }
}

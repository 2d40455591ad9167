import HDF5
import HDF5Isolation
import RSOSystem

/// The elements of a dataset of an HDF5 file, as the process of libhdf5 sends them.
final class ArrayStream: TensorStream {
  private var elements: ArrayElements

  init(_ array: HDF5Array, path: String, part: Range<Int>?) throws(TensorStreamError) {
    do {
      elements = try ContentsProcess().elements(of: array, in: try InputFile(path), part: part)
    } catch let error as FileReadError {
      throw TensorStreamError(problem: error.reason)
    } catch {
      throw TensorStreamError(problem: "\(error)")
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    do {
      return try elements.read(into: buffer)
    } catch HDF5Error.unsuitable(_, let problem) {
      throw TensorStreamError(problem: problem)
    } catch {
      throw TensorStreamError(problem: "\(error)")
    }
  }

  /// Checks that no element follows.
  func finish() throws(TensorStreamError) {
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

internal import CRSODevices
internal import RSOSystem

/// An open OpenCL device: its memory, and the kernels that are compiled for it. `rso_devices.h` says how passes are
/// recorded and run.
///
/// After an error nothing is computed any more: results are zero, and `failure` says why.
///
/// A class by nature: it owns a device's memory. One thread at a time uses it.
package final class DeviceSession {
  package let device: OpenCLDevice
  private let session: OpaquePointer

  /// - Parameters:
  ///   - options: More of OpenCL's options for compiling the kernels.
  ///   - ownBytes: The most bytes for the working memory of work-groups; nil for the default.
  ///
  /// *Throws:* `DeviceError.failed`.
  package init(
    _ device: OpenCLDevice, options: String = "", ownBytes: Int? = nil
  ) throws(DeviceError) {
    var reason = [CChar](repeating: 0, count: 1024)
    guard
      let session = rso_session_open(
        device.index, options, UInt64(ownBytes ?? 0), &reason, reason.count)
    else { throw .failed(device, reason: PathText.text(of: reason)) }
    self.device = device
    self.session = session
  }

  deinit { rso_session_close(session) }

  /// The table of kernels that records: an `rso_kernels`.
  package static var table: UnsafeRawPointer {
    guard let table = rso_session_table() else { preconditionFailure("a table is a constant") }
    return table
  }

  /// The first error; nil as long as all goes well.
  package var failure: DeviceError? {
    guard let text = rso_session_error(session), text.pointee != 0 else { return nil }
    return .failed(device, reason: String(cString: text))
  }

  // MARK: Memory

  package enum Memory {
    /// Values that only the device has.
    case values
    /// The same at both sides.
    case shared
    /// Memory for one chunk, of which each work-group has its own.
    case own
  }

  package func allocate(bytes: Int, _ memory: Memory) -> UnsafeMutableRawPointer {
    let kind =
      switch memory {
      case .values: rso_memory_values
      case .shared: rso_memory_shared
      case .own: rso_memory_own
      }
    guard let start = rso_session_allocate(session, bytes, kind) else {
      preconditionFailure("addresses are given out or the program ends")
    }
    return start
  }

  package func free(_ start: UnsafeMutableRawPointer) { rso_session_free(session, start) }

  /// Says that shared memory has been written here.
  package func changed(_ first: UnsafeRawPointer, bytes: Int) {
    rso_session_changed(session, first, bytes)
  }

  /// Brings shared memory here.
  package func read(_ first: UnsafeMutableRawPointer, bytes: Int) {
    rso_session_read(session, first, bytes)
  }

  /// Copies bytes to the device's values.
  package func write(_ to: UnsafeMutableRawPointer, _ from: UnsafeRawPointer, bytes: Int) {
    rso_session_write(session, to, from, bytes)
  }

  // MARK: Passes

  /// The sums of the first chunk of a pass, followed by those of the others.
  package var sums: UnsafeMutablePointer<Double> {
    guard let sums = rso_session_sums(session) else {
      preconditionFailure("an open session has addresses for sums")
    }
    return sums
  }

  /// Records a pass, and runs it.
  ///
  /// - Parameters:
  ///   - chunks: The pass's chunks.
  ///   - samples: In all chunks.
  ///   - quantities: Sums of each chunk.
  ///   - folds: Receives them: chunk x quantity.
  ///   - record: Runs the kernels of one chunk, by its place in `chunks`.
  package func run(
    _ chunks: Range<Int>, samples: Int, quantities: Int, into folds: UnsafeMutablePointer<Double>?,
    _ record: (_ place: Int) -> Void
  ) {
    guard !chunks.isEmpty else { return }
    rso_session_begin(session)
    record(0)
    for place in Set([min(1, chunks.count - 1), chunks.count - 1]).sorted() where place > 0 {
      rso_session_repeat(session, place)
      record(place)
    }
    rso_session_run(session, chunks.lowerBound, chunks.count, samples, quantities, folds)
  }

  /// The work that a session has done.
  package struct Figures: Sendable, Hashable {
    package var launches: Int
    /// Bytes that were moved to the device.
    package var sentBytes: Int
    /// Bytes that were moved from it.
    package var receivedBytes: Int
    /// The most bytes of the device's memory that were allocated at once.
    package var peakBytes: Int
  }

  package var figures: Figures {
    let counted = rso_session_counted(session)
    return Figures(
      launches: Int(counted.launches), sentBytes: Int(counted.sent),
      receivedBytes: Int(counted.received), peakBytes: Int(counted.peak))
  }
}

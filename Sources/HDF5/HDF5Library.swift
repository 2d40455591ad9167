internal import CHDF5
import Synchronization

/// The library libhdf5. It is not thread-safe, so every call into it goes through `call`, under one
/// lock. Values of this module may be used from any thread.
package enum HDF5Library {
  /// The lock of all calls. Its value tells if libhdf5 is set up.
  private static let lock = Mutex(false)

  /// The version of the library in use: `1.10.8`.
  package static var version: String {
    get throws(HDF5Error) {
      var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
      try call("ask for the version of libhdf5") { H5get_libversion(&major, &minor, &release) }
      return "\(major).\(minor).\(release)"
    }
  }

  /// The number of files, groups, datasets, types and attributes that the process holds open.
  package static var openObjectCount: Int {
    get throws(HDF5Error) {
      try call("count open objects") {
        H5Fget_obj_count(chdf5_every_file(), chdf5_every_kind())
      }
    }
  }

  /// Runs `body`, one call into libhdf5, and returns its result.
  ///
  /// `body` must not create, close or drop a `Handle`: the lock is not recursive.
  ///
  /// *Throws:* `HDF5Error.failed` where the result is negative, which is libhdf5's sign of a failure.
  @discardableResult
  static func call<Result: SignedInteger & Sendable>(
    _ operation: @autoclosure () -> String, _ body: () -> Result
  ) throws(HDF5Error) -> Result {
    let (result, reason) = lock.withLock { isSetUp in
      if !isSetUp {
        H5open()
        // A file must not make the process load plugins.
        H5PLset_loading_state(0)
        isSetUp = true
      }
      chdf5_quiet()
      let result = body()
      return (result, result < 0 ? takeError() : "")
    }
    guard result >= 0 else { throw .failed(operation: operation(), reason: reason) }
    return result
  }

  private static func takeError() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 520) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      chdf5_take_error(start, buffer.count)
      return String(cString: start)
    }
  }
}

internal import CHDF5

/// Owns one identifier of libhdf5 (a file, group, dataset, type, space or property list) and closes
/// it at the end of its life.
struct Handle: ~Copyable {
  let id: hid_t

  init(_ operation: @autoclosure () -> String, _ open: () -> hid_t) throws(HDF5Error) {
    id = try HDF5Library.call(operation(), open)
  }

  deinit {
    // Closing can fail only for an identifier that is not open; there is nobody left to tell.
    _ = try? HDF5Library.call("close an object") { H5Idec_ref(id) }
  }
}

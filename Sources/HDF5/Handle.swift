internal import CHDF5

/// Owns one identifier of libhdf5 (a file, group, dataset, type, space or property list) and closes
/// it when the value ends.
struct Handle: ~Copyable {
  let id: hid_t

  init(_ operation: @autoclosure () -> String, _ open: () -> hid_t) throws(HDF5Error) {
    id = try HDF5Library.call(operation(), open)
  }

  deinit {
    // Closing fails only for an identifier that is not open; a deinit cannot report it.
    _ = try? HDF5Library.call("close an object") { H5Idec_ref(id) }
  }
}

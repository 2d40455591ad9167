internal import CHDF5

extension HDF5Group {
  /// Creates a dataset of numbers.
  ///
  /// - Parameter shape: The extents; empty for a scalar. The product is `values.count`. Values are
  ///   row-major.
  package func write<Element: HDF5Element>(
    _ values: [Element], shape: [Int], as name: String, storage: HDF5Storage = .contiguous
  ) throws(HDF5Error) {
    precondition(shape.reduce(1, *) == values.count)
    let place = path(of: name)
    let space = try Self.space(shape)
    let creation = try Self.creation(storage, bytes: values.count * Element.hdf5Type.size)
    let dataset = try Handle("create dataset '\(place)'") {
      H5Dcreate2(
        handle.id, name, Element.hdf5Type.stored, space.id, chdf5_default(), creation.id,
        chdf5_default())
    }
    guard !values.isEmpty else { return }
    try HDF5Library.call("write dataset '\(place)'") {
      values.withUnsafeBytes {
        H5Dwrite(
          dataset.id, Element.hdf5Type.native, chdf5_all(), chdf5_all(), chdf5_default(),
          $0.baseAddress)
      }
    }
  }

  /// Creates a scalar dataset with a text in UTF-8. The length of its string type is the text's; an empty
  /// text is one NUL.
  package func write(text: String, as name: String) throws(HDF5Error) {
    let bytes = try Self.encoded(text, path(of: name))
    let type = try Self.textType(size: bytes.count)
    try write(raw: bytes, shape: [], as: name) { type.id }
  }

  /// Creates a dataset of bytes.
  ///
  /// - Parameter shape: The extents. The product is `bytes.count`. Values are row-major.
  package func write(bytes: [UInt8], shape: [Int], as name: String) throws(HDF5Error) {
    precondition(shape.reduce(1, *) == bytes.count)
    try write(raw: bytes, shape: shape, as: name) { chdf5_uint8() }
  }

  /// Creates a dataset of numbers from their bytes, little-endian.
  ///
  /// - Parameters:
  ///   - type: Any type of numbers that HDF5 has a name for.
  ///   - shape: The extents; empty for a scalar. Values are row-major.
  package func write(
    bytes: [UInt8], of type: HDF5Number, shape: [Int], as name: String
  ) throws(HDF5Error) {
    precondition(shape.reduce(type.size, *) == bytes.count)
    let stored = try type.storedType()
    try write(raw: bytes, shape: shape, as: name) { stored.id }
  }

  /// Creates a dataset of texts in UTF-8, each of the length of the longest, filled with NULs.
  ///
  /// - Parameter shape: The extents; empty for a scalar. The product is `texts.count`. Values are row-major.
  package func write(
    texts: [String], shape: [Int], as name: String
  ) throws(HDF5Error) {
    precondition(shape.reduce(1, *) == texts.count)
    var encoded: [[UInt8]] = []
    for text in texts {
      // NULs at the end are the filling.
      guard text.utf8.last != 0 else {
        throw .unsuitable(object: path(of: name), problem: "a text must not end with a NUL")
      }
      encoded.append(Array(text.utf8))
    }
    let length = max(1, encoded.map(\.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.count * length)
    for text in encoded { bytes += text + [UInt8](repeating: 0, count: length - text.count) }
    let type = try Self.textType(size: length)
    try write(raw: bytes, shape: shape, as: name) { type.id }
  }

  /// Creates a dataset of numbers whose elements the caller writes into the file itself, little-endian and
  /// row-major, when libhdf5 has finished with it.
  ///
  /// - Parameter shape: The extents; empty for a scalar.
  /// - Returns: The offset of the first element in the file; nil where there are no elements.
  package func reserve(
    _ type: HDF5Number, shape: [Int], as name: String
  ) throws(HDF5Error) -> Int? {
    let place = path(of: name)
    let space = try Self.space(shape)
    let stored = try type.storedType()
    let creation = try Self.creation(.contiguous, bytes: 0)
    try HDF5Library.call("set storage") { H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY) }
    try HDF5Library.call("set storage") { H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER) }
    let dataset = try Handle("create dataset '\(place)'") {
      H5Dcreate2(
        handle.id, name, stored.id, space.id, chdf5_default(), creation.id, chdf5_default())
    }
    guard !shape.contains(0) else { return nil }
    let offset = H5Dget_offset(dataset.id)
    guard let offset = Int(exactly: offset), offset > 0 else {
      throw .unsuitable(object: place, problem: "libhdf5 gave it no place")
    }
    return offset
  }

  /// Creates a dataset of elements whose form in memory is that in the file.
  private func write(
    raw bytes: [UInt8], shape: [Int], as name: String, type: () -> hid_t
  ) throws(HDF5Error) {
    let place = path(of: name)
    let space = try Self.space(shape)
    let creation = try Self.creation(.contiguous, bytes: bytes.count)
    let dataset = try Handle("create dataset '\(place)'") {
      H5Dcreate2(
        handle.id, name, type(), space.id, chdf5_default(), creation.id, chdf5_default())
    }
    guard !bytes.isEmpty else { return }
    try HDF5Library.call("write dataset '\(place)'") {
      bytes.withUnsafeBytes {
        H5Dwrite(
          dataset.id, type(), chdf5_all(), chdf5_all(), chdf5_default(), $0.baseAddress)
      }
    }
  }

  package func setAttribute<Element: HDF5Element>(
    _ name: String, _ value: Element
  ) throws(HDF5Error) {
    let attribute = try createAttribute(name) { Element.hdf5Type.stored }
    try HDF5Library.call("write attribute '\(name)' of '\(path)'") {
      withUnsafeBytes(of: value) {
        H5Awrite(attribute.id, Element.hdf5Type.native, $0.baseAddress)
      }
    }
  }

  /// Sets a scalar string attribute in UTF-8, of the text's length, which is less than 64 KB.
  package func setAttribute(_ name: String, _ text: String) throws(HDF5Error) {
    let bytes = try Self.encoded(text, "attribute '\(name)' of '\(path)'")
    let type = try Self.textType(size: bytes.count)
    let attribute = try createAttribute(name) { type.id }
    try HDF5Library.call("write attribute '\(name)' of '\(path)'") {
      bytes.withUnsafeBytes { H5Awrite(attribute.id, type.id, $0.baseAddress) }
    }
  }

  private func createAttribute(
    _ name: String, type: () -> hid_t
  ) throws(HDF5Error) -> Handle {
    let space = try Self.space([])
    return try Handle("create attribute '\(name)' of '\(path)'") {
      H5Acreate2(handle.id, name, type(), space.id, chdf5_default(), chdf5_default())
    }
  }

  private static func space(_ shape: [Int]) throws(HDF5Error) -> Handle {
    try Handle("describe a shape") {
      shape.isEmpty
        ? H5Screate(H5S_SCALAR)
        : H5Screate_simple(Int32(shape.count), shape.map(hsize_t.init), nil)
    }
  }

  private static func encoded(_ text: String, _ place: String) throws(HDF5Error) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard !bytes.contains(0) else {
      throw .unsuitable(object: place, problem: "a text must not have a NUL")
    }
    return bytes.isEmpty ? [0] : bytes
  }

  private static func textType(size: Int) throws(HDF5Error) -> Handle {
    let type = try Handle("describe a text") { H5Tcopy(chdf5_c_string()) }
    try HDF5Library.call("describe a text") { H5Tset_size(type.id, size) }
    try HDF5Library.call("describe a text") { H5Tset_cset(type.id, H5T_CSET_UTF8) }
    try HDF5Library.call("describe a text") { H5Tset_strpad(type.id, H5T_STR_NULLPAD) }
    return type
  }

  private static func creation(_ storage: HDF5Storage, bytes: Int) throws(HDF5Error) -> Handle {
    let creation = try Handle("set dataset properties") { H5Pcreate(chdf5_dataset_creation()) }
    try HDF5Library.call("turn off times") { H5Pset_obj_track_times(creation.id, false) }
    switch storage {
    case .contiguous:
      break
    case .compact:
      try HDF5Library.call("set storage") { H5Pset_layout(creation.id, H5D_COMPACT) }
    case .chunked(let shape, let deflate):
      try HDF5Library.call("set storage") {
        H5Pset_chunk(creation.id, Int32(shape.count), shape.map(hsize_t.init))
      }
      if let deflate {
        try HDF5Library.call("set compression") { H5Pset_deflate(creation.id, UInt32(deflate)) }
      }
    case .external(let file):
      try HDF5Library.call("set storage") {
        H5Pset_external(creation.id, file, 0, hsize_t(bytes))
      }
    }
    return creation
  }
}

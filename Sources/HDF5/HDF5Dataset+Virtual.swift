internal import CHDF5
internal import Glibc

/// Virtual datasets, whose elements are selections of other datasets. libhdf5 gives fill values where it does
/// not find one of them, so its own reading is not used: each source is opened here and must be there.
extension HDF5Dataset {
  private static let mostMappings = 1 << 16
  private static let mostFiles = 256

  /// The names of the other files that have the elements.
  ///
  /// *Throws:* `HDF5Error.unsuitable` with the reason why the elements cannot be read.
  func virtualSources(
    _ creation: borrowing Handle, _ array: HDF5Array
  ) throws(HDF5Error) -> [String] {
    guard array.element != .text else {
      throw .unsuitable(object: path, problem: "it is virtual and holds texts")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: array.element.size + 1)
    guard !overflow, size <= Self.largestVirtual else {
      throw .unsuitable(
        object: path,
        problem: "it is virtual and has more than the \(Self.largestVirtual) bytes that are put "
          + "together; copy it into a dataset of its own")
    }
    var files: [String] = []
    var known: Set<String> = []
    var covered: Int64 = 0
    for index in 0..<(try mappingCount(creation)) {
      let mapping = try mapping(index, creation)
      let part = try HDF5Library.call("read the layout of '\(path)'") {
        H5Sget_select_npoints(mapping.place.id)
      }
      let (sum, overflow) = covered.addingReportingOverflow(part)
      covered = overflow ? .max : sum
      if mapping.file != ".", known.insert(mapping.file).inserted { files.append(mapping.file) }
    }
    guard covered >= Int64(count) else {
      throw .unsuitable(object: path, problem: "it is virtual, and parts of it have no source")
    }
    guard files.count <= Self.mostFiles else {
      throw .unsuitable(
        object: path, problem: "it is virtual, and its elements are in \(files.count) files")
    }
    return files
  }

  /// Reads the elements of a virtual dataset from its sources.
  ///
  /// - Parameters:
  ///   - own: The root of the dataset's file.
  ///   - files: The other files by name.
  func readVirtual(
    _ array: HDF5Array, own: borrowing HDF5Group, files: [String: HDF5MappedFile],
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard count > 0 else { return }
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * array.element.size, alignment: 16)
    defer { buffer.deallocate() }
    var marks = [UInt8](repeating: 0, count: count)
    var order = [".": [Int]()]
    for index in 0..<(try mappingCount(creation)) {
      order[try mapping(index, creation).file, default: []].append(index)
    }
    for (name, indices) in order.sorted(by: { $0.key < $1.key }) where !indices.isEmpty {
      if name == "." {
        try read(indices, creation, from: own, array, buffer, &marks)
      } else if let file = files[name] {
        let file = try HDF5File(file)
        try read(indices, creation, from: try file.root(), array, buffer, &marks)
      } else {
        throw HDF5Error.unsuitable(object: path, problem: "its source file '\(name)' is missing")
      }
    }
    guard marks.allSatisfy({ $0 == 1 }) else {
      throw HDF5Error.unsuitable(
        object: path, problem: "it is virtual, and parts of it have no source")
    }
    try body(UnsafeRawBufferPointer(buffer))
  }

  private func read(
    _ indices: [Int], _ creation: borrowing Handle, from root: borrowing HDF5Group,
    _ array: HDF5Array, _ buffer: UnsafeMutableRawBufferPointer, _ marks: inout [UInt8]
  ) throws {
    for index in indices {
      let mapping = try mapping(index, creation)
      let source = try root.anyDataset(mapping.dataset)
      let description = try source.arrayDescription(path: mapping.dataset)
      let problem = description.isVirtual ? "it is virtual itself" : description.problem
      if let problem {
        throw HDF5Error.unsuitable(
          object: path, problem: "its source '\(mapping.dataset)': \(problem)")
      }
      let selection = try source.fitted(mapping.selection)
      let isWhole = try HDF5Library.call("place '\(mapping.dataset)' in '\(path)'") {
        H5Sselect_valid(mapping.place.id) > 0
          && chdf5_points(mapping.place.id)
            == chdf5_points(selection.id)
          ? 1 : 0
      }
      guard isWhole == 1 else {
        throw HDF5Error.unsuitable(
          object: path, problem: "its source '\(mapping.dataset)' has another number of elements")
      }
      try source.read(into: buffer, of: array.element, mapping.place, selection)
      try HDF5Library.call("place '\(mapping.dataset)' in '\(path)'") {
        chdf5_mark(&marks, mapping.place.id)
      }
    }
  }

  /// Returns a selection with the dataset's extents; the file has it without them.
  private func fitted(_ selection: borrowing Handle) throws(HDF5Error) -> Handle {
    let kind = try HDF5Library.call("select a part of '\(path)'") {
      H5Sget_select_type(selection.id).rawValue
    }
    if H5S_sel_type(kind) == H5S_SEL_ALL {
      return try Handle("read the shape of '\(path)'") { H5Dget_space(handle.id) }
    }
    let rank = try HDF5Library.call("read the shape of '\(path)'") {
      H5Sget_simple_extent_ndims(selection.id)
    }
    guard Int(rank) == shape.count, rank > 0 else {
      throw .unsuitable(object: path, problem: "has \(shape.count) dimensions, expected \(rank)")
    }
    let fitted = try Handle("select a part of '\(path)'") { H5Scopy(selection.id) }
    try HDF5Library.call("select a part of '\(path)'") {
      H5Sset_extent_simple(fitted.id, rank, shape.map { hsize_t($0) }, nil)
    }
    let isValid = try HDF5Library.call("select a part of '\(path)'") {
      H5Sselect_valid(fitted.id)
    }
    guard isValid > 0 else {
      throw .unsuitable(object: path, problem: "is smaller than the virtual dataset expects")
    }
    return fitted
  }

  // MARK: Mappings

  private struct Mapping: ~Copyable {
    var file: String
    var dataset: String
    /// The elements of the virtual dataset.
    var place: Handle
    /// Those of the source.
    var selection: Handle
  }

  private func mappingCount(_ creation: borrowing Handle) throws(HDF5Error) -> Int {
    var count = 0
    try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_virtual_count(creation.id, &count)
    }
    guard count <= Self.mostMappings else {
      throw .unsuitable(object: path, problem: "it is virtual and has \(count) parts")
    }
    return count
  }

  private func mapping(_ index: Int, _ creation: borrowing Handle) throws(HDF5Error) -> Mapping {
    let file = try name { H5Pget_virtual_filename(creation.id, index, $0.baseAddress, $0.count) }
    let dataset = try name { H5Pget_virtual_dsetname(creation.id, index, $0.baseAddress, $0.count) }
    guard !(file + dataset).utf8.contains(UInt8(ascii: "%")) else {
      throw .unsuitable(
        object: path, problem: "it is virtual, and its sources are named by a pattern")
    }
    let place = try Handle("read the layout of '\(path)'") {
      H5Pget_virtual_vspace(creation.id, index)
    }
    let selection = try Handle("read the layout of '\(path)'") {
      H5Pget_virtual_srcspace(creation.id, index)
    }
    let isEndless = try HDF5Library.call("read the layout of '\(path)'") {
      chdf5_is_endless(place.id) | chdf5_is_endless(selection.id)
    }
    guard isEndless == 0 else {
      throw .unsuitable(object: path, problem: "it is virtual, and its parts have no end")
    }
    return Mapping(file: file, dataset: dataset, place: place, selection: selection)
  }

  private func name(
    _ read: (UnsafeMutableBufferPointer<CChar>) -> Int
  ) throws(HDF5Error) -> String {
    var bytes = [CChar](repeating: 0, count: 1025)
    let length = try HDF5Library.call("read the layout of '\(path)'") {
      bytes.withUnsafeMutableBufferPointer { read($0) }
    }
    guard length < bytes.count,
      let name = String(
        validating: bytes[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    else {
      throw .unsuitable(
        object: path, problem: "it is virtual, and the name of a source cannot be read")
    }
    return name
  }
}

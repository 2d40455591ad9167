internal import CHDF5

/// A group of an open file. External links are never followed.
package struct HDF5Group: ~Copyable {
  let handle: Handle
  /// Link access properties that refuse external links.
  private let access: Handle
  /// The path from the root, for messages.
  package let path: String

  init(opening name: String, in parent: hid_t, path: String) throws(HDF5Error) {
    let access = try Self.guardedAccess()
    handle = try Handle("open group '\(path)'") { H5Gopen2(parent, name, access.id) }
    self.access = access
    self.path = path
  }

  private init(creating name: String, in parent: hid_t, path: String) throws(HDF5Error) {
    let creation = try Handle("set group properties") { H5Pcreate(chdf5_group_creation()) }
    try HDF5Library.call("turn off times") { H5Pset_obj_track_times(creation.id, false) }
    let access = try Self.guardedAccess()
    handle = try Handle("create group '\(path)'") {
      H5Gcreate2(parent, name, chdf5_default(), creation.id, chdf5_default())
    }
    self.access = access
    self.path = path
  }

  private static func guardedAccess() throws(HDF5Error) -> Handle {
    let access = try Handle("set link access") { H5Pcreate(chdf5_link_access()) }
    try HDF5Library.call("refuse external links") { chdf5_refuse_external_links(access.id) }
    return access
  }

  /// Returns the path of a member, for messages.
  package func path(of name: String) -> String {
    path == "/" ? "/\(name)" : "\(path)/\(name)"
  }

  package func createGroup(_ name: String) throws(HDF5Error) -> HDF5Group {
    try HDF5Group(creating: name, in: handle.id, path: path(of: name))
  }

  package func group(_ name: String) throws(HDF5Error) -> HDF5Group {
    try HDF5Group(opening: name, in: handle.id, path: path(of: name))
  }

  package func dataset(_ name: String) throws(HDF5Error) -> HDF5Dataset {
    let linkAccess = access.id
    let object = try Handle("open dataset '\(path(of: name))'") {
      H5Oopen(handle.id, name, linkAccess)
    }
    return try HDF5Dataset(taking: object, path: path(of: name))
  }

  // MARK: Members

  /// Returns the group's links, sorted by name.
  ///
  /// *Throws:* `HDF5Error`, also for more than `maximumCount` links.
  package func links(maximumCount: Int = 4096) throws(HDF5Error) -> [HDF5Link] {
    var info = H5G_info_t()
    try HDF5Library.call("look into group '\(path)'") { H5Gget_info(handle.id, &info) }
    guard info.nlinks <= maximumCount else {
      throw .unsuitable(object: path, problem: "has more than \(maximumCount) members")
    }
    var links: [HDF5Link] = []
    for index in 0..<info.nlinks {
      let kind = try HDF5Library.call("look into group '\(path)'") {
        chdf5_link_kind(handle.id, index)
      }
      links.append(HDF5Link(name: try linkName(at: index), kind: Self.kind(kind)))
    }
    return links
  }

  private func linkName(at index: hsize_t) throws(HDF5Error) -> String {
    let length = try HDF5Library.call("read a name in group '\(path)'") {
      H5Lget_name_by_idx(
        handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, chdf5_default())
    }
    guard length <= 1024 else {
      throw .unsuitable(object: path, problem: "has a member whose name is too long")
    }
    var bytes = [CChar](repeating: 0, count: length + 1)
    try HDF5Library.call("read a name in group '\(path)'") {
      H5Lget_name_by_idx(
        handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, bytes.count, chdf5_default())
    }
    guard
      let name = String(
        validating: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    else {
      throw .unsuitable(object: path, problem: "has a member whose name is not UTF-8")
    }
    return name
  }

  private static func kind(_ raw: Int32) -> HDF5Link.Kind {
    switch H5L_type_t(raw) {
    case H5L_TYPE_HARD: .hard
    case H5L_TYPE_SOFT: .soft
    case H5L_TYPE_EXTERNAL: .external
    default: .other
    }
  }

  /// Returns the kind of a member; its link must be hard.
  package func kind(of name: String) throws(HDF5Error) -> HDF5ObjectKind {
    let linkAccess = access.id
    let object = try Handle("open '\(path(of: name))'") { H5Oopen(handle.id, name, linkAccess) }
    let type = try HDF5Library.call("open '\(path(of: name))'") { H5Iget_type(object.id).rawValue }
    return switch H5I_type_t(type) {
    case H5I_GROUP: .group
    case H5I_DATASET: .dataset
    default: .other
    }
  }

  package func remove(_ name: String) throws(HDF5Error) {
    try HDF5Library.call("remove '\(path(of: name))'") {
      H5Ldelete(handle.id, name, chdf5_default())
    }
  }

  /// Creates a second name for the object at `target`.
  package func createHardLink(_ name: String, to target: String) throws(HDF5Error) {
    try HDF5Library.call("create link '\(path(of: name))'") {
      H5Lcreate_hard(handle.id, target, handle.id, name, chdf5_default(), chdf5_default())
    }
  }

  package func createSoftLink(_ name: String, to target: String) throws(HDF5Error) {
    try HDF5Library.call("create link '\(path(of: name))'") {
      H5Lcreate_soft(target, handle.id, name, chdf5_default(), chdf5_default())
    }
  }

  package func createExternalLink(
    _ name: String, to target: String, in file: String
  ) throws(HDF5Error) {
    try HDF5Library.call("create link '\(path(of: name))'") {
      H5Lcreate_external(file, target, handle.id, name, chdf5_default(), chdf5_default())
    }
  }
}

internal import CHDF5
internal import Glibc

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
    try dataset(name, maximumRank: HDF5Dataset.maximumRank)
  }

  /// A dataset that may have any number of dimensions.
  func anyDataset(_ name: String) throws(HDF5Error) -> HDF5Dataset {
    try dataset(name, maximumRank: HDF5Dataset.greatestRank)
  }

  private func dataset(_ name: String, maximumRank: Int) throws(HDF5Error) -> HDF5Dataset {
    let linkAccess = access.id
    let object = try Handle("open dataset '\(path(of: name))'") {
      H5Oopen(handle.id, name, linkAccess)
    }
    return try HDF5Dataset(taking: object, path: path(of: name), maximumRank: maximumRank)
  }

  // MARK: Members

  /// Returns the group's links, sorted by name.
  ///
  /// *Throws:* `HDF5Error`, also for more than `maximumCount` links.
  package func links(maximumCount: Int = 4096) throws(HDF5Error) -> [HDF5Link] {
    var found = LinkSearch(maximumCount: maximumCount)
    do throws(HDF5Error) {
      try HDF5Library.call("look into group '\(path)'") {
        withUnsafeMutablePointer(to: &found) { found in
          chdf5_visit_links(
            handle.id,
            { name, kind, context in
              context?.assumingMemoryBound(to: LinkSearch.self).pointee.add(name, kind) == true
                ? 0 : -1
            }, found)
        }
      }
    } catch {
      throw found.problem.map { .unsuitable(object: path, problem: $0) } ?? error
    }
    return found.links
  }

  /// The links of a group as libhdf5 names them one after the other.
  private struct LinkSearch {
    let maximumCount: Int
    var links: [HDF5Link] = []
    var problem: String?

    init(maximumCount: Int) { self.maximumCount = maximumCount }

    /// Returns false for a link that cannot be taken.
    mutating func add(_ name: UnsafePointer<CChar>?, _ kind: Int32) -> Bool {
      let longest = 1024
      guard links.count < maximumCount else {
        problem = "has more than \(maximumCount) members"
        return false
      }
      guard let name, case let length = strnlen(name, longest + 1), length <= longest else {
        problem = "has a member whose name is too long"
        return false
      }
      let bytes = UnsafeRawBufferPointer(start: name, count: length)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        problem = "has a member whose name is not UTF-8"
        return false
      }
      links.append(HDF5Link(name: text, kind: HDF5Group.kind(kind)))
      return true
    }
  }

  fileprivate static func kind(_ raw: Int32) -> HDF5Link.Kind {
    switch H5L_type_t(raw) {
    case H5L_TYPE_HARD: .hard
    case H5L_TYPE_SOFT: .soft
    case H5L_TYPE_EXTERNAL: .external
    default: .other
    }
  }

  /// The place of the group in its file, which tells it from every other object there.
  func address() throws(HDF5Error) -> UInt64 {
    var address: UInt64 = 0
    try HDF5Library.call("find group '\(path)'") { chdf5_address(handle.id, &address) }
    return address
  }

  /// Returns the kind of a member; its link must be hard or soft.
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

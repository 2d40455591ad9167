/// A name in a group.
package struct HDF5Link: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case hard, soft, external
    /// A user-defined link.
    case other
  }

  package var name: String
  package var kind: Kind

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// The kind of object that a hard link leads to.
package enum HDF5ObjectKind: Sendable, Hashable {
  case group, dataset
  /// A named type.
  case other
}

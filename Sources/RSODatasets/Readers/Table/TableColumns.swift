/// The columns of the table that a run was trained on, by which further tables are read.
package struct TableColumns: Sendable, Hashable, Codable {
  /// More bytes of names are not kept, because a checkpoint has limited room for them.
  private static let maximumBytes = 1 << 15

  /// The number of features.
  package var count: Int
  /// The name of each feature; nil without a header, or if the names are too long.
  package var features: [String]?
  /// The label columns, as `--label` names them; none if the labels were in a file of their own.
  package var labels: [String]
  /// The numbers of the label columns, counted from 1.
  package var places: [Int]

  package init(count: Int, features: [String]? = nil, labels: [String] = [], places: [Int] = []) {
    self.count = count
    self.features = features
    self.labels = labels
    self.places = places
  }

  init(of schema: TableSchema) {
    self.init(
      count: schema.features, features: schema.featureNames,
      labels: schema.targets.map(schema.label), places: schema.targets.map { $0 + 1 })
  }

  /// The same without names that are too long to be kept.
  var kept: TableColumns {
    var kept = self
    // JSON writes some characters as 6 bytes, and each name with quotes and a comma.
    let bytes = features?.reduce(0) { sum, name in
      sum + 3 + name.utf8.reduce(0) { $0 + ($1 < 0x20 || $1 == 0x22 || $1 == 0x5C ? 6 : 1) }
    }
    if let bytes, bytes > Self.maximumBytes { kept.features = nil }
    return kept
  }
}

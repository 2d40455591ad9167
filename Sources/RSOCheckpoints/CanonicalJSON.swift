import FoundationEssentials
import RSODatasets
import RSONetworks
import RSOSearch

/// The JSON texts of a checkpoint. Keys are sorted, there is no white space and `/` is not escaped, so that
/// equal values give equal bytes.
enum CanonicalJSON {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_: Value.Type, from text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}

/// The object `/plan`: a `SearchPlan` without its architecture, which is a separate object.
struct StoredPlan: Codable {
  var options: SearchOptions
  var seed: UInt64
  var data: DataIdentity
  var normalization: Normalization
  var numericPath: String
  /// nil if the run begins with parameters drawn from the seed.
  var initialParameters: InitialParameters?

  init(_ plan: SearchPlan) {
    options = plan.options
    seed = plan.seed
    data = plan.data
    normalization = plan.normalization
    numericPath = plan.numericPath
    initialParameters = plan.initialParameters
  }

  func plan(architecture: Architecture) -> SearchPlan {
    SearchPlan(
      architecture: architecture, options: options, seed: seed, data: data,
      normalization: normalization, numericPath: numericPath,
      initialParameters: initialParameters)
  }
}

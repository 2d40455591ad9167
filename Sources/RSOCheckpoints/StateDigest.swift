import RSONetworks
import RSONumerics
import RSOSearch
import RSOSystem

/// The digest `state_sha256`: the identity of a run at a position. Two runs are equal, bit for bit, if it is
/// equal: it covers everything that decides what the run does next, and no clock, host or path. It
/// also covers the names in the plan: those of the data set and of the file with initial weights.
///
/// It is the SHA-256, in lower case hexadecimal, of these bytes: the 12 bytes of the ASCII text
/// `rso state 1` and a newline; then the sections below in this order, each as
///
/// 1. its name in UTF-8, and one NUL,
/// 2. the number of bytes of its content, an unsigned 64-bit integer,
/// 3. its content.
///
/// All numbers are little-endian, floating-point ones IEEE 754; arrays are row-major. The names are
/// the paths of the objects in the file, and the contents are what the objects hold:
///
/// - `plan`: the UTF-8 bytes of the text, as stored, without padding
/// - `architecture`: likewise
/// - for every layer, in the order of evaluation (attribute `position` of the layer's group), for
///   those of weight, bias, gamma and beta that it has, in this order: `parameters/LAYER/KIND`:
///   its elements, float32
/// - `search/cursor`: three int64
/// - `search/initial_deviation`: float64, one per layer
/// - `search/deviation_factor`, if present: float64, one per layer
/// - `search/layer_parameters`, if present: float32
/// - `random/algorithm`: the UTF-8 bytes of the text
/// - for `initialization`, `proposal` and `minibatch`, in this order: `random/key/PURPOSE`: two
///   uint64
///
/// The deviations of finished cycles, the tallies and the history are left out: they follow from these, or
/// decide nothing.
package struct StateDigest: ~Copyable {
  private var hash = SHA256()

  private init() {
    hash.update(Array("rso state 1\n".utf8))
  }

  /// The digest of a run of `plan` in `state`.
  ///
  /// *Throws:* `ArchitectureError` if the plan has no valid network, or one with another number of
  /// parameters.
  package static func sha256(plan: SearchPlan, state: SearchState) throws -> String {
    let order = try SearchOrder(plan)
    guard state.parameters.count == order.layout.parameterCount else {
      throw ArchitectureError.parameterCount(
        network: plan.architecture.name, expected: order.layout.parameterCount,
        found: state.parameters.count)
    }
    return sha256(
      planText: try CanonicalJSON.encode(StoredPlan(plan)),
      architectureText: try CanonicalJSON.encode(plan.architecture), state: state,
      StateScope(plan, order: order, cursor: state.cursor))
  }

  /// The digest of a state whose parameters fit the scope's network; the texts are those in the file.
  static func sha256(
    planText: String, architectureText: String, state: SearchState, _ scope: StateScope
  ) -> String {
    typealias Schema = CheckpointSchema
    var digest = StateDigest()
    digest.add(Schema.plan, Array(planText.utf8))
    digest.add(Schema.architecture, Array(architectureText.utf8))
    for object in state.objects(scope, where: \.isIdentity) {
      digest.add(object.path, object.values.bytes)
    }
    digest.add("\(Schema.random)/\(Schema.Random.algorithm)", Array(Schema.algorithm.utf8))
    for purpose in RandomPurpose.allCases {
      let key = RandomKey(seed: scope.plan.seed, purpose: purpose).philox
      digest.add(
        "\(Schema.random)/\(Schema.Random.key)/\(Schema.name(of: purpose))",
        littleEndian([key[0], key[1]]))
    }
    return digest.finalize()
  }

  private consuming func finalize() -> String { hash.finalizeHexadecimal() }

  private mutating func add(_ name: String, _ content: [UInt8]) {
    hash.update(Array(name.utf8) + [0])
    hash.update(Self.littleEndian([UInt64(content.count)]))
    hash.update(content)
  }

  private static func littleEndian(_ values: some Sequence<some FixedWidthInteger>) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes(Array.init)
  }
}

import RSONumerics

/// The parts of a plan that limit its options.
package struct OptionLimits: Sendable {
  /// The number of training samples.
  package var samples: Int
  package var shape: ImageShape
  /// The names of the network's layers with parameters.
  package var layers: [String]

  package init(samples: Int, shape: ImageShape, layers: [String]) {
    self.samples = samples
    self.shape = shape
    self.layers = layers
  }
}

/// The values that an option may have.
struct OptionRange<Value: OptionValue>: Sendable {
  /// An invalid value, or the invalid part of it, and the allowed range in words.
  struct Violation: Sendable {
    var value: String
    var expected: String
  }

  /// Returns nil for a value in range; `options` are those that it belongs to.
  let violation: @Sendable (Value, _ options: SearchOptions, OptionLimits) -> Violation?

  static var any: OptionRange { OptionRange { _, _, _ in nil } }

  /// - Parameter expected: The range in words.
  static func range(
    _ expected: String, contains: @escaping @Sendable (Value) -> Bool
  ) -> OptionRange {
    OptionRange { value, _, _ in
      contains(value) ? nil : Violation(value: value.optionText, expected: expected)
    }
  }
}

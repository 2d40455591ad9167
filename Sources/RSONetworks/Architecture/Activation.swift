internal import Glibc

/// An elementwise activation function.
///
/// NaN stays NaN, so that it reaches the loss.
package enum Activation: Sendable, Hashable {
  /// x, unchanged.
  case identity
  /// max(x, 0)
  case relu
  /// x where x > 0, slope * x elsewhere; slope from 0 to 1.
  case leakyReLU(slope: Double)
  case tanh
  /// -1, 0 or 1; sign(0) = 0, as in PyTorch and ONNX.
  case sign
  /// 1 where x > 0, 0 elsewhere: step(0) = 0.
  case step

  /// The slope of a leaky ReLU where none is given.
  package static let defaultSlope = 0.01

  /// The value of the key "type" in an architecture's JSON.
  package var name: String {
    switch self {
    case .identity: "identity"
    case .relu: "relu"
    case .leakyReLU: "leaky-relu"
    case .tanh: "tanh"
    case .sign: "sign"
    case .step: "step"
    }
  }

  /// True if all x <= 0 give the same value.
  package var isRectifying: Bool { self == .relu || self == .step }

  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .relu: x < 0 ? 0 : x
    case .leakyReLU(let slope): x < 0 ? slope * x : x
    case .tanh: Glibc.tanh(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .step: x > 0 ? 1 : x <= 0 ? 0 : x
    }
  }
}

// MARK: JSON

extension Activation {
  static let layerTypes =
    [
      Activation.relu.layerType,
      LayerType("leaky-relu", keys: ["slope"]) { reader throws(ArchitectureError) in
        let slope = try reader.numberIfPresent("slope") ?? defaultSlope
        guard (0...1).contains(slope) else {
          throw reader.wrong("slope", "expected a number from 0 to 1, not \(slope)")
        }
        return .activation(.leakyReLU(slope: slope))
      },
    ] + [Activation.tanh, .sign, .step, .identity].map(\.layerType)

  /// The type of an activation without arguments.
  private var layerType: LayerType { LayerType(name) { _ in .activation(self) } }
}

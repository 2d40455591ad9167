internal import Glibc

/// A function of each value by itself.
///
/// NaN stays NaN, so that it reaches the loss.
package enum Activation: Sendable, Hashable {
  /// x: it changes nothing.
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

  /// The activation without arguments of this name.
  static func named(_ name: String) -> Activation? {
    [.identity, .relu, .tanh, .sign, .step].first { $0.name == name }
  }

  /// Whether all values that are not positive give the same.
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

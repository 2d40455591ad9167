import Foundation

/// What is done to each value by itself.
///
/// A NaN stays one, so that it reaches the loss.
package enum Activation: Sendable, Hashable {
  /// x: a network with it is the network without it.
  case identity
  /// max(x, 0)
  case relu
  /// x where x > 0, slope * x elsewhere; slope from 0 to 1.
  case leakyReLU(slope: Double)
  case tanh
  /// -1, 0 or 1, as PyTorch's and ONNX's: sign(0) = 0.
  case sign
  /// 1 where x > 0, 0 elsewhere: step(0) = 0.
  case step

  package static let usualSlope = 0.01

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

  /// Those that a name alone says all of.
  static func named(_ name: String) -> Activation? {
    [.identity, .relu, .tanh, .sign, .step].first { $0.name == name }
  }

  /// Whether what is not positive is all the same to it.
  package var isRectifying: Bool { self == .relu || self == .step }

  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .relu: x < 0 ? 0 : x
    case .leakyReLU(let slope): x < 0 ? slope * x : x
    case .tanh: Foundation.tanh(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .step: x > 0 ? 1 : x <= 0 ? 0 : x
    }
  }
}

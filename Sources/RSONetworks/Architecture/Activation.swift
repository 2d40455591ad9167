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
  /// 1 / (1 + e^-x)
  case sigmoid
  /// x times the share of the standard normal distribution below x: PyTorch's default, without tanh.
  case gelu
  /// x / (1 + e^-x)
  case silu
  /// x where x > 0, alpha * (e^x - 1) elsewhere; alpha from 0 to 100.
  case elu(alpha: Double)
  /// ln(1 + e^x)
  case softplus
  /// x / 6 + 1/2, at least 0 and at most 1.
  case hardSigmoid
  /// x times the hard sigmoid of x.
  case hardSwish

  /// The slope of a leaky ReLU where none is given.
  package static let defaultSlope = 0.01
  /// The alpha of an ELU where none is given.
  package static let defaultAlpha = 1.0

  /// The value of the key "type" in an architecture's JSON.
  package var name: String {
    switch self {
    case .identity: "identity"
    case .relu: "relu"
    case .leakyReLU: "leaky-relu"
    case .tanh: "tanh"
    case .sign: "sign"
    case .step: "step"
    case .sigmoid: "sigmoid"
    case .gelu: "gelu"
    case .silu: "silu"
    case .elu: "elu"
    case .softplus: "softplus"
    case .hardSigmoid: "hard-sigmoid"
    case .hardSwish: "hard-swish"
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
    case .sigmoid: 1 / (1 + exp(-x))
    case .gelu: x == -.infinity ? 0 : x * 0.5 * erfc(-x * 0.5.squareRoot())
    case .silu: x == -.infinity ? 0 : x / (1 + exp(-x))
    case .elu(let alpha): x > 0 ? x : alpha * expm1(x)
    case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    case .hardSigmoid: Self.hardSigmoid(x)
    case .hardSwish: x <= -3 ? 0 : x * Self.hardSigmoid(x)
    }
  }

  private static func hardSigmoid(_ x: Double) -> Double {
    x <= -3 ? 0 : x >= 3 ? 1 : x / 6 + 0.5
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
    + [Activation.sigmoid, .gelu, .silu].map(\.layerType)
    + [
      LayerType("elu", keys: ["alpha"]) { reader throws(ArchitectureError) in
        let alpha = try reader.numberIfPresent("alpha") ?? defaultAlpha
        guard (0...100).contains(alpha) else {
          throw reader.wrong("alpha", "expected a number from 0 to 100, not \(alpha)")
        }
        return .activation(.elu(alpha: alpha))
      }
    ] + [Activation.softplus, .hardSigmoid, .hardSwish].map(\.layerType)

  /// The type of an activation without arguments.
  private var layerType: LayerType { LayerType(name) { _ in .activation(self) } }
}

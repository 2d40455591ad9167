/// The type of a tensor's elements in a file.
package enum TensorType: Sendable, Hashable {
  case number(TensorElementType)
  case text
  /// Elements that are not decoded, such as blocks of quantised numbers, with the name that the format
  /// has for them: `Q4_K`. Their bytes can be compared.
  case other(String)

  /// The name in tables: `float32`.
  package var name: String {
    switch self {
    case .number(let type): type.rawValue
    case .text: "text"
    case .other(let name): name
    }
  }

  /// The type of numbers; nil for other elements.
  package var element: TensorElementType? {
    if case .number(let type) = self { type } else { nil }
  }

  package var isFloatingPoint: Bool { element?.isFloatingPoint ?? false }
}

/// A value of `--device`: what computes.
package enum DeviceChoice: Sendable, Hashable {
  case processor
  /// The first OpenCL device that suits a run, or else the processor.
  case automatic
  /// The OpenCL device of this index.
  case opencl(Int)

  package init?(_ text: String) {
    switch text {
    case "cpu": self = .processor
    case "auto": self = .automatic
    default:
      let index = text.dropFirst("opencl:".count)
      guard text.hasPrefix("opencl:"), !index.isEmpty, index.allSatisfy(\.isASCIIDigit),
        let index = Int(index)
      else { return nil }
      self = .opencl(index)
    }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension DeviceChoice: CustomStringConvertible {
  package var description: String {
    switch self {
    case .processor: "cpu"
    case .automatic: "auto"
    case .opencl(let index): "opencl:\(index)"
    }
  }
}

import RSOSearch
import RSOSystem

extension InitialParameters {
  /// - Parameter source: A path; its last part is kept.
  package init(_ parameters: [Float], from source: String) {
    let name = source.split(separator: "/").last.map(String.init) ?? ""
    self.init(source: name, sha256: Self.sha256(of: parameters))
  }

  static func sha256(of parameters: [Float]) -> String {
    var hash = SHA256()
    parameters.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update($0) }
    return hash.finalizeHexadecimal()
  }
}

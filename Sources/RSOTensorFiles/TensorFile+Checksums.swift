import RSOSystem

extension TensorFile {
  /// The reason why a checksum differs that reading all entries does not compare; nil where all are
  /// right. It is that of Keras's weights, which are read where they are.
  package func checksumProblem() -> String? {
    guard format == .keras else { return nil }
    do {
      return try KerasArchive.checksumProblem(InputFile(path))
    } catch {
      return error.reason
    }
  }
}

/// Named tensors in memory: for files that are written, and for the weights of a network.
package struct TensorList: Sendable, Hashable {
  package var tensors: [NamedTensor]
  /// Texts by name.
  package var metadata: [String: String]

  package init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package subscript(_ name: String) -> NamedTensor? { tensors.first { $0.name == name } }
}

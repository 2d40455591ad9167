/// A value of a pickle. Nothing in it was run: a call that is not known is an object with its name.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case text(String)
  /// A value without a form here, such as bytes; with its kind.
  case opaque(String)
  case container(PickleContainer)
  /// The name of a class or function: `torch.FloatStorage`.
  case global(String)
  /// A storage by itself, and the storage of a tensor before the tensor is made.
  case storage(PickledStorage)
  indirect case tensor(PickledTensor)
}

extension PickleValue {
  /// The values of a tuple; nil for any other value.
  var tuple: [PickleValue]? {
    guard case .container(let container) = self, container.kind == .tuple else { return nil }
    return container.members.map(\.value)
  }
}

/// The bytes of tensors, which have a file of their own.
final class PickledStorage: Sendable {
  /// The name of its file in the archive.
  let key: String
  /// `FloatStorage`; `UntypedStorage` for bytes.
  let typeName: String
  /// In elements.
  let count: Int

  init(key: String, typeName: String, count: Int) {
    (self.key, self.typeName, self.count) = (key, typeName, count)
  }
}

/// A view of a storage.
struct PickledTensor {
  /// The place of the elements; nil for a tensor without elements in the file.
  var storage: PickledStorage?
  /// The storage's type, or the tensor's own, where the storage has bytes: `float8_e4m3fn`.
  var typeName: String
  /// In elements.
  var offset = 0
  var shape: [Int]
  var strides: [Int] = []
  /// The reason why it is not an array of plain numbers; nil if it is.
  var problem: String?
}

/// The reason why a pickle cannot be read.
struct PickleError: Error {
  var problem: String
}

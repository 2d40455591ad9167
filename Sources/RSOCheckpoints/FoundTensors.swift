import HDF5
import HDF5Isolation

/// An array of floating-point numbers in a file.
package struct FoundTensor: Sendable, Equatable {
  /// The path of a dataset without the first slash, or the name of a tensor.
  package var name: String
  /// Row-major; empty for a scalar.
  package var shape: [Int]
  /// The type in the file: `float16`, `float32` ...
  package var elementType: String
  package var values: [Double]

  package init(name: String, shape: [Int], elementType: String, values: [Double]) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.values = values
  }
}

/// The floating-point arrays of a file that is not a checkpoint, and the names of its other objects.
package struct FoundTensors: Sendable, Equatable {
  package var tensors: [FoundTensor]
  /// The names of objects that are no arrays of floating-point numbers, or cannot be read.
  package var others: [String]

  package init(tensors: [FoundTensor], others: [String]) {
    self.tensors = tensors
    self.others = others
  }
}

extension FoundTensors {
  /// All objects behind hard links in any HDF5 file; `path` is for messages.
  package static func hdf5(_ bytes: [UInt8], path: String) throws(CheckpointError) -> FoundTensors {
    do {
      let contents = try ContentsProcess().contents(of: bytes, converting: true)
      var found = FoundTensors(tensors: [], others: [])
      found.add(try contents.get())
      return found
    } catch let error as ContentsProcessError {
      throw CheckpointError(error, path: path)
    } catch {
      let defect = Defect(error, in: "/")
      throw .malformed(path: path, object: defect.object, problem: defect.problem)
    }
  }

  private mutating func add(_ group: HDF5Contents.Group) {
    for (name, node) in group.members.sorted(by: { $0.key < $1.key }) {
      let path = String(group.path(of: name).drop { $0 == "/" })
      switch node {
      case .group(let group):
        add(group)
      case .dataset(let dataset):
        guard let bits = dataset.convertedBits, let values = dataset.converted else {
          others.append(path)
          continue
        }
        tensors.append(
          FoundTensor(
            name: path, shape: dataset.shape, elementType: "float\(bits)", values: values))
      case .link, .unreadable:
        others.append(path)
      }
    }
  }
}

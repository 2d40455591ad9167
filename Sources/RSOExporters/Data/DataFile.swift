import HDF5
import RSODatasets
import RSONumerics
import RSOTensorFiles

/// A data set as named arrays, in a form that rso and other programs read without options:
///
///     x_train, x_valid, x_test    N x F features, N x H x W grey or N x C x H x W; bytes or float32
///     y_train, y_valid, y_test    classes as integers or names; N x L labels of 0 and 1; numbers
package enum DataFile {
  /// The formats, by the suffix of their files.
  package enum Format: String, Sendable, CaseIterable {
    case npz, h5
  }

  /// One array. Its elements are row-major.
  private enum Values {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int64])
    case texts([String])
  }

  /// Returns the bytes of a file.
  ///
  /// *Throws:* `TensorFileError`, `HDF5Error`.
  package static func encode(_ dataset: Dataset, as format: Format) throws -> [UInt8] {
    let arrays = arrays(of: dataset)
    switch format {
    case .npz: return try npz(arrays)
    case .h5: return try hdf5(arrays)
    }
  }

  private static func arrays(
    of dataset: Dataset
  ) -> [(name: String, shape: [Int], values: Values)] {
    let sets: [(String, SampleSet?)] = [
      ("train", dataset.training), ("valid", dataset.validation), ("test", dataset.test),
    ]
    let arrays = sets.flatMap { name, set in
      set.map { set in
        [samples(of: set, named: "x_\(name)"), targets(of: set, in: dataset, named: "y_\(name)")]
      } ?? []
    }
    return arrays + names(of: dataset)
  }

  /// The names of outputs and features, where the targets do not hold them.
  private static func names(
    of dataset: Dataset
  ) -> [(name: String, shape: [Int], values: Values)] {
    var arrays: [(name: String, shape: [Int], values: Values)] = []
    let (outputs, features) = (dataset.outputNames, dataset.channelNames)
    let areInTargets =
      dataset.task == .classification && (areLabels(outputs) || numbers(outputs) != nil)
    if !outputs.isEmpty, !areInTargets {
      arrays.append(("class_names", [outputs.count], .texts(outputs)))
    }
    if !features.isEmpty { arrays.append(("feature_names", [features.count], .texts(features))) }
    return arrays
  }

  /// True if class names can be the labels themselves: texts in their order.
  private static func areLabels(_ names: [String]) -> Bool {
    zip(names, names.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      && numbers(names) == nil
  }

  /// Class names as integers in their order; nil if they are not, or a text such as `01` would be lost.
  private static func numbers(_ names: [String]) -> [Int64]? {
    let numbers = names.compactMap { name in Int64(name).flatMap { "\($0)" == name ? $0 : nil } }
    let areInOrder = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    return numbers.count == names.count && areInOrder ? numbers : nil
  }

  private static func samples(
    of set: SampleSet, named name: String
  ) -> (name: String, shape: [Int], values: Values) {
    let shape = set.shape
    let extents =
      shape.area == 1
      ? [shape.channels]
      : (shape.channels == 1 ? [] : [shape.channels]) + [shape.height, shape.width]
    switch set.samples {
    case .bytes(let bytes): return (name, [set.count] + extents, .bytes(bytes))
    case .floats(let floats): return (name, [set.count] + extents, .floats(floats))
    }
  }

  private static func targets(
    of set: SampleSet, in dataset: Dataset, named name: String
  ) -> (name: String, shape: [Int], values: Values) {
    switch set.targets {
    case .classes(let classes):
      let names = dataset.outputNames
      if areLabels(names) { return (name, [set.count], .texts(classes.map { names[Int($0)] })) }
      let numbers = numbers(names) ?? []
      // Names out of order are left to an array of their own.
      return (
        name, [set.count],
        .integers(
          classes.map { numbers.indices.contains(Int($0)) ? numbers[Int($0)] : Int64($0) })
      )
    case .labels(let labels, let count): return (name, [set.count, count], .bytes(labels))
    case .numbers(let numbers, let count):
      return (name, count == 1 ? [set.count] : [set.count, count], .floats(numbers))
    }
  }

  private static func npz(
    _ arrays: [(name: String, shape: [Int], values: Values)]
  ) throws -> [UInt8] {
    var tensors: [NamedTensor] = []
    var texts: [NPZWriter.Texts] = []
    for (name, shape, values) in arrays {
      switch values {
      case .bytes(let bytes):
        tensors.append(
          NamedTensor(name: name, elementType: .uint8, shape: shape, bytes: bytes[...]))
      case .floats(let floats):
        tensors.append(NamedTensor(name: name, shape: shape, values: floats))
      case .integers(let integers):
        tensors.append(NamedTensor(name: name, shape: shape, integers: integers))
      case .texts(let values): texts.append((name, shape, values))
      }
    }
    return try NPZWriter.encode(TensorList(tensors: tensors), texts: texts)
  }

  private static func hdf5(
    _ arrays: [(name: String, shape: [Int], values: Values)]
  ) throws -> [UInt8] {
    let file = try HDF5File()
    let root = try file.root()
    for (name, shape, values) in arrays {
      switch values {
      case .bytes(let bytes): try root.write(bytes: bytes, shape: shape, as: name)
      case .floats(let floats): try root.write(floats, shape: shape, as: name)
      case .integers(let integers): try root.write(integers, shape: shape, as: name)
      case .texts(let texts): try root.write(texts: texts, shape: shape, as: name)
      }
    }
    return try file.image()
  }
}

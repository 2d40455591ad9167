import RSONumerics
import RSOSystem

/// Arrays of texts with the names of outputs and features, as scikit-learn's data sets have them:
/// `target_names` and `feature_names`.
struct ArrayNames {
  /// The last words of an array's name.
  private static let names: [ListedArray.Use: Set<String>] = [
    .outputNames: ["target_names", "class_names", "label_names"],
    .featureNames: ["feature_names", "channel_names"],
  ]
  /// More names than these are not read: there are at most as many outputs, or features with names.
  private static let maximumCount = 1 << 16

  /// The names of each kind, with the array that they come from.
  private var found: [(use: ListedArray.Use, index: Int, name: String, names: [String])] = []
  private var remarks: [String] = []

  /// The kind of names that an array holds, by its own name; nil for any other array.
  static func use(of array: FoundArray) -> ListedArray.Use? {
    let last = array.name.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return names.first { $0.value.contains(last) }?.key
  }

  /// Reads the names in a file. An array that cannot be read gives a remark.
  init(of file: any ArrayFile, limit: Int) {
    for (index, array) in file.arrays.enumerated() {
      guard let use = Self.use(of: array), !found.contains(where: { $0.use == use }) else {
        continue
      }
      do {
        guard array.shape.count == 1, array.count <= Self.maximumCount,
          case .texts(let names) = try ArrayCollector.targets(index, of: file, limit: limit)
        else {
          remarks.append("\(quoted(array.name)) is not used: it is not a list of names")
          continue
        }
        found.append((use, index, array.name, names))
      } catch {
        remarks.append("\(quoted(array.name)) is not used: \(error)")
      }
    }
  }

  /// Names the outputs and features of a data set, where there is one name for each.
  ///
  /// - Parameter hasTexts: True if the classes are texts, which are their names.
  /// - Returns: For each array that was used, its index and use.
  func apply(to dataset: inout Dataset, hasTexts: Bool) -> [Int: ListedArray.Use] {
    var used: [Int: ListedArray.Use] = [:]
    dataset.remarks += remarks
    for (use, index, name, names) in found {
      let isOutput = use == .outputNames
      if isOutput && hasTexts { continue }
      let count = isOutput ? dataset.training.outputs : dataset.training.shape.channels
      guard names.count == count, Set(names).count == count, !names.contains("") else {
        dataset.remarks.append(
          "\(quoted(name)) is not used: it has \(names.count) names, and \(count) different ones are "
            + "needed")
        continue
      }
      if isOutput { dataset.outputNames = names } else { dataset.channelNames = names }
      used[index] = use
    }
    return used
  }
}

import RSONetworks
import RSOTensorFiles
import TensorAnalysis

/// Everything that a report says of another program's file of tensors.
struct ReportedFile: Sendable {
  private static let mostDistributions = 24
  private static let mostElements = 1 << 22
  private static let mostNames = 8

  let inspection: TensorsReport
  let filters: FilterSheet?
  let distributions: [WeightDistribution]
  /// Weights whose distribution is not shown.
  let leftOut: [LeftOut]

  /// A tensor that could have a distribution, and the reason why it has none.
  struct LeftOut: Sendable, Equatable {
    enum Reason: String, Sendable, CaseIterable {
      case tooLarge = "too large"
      case tooMany = "too many"
      case unreadable
    }

    var name: String
    var reason: Reason
  }

  init(_ file: TensorFile, threads: Int) {
    inspection = TensorsReport(file, threads: threads)
    var weights: [TensorEntry] = []
    var leftOut: [LeftOut] = []
    for entry in file.entries where entry.type.isFloatingPoint && entry.shape.count > 1 {
      let count = entry.count ?? 0
      if entry.problem != nil {
        leftOut.append(LeftOut(name: entry.name, reason: .unreadable))
      } else if count > Self.mostElements {
        leftOut.append(LeftOut(name: entry.name, reason: .tooLarge))
      } else if count > 0 {
        weights.append(entry)
      }
    }
    leftOut += weights.dropFirst(Self.mostDistributions)
      .map { LeftOut(name: $0.name, reason: .tooMany) }
    self.leftOut = leftOut
    func values(_ entry: TensorEntry) -> [Float]? {
      do throws(TensorFileError) {
        return try TensorValues.all(of: entry, in: file).map { Float($0) }
      } catch {
        // The table says why it cannot be read.
        return nil
      }
    }
    distributions = weights.prefix(Self.mostDistributions).compactMap { entry in
      values(entry).flatMap { WeightDistribution(layer: entry.name, now: $0[...]) }
    }
    filters = weights.first { $0.shape.count == 4 && $0.shape[2] * $0.shape[3] > 1 }
      .flatMap { entry in
        values(entry).flatMap { values in
          let (shape, ordered) = Self.outputsFirst(entry.shape, values)
          return FilterSheet(name: entry.name, values: ordered, shape: shape)
        }
      }
  }

  var path: String { inspection.file.path }

  /// The weights that have no distribution, in words; empty if all have one.
  var leftOutText: String {
    LeftOut.Reason.allCases.compactMap(leftOutText).joined(separator: " ")
  }

  private func leftOutText(_ reason: LeftOut.Reason) -> String? {
    let names = leftOut.filter { $0.reason == reason }.map(\.name)
    guard !names.isEmpty else { return nil }
    let count = Numbers.count(names.count, "tensor")
    let group =
      switch reason {
      case .tooLarge: "\(count) of more than \(Numbers.grouped(Self.mostElements)) elements"
      case .tooMany: "\(count) after the first \(Self.mostDistributions)"
      case .unreadable: "\(count) that cannot be read"
      }
    let more = names.count - Self.mostNames
    return "Not shown: \(group): \(names.prefix(Self.mostNames).joined(separator: ", "))"
      + (more > 0 ? " and \(Numbers.grouped(more)) more." : ".")
  }

  /// Returns the weights with the filters first. Keras has them last: height x width x channels x filters.
  private static func outputsFirst(_ shape: [Int], _ values: [Float]) -> ([Int], [Float]) {
    let largestKernel = 11
    guard shape[0] == shape[1], shape[0] <= largestKernel, shape[2] != shape[3] else {
      return (shape, values)
    }
    let (height, width, channels, filters) = (shape[0], shape[1], shape[2], shape[3])
    var ordered = [Float](repeating: 0, count: values.count)
    for place in 0..<(height * width) {
      for channel in 0..<channels {
        for filter in 0..<filters {
          ordered[(filter * channels + channel) * height * width + place] =
            values[(place * channels + channel) * filters + filter]
        }
      }
    }
    return ([filters, channels, height, width], ordered)
  }

  var json: ReportValue {
    var members = inspection.members
    members["filters"] = filters?.json ?? .missing
    members["weights"] = .list(distributions.map(\.json))
    members["weights_left_out"] = .list(
      leftOut.map { .object(["tensor": .text($0.name), "reason": .text($0.reason.rawValue)]) })
    return .object(members)
  }
}

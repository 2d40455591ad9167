import RSONetworks
import RSOTensorFiles
import TensorAnalysis

/// Everything that a report says of another program's file of tensors.
struct ReportedFile: Sendable {
  private static let mostDistributions = 24
  private static let mostElements = 1 << 22

  let inspection: TensorsReport
  let filters: FilterSheet?
  let distributions: [WeightDistribution]

  init(_ file: TensorFile, threads: Int) {
    inspection = TensorsReport(file, threads: threads)
    let weights = file.entries.filter { entry in
      entry.problem == nil && entry.type.isFloatingPoint && entry.shape.count > 1
        && (1...Self.mostElements).contains(entry.count ?? 0)
    }
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
    return .object(members)
  }
}

import RSORuns
import RSOTensorFiles
import TensorAnalysis

/// The figures of tensors in other programs' files that `rso inspect` computes on request.
enum FileInspection {
  /// The singular values of all matrices: tensors of real numbers with two dimensions or more.
  static func spectra(of file: TensorFile, entries: [TensorEntry]) -> [Spectrum] {
    entries.filter { $0.shape.count > 1 && $0.type.element?.isComplex == false }.map { entry in
      do throws(TensorFileError) {
        return Spectrum(
          name: entry.name, shape: entry.shape,
          values: try TensorValues.all(of: entry, in: file))
      } catch {
        return Spectrum(name: entry.name, shape: entry.shape, problem: error.problem)
      }
    }
  }

  /// One tensor in detail; nil for one without numbers.
  ///
  /// *Throws:* `TensorFileError`.
  static func detail(
    of description: TensorDescription, in file: TensorFile
  ) throws(TensorFileError) -> LayerDetail? {
    guard let numbers = description.numbers else { return nil }
    let entry = description.entry
    let found = try TensorDetail(of: entry, in: file, numbers: numbers, bins: 20)
    return LayerDetail(
      name: entry.name,
      tensors: [
        LayerDetail.Tensor(
          name: entry.name, shape: entry.shape, statistics: TensorStatistics(numbers))
      ],
      histogram: Histogram(
        minimum: numbers.finite == 0 ? 0 : numbers.minimum,
        maximum: numbers.finite == 0 ? 0 : numbers.maximum, counts: found.histogram),
      filters: found.outputs.enumerated().map {
        FilterStatistics(output: $0, statistics: TensorStatistics($1))
      })
  }
}

extension TensorStatistics {
  init(_ numbers: NumberStatistics) {
    self.init(
      count: numbers.count, notFinite: numbers.notFinite, zeros: numbers.zeros,
      mean: numbers.mean, standardDeviation: numbers.standardDeviation, minimum: numbers.minimum,
      maximum: numbers.maximum, norm: numbers.norm)
  }
}

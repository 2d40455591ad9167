import RSODatasets
import RSONumerics
import RSORuns
import RSOSystem

/// The picture of a data set: samples per class, and a histogram of each feature or channel.
package enum DataPlot {
  /// Histograms of more features would be too small.
  package static let mostChannels = 24
  private static let bins = 32

  package static func panels(_ survey: DataSurvey) -> [PlotPanel] {
    let set = survey.dataset.training
    let channels = survey.channels.indices.prefix(mostChannels).map { channel in
      let title = title(channel, of: survey)
      let label = set.shape.area == 1 ? "training samples" : "pixels of training samples"
      return switch set.samples {
      case .bytes(let bytes):
        bars(byteCounts(bytes, set.shape, channel), 0...256, title: title, label)
      case .floats(let floats):
        histogram(values(floats, set.shape, channel), title: title, label)
      }
    }
    return outputs(survey) + channels
  }

  /// A feature's name; of pictures, the channel.
  private static func title(_ channel: Int, of survey: DataSurvey) -> String {
    let dataset = survey.dataset
    let name = DataSurvey.channelName(channel, of: dataset)
    guard dataset.training.shape.area > 1, dataset.channelNames.isEmpty else { return name }
    return survey.channels.count == 1 ? "Values of the pixels" : "Channel \(name)"
  }

  package static func title(_ survey: DataSurvey) -> String {
    printable(survey.dataset.name)
      + (survey.channels.count > mostChannels
        ? ": the first \(mostChannels) of \(survey.channels.count) features" : "")
  }

  private static func outputs(_ survey: DataSurvey) -> [PlotPanel] {
    let dataset = survey.dataset
    if case .numbers(let numbers, let count) = dataset.training.targets {
      return (0..<min(count, mostChannels)).map { index in
        histogram(
          stride(from: index, to: numbers.count, by: count).map { numbers[$0] },
          title: "target " + DataSurvey.outputName(index, of: dataset), "training samples")
      }
    }
    let width = 0.8 / Double(survey.parts.count)
    var panel = PlotPanel(
      title: "Samples per class", xLabel: "class", yLabel: "samples",
      series: survey.parts.enumerated().map { place, part in
        let shift = (Double(place) - Double(survey.parts.count - 1) / 2) * width
        return PlotSeries(
          name: part.name,
          points: part.counts.enumerated().map { (Double($0.offset) + shift, Double($0.element)) },
          color: place)
      }, fromZero: true)
    panel.barWidth = width
    if dataset.training.outputs <= 10 {
      panel.names = (0..<dataset.training.outputs).map { DataSurvey.outputName($0, of: dataset) }
    }
    return [panel]
  }

  private static func histogram(_ values: [Float], title: String, _ label: String) -> PlotPanel {
    let histogram = Histogram(values, bins: bins)
    return bars(
      histogram.counts, histogram.minimum...histogram.maximum, title: title, label)
  }

  /// - Parameters:
  ///   - counts: Of bins of equal width.
  ///   - range: From the first bin's lower bound to the last one's upper bound.
  private static func bars(
    _ counts: [Int], _ range: ClosedRange<Double>, title: String, _ label: String
  ) -> PlotPanel {
    let width = (range.upperBound - range.lowerBound) / Double(counts.count)
    var panel = PlotPanel(
      title: title, xLabel: "value", yLabel: label,
      series: [
        PlotSeries(
          name: "",
          points: counts.enumerated().map { bin, count in
            (range.lowerBound + (Double(bin) + 0.5) * width, Double(count))
          }, color: 0)
      ], fromZero: true)
    panel.barWidth = width > 0 ? width : 1
    panel.hasWholeMarks = false
    return panel
  }

  /// The counts of bytes in one channel, 8 values per bin.
  private static func byteCounts(_ bytes: [UInt8], _ shape: ImageShape, _ channel: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    for first in stride(from: channel * shape.area, to: bytes.count, by: shape.count) {
      for index in first..<(first + shape.area) { counts[Int(bytes[index]) * bins / 256] += 1 }
    }
    return counts
  }

  private static func values(_ floats: [Float], _ shape: ImageShape, _ channel: Int) -> [Float] {
    stride(from: channel * shape.area, to: floats.count, by: shape.count).flatMap {
      floats[$0..<($0 + shape.area)]
    }
  }
}

import RSODatasets
import RSORuns
import RSOSystem

/// The picture of a data set: samples per class, and a histogram of each feature or channel.
package enum DataPlot {
  /// Histograms of more features would be too small.
  package static let mostChannels = 24
  private static let bins = 32

  package static func panels(_ survey: DataSurvey) -> [PlotPanel] {
    let channels = survey.channels.indices.prefix(mostChannels).map { channel in
      histogram(
        values(of: survey.dataset.training, channel: channel),
        title: DataSurvey.channelName(channel, of: survey.dataset), "value")
    }
    return outputs(survey) + channels
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
          title: "target " + DataSurvey.outputName(index, of: dataset), "value")
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

  private static func histogram(
    _ values: [Float], title: String, _ label: String
  ) -> PlotPanel {
    let histogram = Histogram(values, bins: bins)
    let width = (histogram.maximum - histogram.minimum) / Double(histogram.counts.count)
    var panel = PlotPanel(
      title: title, xLabel: label, yLabel: "training samples",
      series: [
        PlotSeries(
          name: "",
          points: histogram.counts.enumerated().map { bin, count in
            ((histogram.bound(bin) + histogram.bound(bin + 1)) / 2, Double(count))
          }, color: 0)
      ], fromZero: true)
    panel.barWidth = width > 0 ? width : 1
    panel.hasWholeMarks = false
    return panel
  }

  private static func values(of set: SampleSet, channel: Int) -> [Float] {
    let (size, area) = (set.shape.count, set.shape.area)
    var values: [Float] = []
    values.reserveCapacity(set.count * area)
    for sample in 0..<set.count {
      let first = sample * size + channel * area
      switch set.samples {
      case .bytes(let bytes):
        for index in first..<(first + area) { values.append(Float(bytes[index])) }
      case .floats(let floats): values += floats[first..<(first + area)]
      }
    }
    return values
  }
}

import RSONumerics

/// The numbers of one channel, or of one feature, in the training set.
package struct ChannelSummary: Sendable, Equatable {
  /// The smallest and the largest number, in the units of the data; bytes are 0 to 255.
  package var minimum: Float
  package var maximum: Float
  /// *Units:* as `Normalization`: of bytes, 255 counts as 1.
  package var mean: Double
  package var deviation: Double
  /// True if the training samples count 1 by 1 upwards: row numbers, not a measurement.
  package var countsRows: Bool

  package var range: ClosedRange<Float> { minimum...maximum }

  package var isConstant: Bool { minimum == maximum }

  /// The summary of every channel of a set of at least one sample.
  package static func all(of set: SampleSet, _ normalization: Normalization) -> [ChannelSummary] {
    switch set.samples {
    case .bytes(let bytes): all(bytes, set.shape, normalization) { Float($0) }
    case .floats(let floats): all(floats, set.shape, normalization) { $0 }
    }
  }

  private static func all<Element: Comparable>(
    _ elements: [Element], _ shape: ImageShape, _ normalization: Normalization,
    _ float: (Element) -> Float
  ) -> [ChannelSummary] {
    let (channels, area) = (shape.channels, shape.area)
    var lowest = (0..<channels).map { elements[$0 * area] }
    var highest = lowest
    var index = 0
    while index < elements.count {
      for channel in 0..<channels {
        for _ in 0..<area {
          let element = elements[index]
          if element < lowest[channel] { lowest[channel] = element }
          if element > highest[channel] { highest[channel] = element }
          index += 1
        }
      }
    }
    return (0..<channels).map { channel in
      ChannelSummary(
        minimum: float(lowest[channel]), maximum: float(highest[channel]),
        mean: normalization.mean[channel],
        deviation: normalization.standardDeviation[channel],
        countsRows: area == 1 && countsRows(elements, channel, of: channels, float))
    }
  }

  /// True if a feature rises from sample to sample, by whole numbers.
  private static func countsRows<Element>(
    _ elements: [Element], _ channel: Int, of channels: Int, _ float: (Element) -> Float
  ) -> Bool {
    guard elements.count >= 10 * channels else { return false }
    var last = -Float.infinity
    for index in stride(from: channel, to: elements.count, by: channels) {
      let value = float(elements[index])
      guard value > last, value == value.rounded() else { return false }
      last = value
    }
    return true
  }
}

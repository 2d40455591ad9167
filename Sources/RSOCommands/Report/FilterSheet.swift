import RSONetworks
import RSONumerics

/// The weights of a network's first layer as one picture: a square of pixels for each filter.
package struct FilterSheet: Sendable, Equatable {
  /// The arrangement of the squares.
  package enum Arrangement: String, Sendable {
    /// A square for each filter, from left to right and from top to bottom; blue is negative, orange positive.
    case squares
    /// The same for filters on red, green and blue; grey is 0.
    case colors
    /// A row for each filter, and in it a square for each input channel.
    case channels
    /// A row for each unit, and in it a pixel for each input.
    case matrix
  }

  /// More filters, channels and inputs are left out.
  private static let mostFilters = 64
  private static let mostChannels = 32
  private static let mostInputs = 256
  private static let largestKernel = 64

  /// The layer, or the tensor of a file.
  let name: String
  /// *Shape* of the weights: filters x input channels x height x width.
  let shape: [Int]
  package let arrangement: Arrangement
  /// The largest absolute weight: the end of the colours.
  let largest: Double
  /// The filters that are shown; the others are left out.
  let shown: Int
  package let image: PixelImage

  /// - Parameters:
  ///   - values: Filters x channels x height x width, row-major.
  ///   - shape: Of these, four numbers.
  ///
  /// Returns nil for weights that are not a picture: none, or filters that are too large.
  package init?(name: String, values: [Float], shape: [Int]) {
    guard shape.count == 4, shape.allSatisfy({ $0 > 0 }),
      max(shape[2], shape[3]) <= Self.largestKernel,
      values.count == shape.reduce(1, *)
    else { return nil }
    self.name = name
    self.shape = shape
    largest = values.reduce(0.0) { $1.isFinite ? max($0, abs(Double($1))) : $0 }
    shown = min(shape[0], Self.mostFilters)
    arrangement =
      shape[2] * shape[3] == 1
      ? .matrix : shape[1] == 1 ? .squares : shape[1] == 3 ? .colors : .channels
    let weights = Weights(values: values, shape: shape, scale: largest > 0 ? largest : 1)
    image =
      switch arrangement {
      case .matrix: Self.matrix(weights, filters: shown)
      case .channels: Self.channels(weights, filters: shown)
      case .squares, .colors: Self.squares(weights, filters: shown, inColor: shape[1] == 3)
      }
  }

  /// The first layer with weights of a network. A linear layer on pictures has filters of their size.
  package init?(_ layout: ParameterLayout, _ parameters: [Float], input: ImageShape) {
    guard let layer = layout.layers.first(where: { $0.tensor(.weight) != nil }),
      let tensor = layer.tensor(.weight)
    else { return nil }
    var shape = tensor.shape
    if shape.count == 2 {
      shape =
        shape[1] == input.count && input.area > 1
        ? [shape[0], input.channels, input.height, input.width] : [shape[0], shape[1], 1, 1]
    }
    self.init(name: layer.name, values: Array(parameters[tensor.range]), shape: shape)
  }

  /// Weights between -1 and 1.
  private struct Weights {
    let values: [Float]
    let shape: [Int]
    let scale: Double

    subscript(filter: Int, channel: Int, y: Int, x: Int) -> Double {
      Double(values[((filter * shape[1] + channel) * shape[2] + y) * shape[3] + x]) / scale
    }
  }

  private static func squares(_ weights: Weights, filters: Int, inColor: Bool) -> PixelImage {
    let (height, width) = (weights.shape[2], weights.shape[3])
    let columns = min(filters, filters > 32 ? 16 : 8, max(1, 128 / (width + 1)))
    let rows = (filters + columns - 1) / columns
    var image = PixelImage(
      width: columns * (width + 1) - 1, height: rows * (height + 1) - 1)
    for filter in 0..<filters {
      let (row, column) = filter.quotientAndRemainder(dividingBy: columns)
      for y in 0..<height {
        for x in 0..<width {
          let pixel =
            inColor
            ? (0..<3).map { level(weights[filter, $0, y, x]) } + [255]
            : ColorMap.diverging(weights[filter, 0, y, x])
          image.set(column * (width + 1) + x, row * (height + 1) + y, pixel)
        }
      }
    }
    return image
  }

  /// The brightness of a colour; 128 for a weight of 0.
  private static func level(_ weight: Double) -> UInt8 {
    weight.isFinite ? UInt8((127.5 + 127.5 * min(max(weight, -1), 1)).rounded()) : 0
  }

  private static func channels(_ weights: Weights, filters: Int) -> PixelImage {
    let (height, width) = (weights.shape[2], weights.shape[3])
    let columns = min(weights.shape[1], mostChannels)
    var image = PixelImage(
      width: columns * (width + 1) - 1, height: filters * (height + 1) - 1)
    for filter in 0..<filters {
      for channel in 0..<columns {
        for y in 0..<height {
          for x in 0..<width {
            image.set(
              channel * (width + 1) + x, filter * (height + 1) + y,
              ColorMap.diverging(weights[filter, channel, y, x]))
          }
        }
      }
    }
    return image
  }

  private static func matrix(_ weights: Weights, filters: Int) -> PixelImage {
    let columns = min(weights.shape[1], mostInputs)
    var image = PixelImage(width: columns, height: filters)
    for filter in 0..<filters {
      for input in 0..<columns {
        image.set(input, filter, ColorMap.diverging(weights[filter, input, 0, 0]))
      }
    }
    return image
  }

  /// The picture in words.
  package var caption: String {
    func all(_ word: String, _ count: Int, of all: Int) -> String {
      (count == all ? "" : "\(count) of ") + Numbers.count(all, word)
    }
    let size = "\(shape[2]) x \(shape[3])"
    let end = "from -\(Numbers.value(largest)) (blue) to \(Numbers.value(largest)) (orange)"
    switch arrangement {
    case .squares:
      return "\(name): \(all("filter", shown, of: shape[0])) of \(size) weights, \(end)"
    case .colors:
      return
        "\(name): \(all("filter", shown, of: shape[0])) of \(size) weights on red, green and blue; grey is 0, and "
        + "black and full colour are -\(Numbers.value(largest)) and \(Numbers.value(largest))"
    case .channels:
      let channels = all("input channel", min(shape[1], Self.mostChannels), of: shape[1])
      return
        "\(name): a row for each of \(all("filter", shown, of: shape[0])), and in it \(size) weights "
        + "on each of \(channels), \(end)"
    case .matrix:
      return "\(name): a row for each of \(all("unit", shown, of: shape[0])), a column for each of "
        + "\(all("input", min(shape[1], Self.mostInputs), of: shape[1])), \(end)"
    }
  }

  var json: ReportValue {
    .object([
      "layer": .text(name), "shape": shape.reportValue, "shown": .integer(shown),
      "largest": .number(largest),
    ])
  }
}

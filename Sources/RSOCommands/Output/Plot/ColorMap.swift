/// Colours for numbers. Their lightness alone tells the numbers' order, for people with any colour vision and on
/// paper.
enum ColorMap {
  typealias Color = (red: Double, green: Double, blue: Double)

  /// From dark blue by green to yellow, for 0 to 1.
  private static let sequence: [Color] = [
    (32, 36, 84), (43, 91, 145), (42, 148, 148), (128, 201, 110), (246, 232, 92),
  ]
  /// From blue by nearly white to orange, for -1 to 1.
  private static let opposites: [Color] = [
    (5, 62, 122), (88, 158, 208), (247, 247, 245), (238, 152, 84), (140, 50, 4),
  ]

  static func sequential(_ value: Double) -> [UInt8] { pixel(value, in: sequence) }
  static func diverging(_ value: Double) -> [UInt8] { pixel(value / 2 + 0.5, in: opposites) }
  /// The pixel of a number that is not known.
  static let nothing: [UInt8] = [0, 0, 0, 0]

  /// Red, green, blue and opacity between two colours of a list.
  private static func pixel(_ value: Double, in colors: [Color]) -> [UInt8] {
    guard value.isFinite else { return nothing }
    let place = min(max(value, 0), 1) * Double(colors.count - 1)
    let first = min(Int(place), colors.count - 2)
    let share = place - Double(first)
    func mixed(_ part: KeyPath<Color, Double>) -> UInt8 {
      let mean =
        colors[first][keyPath: part] * (1 - share) + colors[first + 1][keyPath: part] * share
      return UInt8(mean.rounded())
    }
    return [mixed(\.red), mixed(\.green), mixed(\.blue), 255]
  }
}

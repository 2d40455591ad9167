/// Elements of SVG.
enum SVGText {
  static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> String
  {
    """
    <line class="\(style)" x1="\(number(x1))" y1="\(number(y1))" x2="\(number(x2))" \
    y2="\(number(y2))"/>

    """
  }

  static func label(
    _ text: String, _ style: String, x: Double, y: Double, anchor: String = "start"
  ) -> String {
    """
    <text class="\(style)" x="\(number(x))" y="\(number(y))" text-anchor="\(anchor)">\
    \(Markup.escaped(text))</text>

    """
  }

  /// A text that reads upwards, around the point.
  static func upright(_ text: String, _ style: String, x: Double, y: Double) -> String {
    """
    <text class="\(style)" text-anchor="middle" transform="translate(\(number(x)) \
    \(number(y))) rotate(-90)">\(Markup.escaped(text))</text>

    """
  }

  /// The width of a text in the style of names and numbers, about: DejaVu Sans of 11 pixels, which is wider than
  /// most.
  static func width(_ text: String) -> Double {
    text.reduce(0) { width, character in
      switch character {
      case "i", "j", "l", "f", "t", "r", "I", " ", ".", ",", ":", ";", "'", "|", "-", "(", ")":
        width + 4.6
      case "m", "w", "M", "W", "@", "%", "…": width + 11
      default: width + (character.isUppercase || !character.isASCII ? 8.4 : 7.1)
      }
    }
  }

  /// A coordinate, with one decimal.
  static func number(_ value: Double) -> String {
    // A large page has some ten thousands of them, so this does without printf.
    guard let tenths = Int(exactly: (value * 10).rounded()) else { return "0" }
    let (whole, digit) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + (digit == 0 ? "\(whole)" : "\(whole).\(digit)")
  }

  /// A picture that is as wide as the page allows.
  ///
  /// - Parameters:
  ///   - title: The picture in words, for those who do not see it.
  ///   - data: The scales, from which a script finds the values under the pointer; nil for none.
  static func figure(
    width: Double, height: Double, title: String, style: String = "plot", data: String? = nil,
    _ body: String
  ) -> Markup {
    let scales = data.map { " data-plot=\"\(Markup.escaped($0))\"" } ?? ""
    return Markup(
      trusted: """
        <svg class="\(style)" viewBox="0 0 \(number(width)) \(number(height))" \
        style="max-width:\(number(width * 1.15))px" role="img" \
        aria-label="\(Markup.escaped(title))"\(scales)><title>\(Markup.escaped(title))</title>
        \(body)</svg>
        """)
  }
}

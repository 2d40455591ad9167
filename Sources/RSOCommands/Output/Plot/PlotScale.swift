/// The spacing of values on an axis.
package enum PlotScale: String, Sendable {
  case linear
  /// Equal distances for equal factors. It has no place for 0 and below.
  case logarithmic
}

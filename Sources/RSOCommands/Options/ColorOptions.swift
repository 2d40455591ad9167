import ArgumentParser
import FoundationEssentials

/// The values of `--color`.
package enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// `--color`.
struct ColorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Colours and marks for a terminal: auto, always or never; auto respects $NO_COLOR.",
      valueName: "when"))
  var color = ColorChoice.auto

  var palette: Palette { Self.palette(color) }

  /// The palette without the option.
  static var automatic: Palette { palette(.auto) }

  private static func palette(_ choice: ColorChoice) -> Palette {
    Palette(
      choice, isTerminal: Terminal.showsAnswers, environment: ProcessInfo.processInfo.environment)
  }
}

import ArgumentParser
import RSONetworks
import RSOSearch

/// The options that say what is trained, without the data: network, loss, weights and seed.
struct TrainedOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.network) var network: NetworkOptions
  @OptionGroup(title: OptionTitle.network) var listed: ListedOptions<NetworkSection>
  @OptionGroup(title: OptionTitle.network) var seedOption: SeedOption
}

/// The options that say how changes are judged and drawn.
struct ChangeOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.judging) var judging: ListedOptions<JudgingSection>
  @OptionGroup(title: OptionTitle.drawing) var drawing: ListedOptions<DrawingSection>
}

/// The options that a beginner does not need.
struct KnobOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.machine) var arithmetic: PrecisionOption
  @OptionGroup(title: OptionTitle.knobs) var listed: ListedOptions<KnobSection>
}

/// `--seed`.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed of all random numbers, 0 or more. The same seed gives the same run, bit for bit. "
        + "(default: a random one, which is printed)", valueName: "n"),
    transform: OptionText.seed)
  var seed: UInt64?
}

/// `--precision`. The backends say which values there are.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Arithmetic of the full convolutions: \(Precision.choices). (default: \(Precision.f32.name))",
      valueName: "type"),
    completion: .list(Precision.allValueStrings))
  var precision: Precision?
}

extension Precision: ExpressibleByArgument {
  package init?(argument: String) {
    guard let known = Backends.standard.precisions.first(where: { $0.name == argument }) else {
      return nil
    }
    self = known
  }

  package static var allValueStrings: [String] { Backends.standard.precisions.map(\.name) }

  package var defaultValueDescription: String { name }

  /// `f32 (single precision) or bf16 (...)`.
  static var choices: String {
    Backends.standard.precisions.map { "\($0.name) (\($0.summary))" }.joined(separator: " or ")
  }
}

import ArgumentParser
import RSONetworks
import RSOSearch

extension Precision: ExpressibleByArgument {}

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

/// `--precision`.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Arithmetic of the full convolutions: f32, or bf16, which is faster and less exact and needs "
        + "AVX512-BF16. (default: \(Precision.f32.rawValue))", valueName: "type"))
  var precision: Precision?
}

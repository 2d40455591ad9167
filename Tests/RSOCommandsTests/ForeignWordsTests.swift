import RSOCommands
import Testing

@Suite("Options of other tools")
struct ForeignWordsTests {
  private static let help = """
      --cycles <n>
      --batch-size <n>
      --deviation-scale <x>
      -o, --output <run>
      --data <data>
      --preset <name>
      --arch <file>
      --threads <n>
      --device <device>
    """

  @Test(
    "an option of another tool is answered with the one that does its work",
    arguments: [
      ("--epochs", "use --cycles; a cycle visits every parameter once"),
      ("--lr", "use --deviation-scale; there is no learning rate, but changes of a certain size"),
      (
        "--learning-rate",
        "use --deviation-scale; there is no learning rate, but changes of a "
          + "certain size"
      ),
      (
        "--learning_rate",
        "use --deviation-scale; there is no learning rate, but changes of a "
          + "certain size"
      ),
      ("--batch", "use --batch-size"), ("--batch_size", "use --batch-size"),
      ("--output-dir", "use --output or -o"), ("--dataset", "use --data"),
      ("--model", "use --preset with a name or --arch with a file"),
      (
        "--optimizer",
        "rso has no gradient and therefore no optimizer; 'How changes are drawn' in "
          + "--help lists what takes its place"
      ),
      ("--gpu", "use --device auto, or --device opencl:0; 'rso devices' lists the devices"),
      ("--cuda", "use --device auto, or --device opencl:0; 'rso devices' lists the devices"),
      ("--cpu", "use --device cpu and --threads"), ("--workers", "use --threads"),
    ])
  func advice(option: String, advice: String) {
    #expect(
      ForeignWords.advised("Unknown option '\(option)'", help: Self.help)
        == "Unknown option '\(option)'; \(advice)")
    #expect(
      ForeignWords.advised("Unknown option '\(option)'. Did you mean '--data'?", help: Self.help)
        == "Unknown option '\(option)'; \(advice)")
  }

  @Test("what is not known, or would name an option that the verb lacks, stays as it is")
  func others() {
    for message in [
      "Unknown option '--frobnicate'", "Unknown option '--amp'", "Missing value for '--cycles <n>'",
      "Unknown option '-x'",
    ] {
      #expect(ForeignWords.advised(message, help: Self.help) == message)
    }
    let message = "Unknown option '--epochs'"
    #expect(ForeignWords.advised(message, help: "--json") == message)
    #expect(
      ForeignWords.advised("Unknown option '--device'", help: "--threads <n>")
        == "Unknown option '--device'; this verb computes on the processor; use --threads")
  }
}

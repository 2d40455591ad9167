/// Advice for options of other training tools: the option of rso to use instead.
package enum ForeignWords {
  private struct Advice {
    /// The option that the advice names. Only verbs with this option give the advice; nil: all.
    var option: String?
    var text: String
    var words: [String]
  }

  private static let advice = [
    Advice(
      option: "cycles", text: "use --cycles; a cycle visits every parameter once",
      words: [
        "epochs", "epoch", "num-epochs", "n-epochs", "max-epochs", "steps", "max-steps",
        "iterations", "iters",
      ]),
    Advice(
      option: "deviation-scale",
      text: "use --deviation-scale; there is no learning rate, but changes of a certain size",
      words: ["lr", "learning-rate", "step-size", "sigma"]),
    Advice(
      option: "batch-size", text: "use --batch-size",
      words: ["batch", "batchsize", "bs", "minibatch", "minibatch-size", "train-batch-size"]),
    Advice(
      option: "output", text: "use --output or -o",
      words: [
        "output-dir", "out", "out-dir", "outdir", "save-dir", "log-dir", "logdir", "run-dir",
        "checkpoint-dir", "save",
      ]),
    Advice(
      option: "data", text: "use --data",
      words: ["dataset", "datasets", "data-dir", "data-path", "dataset-dir", "train-data"]),
    Advice(
      option: "arch", text: "use --preset with a name or --arch with a file",
      words: ["model", "net", "network", "architecture", "backbone"]),
    Advice(
      option: "deviation-scale",
      text:
        "rso has no gradient and therefore no optimizer; 'How changes are drawn' in --help lists "
        + "what takes its place",
      words: [
        "optimizer", "optim", "momentum", "beta1", "beta2", "betas", "nesterov", "grad-clip",
        "clip-grad", "clip-norm", "warmup", "warmup-steps",
      ]),
    Advice(
      option: "anneal", text: "use --anneal and --anneal-to",
      words: ["schedule", "scheduler", "lr-schedule", "lr-scheduler", "lr-decay", "decay"]),
    Advice(
      option: "weight-decay", text: "use --weight-decay", words: ["wd", "l2", "regularization"]),
    Advice(
      option: "device",
      text: "use --device auto, or --device opencl:0; 'rso devices' lists the devices",
      words: ["devices", "gpu", "gpus", "cuda", "opencl", "accelerator"]),
    Advice(option: "device", text: "use --device cpu and --threads", words: ["cpu"]),
    Advice(
      option: "threads", text: "this verb computes on the processor; use --threads",
      words: ["device", "devices", "gpu", "gpus", "cuda", "opencl", "accelerator", "cpu"]),
    Advice(
      option: "threads", text: "use --threads",
      words: ["cpus", "workers", "num-workers", "num-threads", "nproc"]),
    Advice(
      option: "precision", text: "use --precision", words: ["dtype", "amp", "fp16", "bf16", "half"]),
    Advice(
      option: "loss", text: "use --loss", words: ["criterion", "loss-fn", "loss-function"]),
    Advice(
      option: "augment", text: "use --augment",
      words: ["augmentation", "transform", "transforms", "data-augmentation"]),
    Advice(
      option: "init", text: "use --init, or 'rso resume RUN' to continue a run",
      words: ["checkpoint", "ckpt", "pretrained", "load"]),
    Advice(
      option: "keep-last", text: "rso has none; best.h5 holds the state of the best cycle",
      words: ["early-stopping", "patience", "save-best"]),
    Advice(
      option: "resume", text: "use --resume", words: ["resume-from", "auto-resume", "requeue"]),
    Advice(
      option: "max-time", text: "use --max-time",
      words: ["time", "time-limit", "max-hours", "walltime"]),
    Advice(option: "seed", text: "use --seed", words: ["random-state", "random-seed"]),
  ]

  /// The advice for an unknown option.
  ///
  /// - Parameters:
  ///   - option: Its name, with or without dashes.
  ///   - known: The long names of the verb's options, without dashes.
  static func advice(for option: String, known: some Collection<String>) -> String? {
    let word = String(option.drop { $0 == "-" }).lowercased().replacing("_", with: "-")
    if known.contains(word) { return "use --\(word)" }
    return advice.first { advice in
      advice.words.contains(word) && (advice.option.map(known.contains) ?? true)
    }?.text
  }

  /// Returns the parser's message. If it is about an option of another tool, advice replaces the
  /// parser's guess.
  ///
  /// - Parameters:
  ///   - message: Such as `Unknown option '--epochs'`.
  ///   - help: The help text of the verb. The verb's options are read from it.
  package static func advised(_ message: String, help: String) -> String {
    guard let match = message.wholeMatch(of: /Unknown option '(--?[^']+)'.*/.dotMatchesNewlines())
    else { return OptionText.uniform(message) }
    let known = Set(help.matches(of: /--([a-z][a-z0-9-]+)/).map { String($0.1) })
    guard let advice = advice(for: String(match.1), known: known) else { return message }
    return "Unknown option '\(match.1)'; \(advice)"
  }
}

import RSOSystem

/// The words that an architecture's JSON may have in one place, and what to say about any other word.
///
/// Words are compared without case, hyphens and underscores, and without the dimensions of PyTorch's
/// names: `Conv2d`, `conv_2d` and `conv` are the same.
struct KnownWords {
  let words: [String]
  /// Words of other tools, in the form that is compared, and the known word for each.
  var synonyms: [String: String] = [:]
  /// Words of other tools for which there is none, and why.
  var reasons: [String: String] = [:]

  /// Returns why `word` is refused: with the reason, or with the word that was probably meant, or with
  /// all known words after `list`.
  func refusal(of word: String, _ kind: String, list: String) -> String {
    let unknown = "unknown \(kind) '\(word)'"
    if let reason = reason(against: word) { return "\(unknown): \(reason)" }
    if let meant = meant(by: word) { return "\(unknown); did you mean '\(meant)'?" }
    return "\(unknown); \(list): \(words.joined(separator: ", "))"
  }

  private func reason(against word: String) -> String? { reasons[Self.compared(word)] }

  private func meant(by word: String) -> String? {
    let compared = Self.compared(word)
    if let same = words.first(where: { Self.compared($0) == compared }) { return same }
    if let known = synonyms[compared], words.contains(known) { return known }
    return nearestMatch(to: word.lowercased(), among: words)
  }

  /// A word in the form that is compared.
  private static func compared(_ word: String) -> String {
    let letters = word.prefix(64).lowercased().filter { !"-_ .".contains($0) }
    for suffix in ["1d", "2d", "3d", "layer"]
    where letters.hasSuffix(suffix) && letters.count > suffix.count {
      return String(letters.dropLast(suffix.count))
    }
    return letters
  }
}

extension KnownWords {
  static let layerTypes: KnownWords = {
    let sequences = "a network reads images of one size, not sequences"
    let products =
      "a layer is a weighted sum of its input, and attention multiplies values of the input with "
      + "each other"
    let randomness =
      "the search compares losses on the same samples, and random masks would change them between "
      + "two candidates"
    let softmax = "the loss includes it; let the last layer give the logits"
    return KnownWords(
      words: LayerType.all.map(\.name),
      synonyms: [
        "dense": "linear", "fc": "linear", "fullyconnected": "linear", "innerproduct": "linear",
        "gemm": "linear", "matmul": "linear", "affine": "linear",
        "conv": "convolution", "convolutional": "convolution",
        "avgpool": "average-pool", "avgpooling": "average-pool", "averagepooling": "average-pool",
        "meanpool": "average-pool", "maxpooling": "max-pool", "maximumpool": "max-pool",
        "depthwiseconv": "convolution", "depthwiseconvolution": "convolution",
        "groupnormalization": "group-norm", "layernormalization": "layer-norm",
        "instancenorm": "group-norm", "ln": "layer-norm", "gn": "group-norm",
        "concat": "concatenate", "cat": "concatenate", "merge": "concatenate",
        "join": "concatenate",
        "label": "mark", "tag": "mark", "goto": "branch", "padchannels": "zero-channels",
        "swish": "silu", "logistic": "sigmoid", "hardswish": "hard-swish", "hswish": "hard-swish",
        "hsigmoid": "hard-sigmoid",
        "globalaveragepool": "global-pool", "globalaveragepooling": "global-pool",
        "globalavgpool": "global-pool", "globalmaxpool": "global-pool",
        "globalmaxpooling": "global-pool", "adaptiveavgpool": "global-pool",
        "adaptivemaxpool": "global-pool", "gap": "global-pool",
        "bn": "batch-norm", "batchnormalization": "batch-norm", "batchnormalisation": "batch-norm",
        "norm": "batch-norm",
        "pad": "zero-pad", "padding": "zero-pad", "zeropadding": "zero-pad",
        "lrelu": "leaky-relu", "signum": "sign", "heaviside": "step", "threshold": "step",
        "noop": "identity", "add": "skip", "residual": "skip", "shortcut": "skip",
        "skipconnection": "skip", "reshape": "flatten", "view": "flatten",
      ],
      reasons: [
        "dropout": randomness, "alphadropout": randomness, "droppath": randomness,
        "rnn": sequences, "lstm": sequences, "gru": sequences, "recurrent": sequences,
        "simplernn": sequences,
        "attention": products, "selfattention": products, "multiheadattention": products,
        "transformer": products, "transformerencoder": products,
        "embedding": "samples are images; a layer cannot look up words in a table",
        "softmax": softmax, "logsoftmax": softmax,
      ])
  }()

  static let poolingModes = KnownWords(
    words: PoolingMode.allCases.map(\.rawValue),
    synonyms: ["avg": "average", "mean": "average", "maximum": "max"])

  static let paddings = KnownWords(
    words: ["same", "valid"],
    synonyms: ["sameupper": "same", "none": "valid", "zero": "valid", "zeros": "same"])

  /// The keys of one object.
  static func keys(_ keys: [String]) -> KnownWords {
    return KnownWords(
      words: keys,
      synonyms: [
        "filter": "filters", "outchannels": "filters", "channels": "filters", "features": "filters",
        "kernelsize": "kernel", "size": "kernel", "ksize": "kernel",
        "units": "outputs", "outfeatures": "outputs", "neurons": "outputs",
        "usebias": "bias", "negativeslope": "slope", "alpha": "slope",
        "numclasses": "classes",
        "nclasses": "classes", "eps": "epsilon", "inputshape": "input", "inputsize": "input",
        "strides": "stride", "pad": "padding", "pads": "padding", "dilations": "dilation",
        "dilationrate": "dilation", "group": "groups", "numgroups": "groups",
        "poolsize": "kernel", "inputs": "from",
        "shape": "input", "source": "from", "op": "mode", "pooling": "mode", "kind": "type",
      ],
      reasons: [
        "activation": #"an activation is an entry of "layers", as {"type": "relu"}"#
      ])
  }
}

import Foundation
import RSONetworks
import Testing

@Suite("Words of other tools in an architecture")
struct KnownWordsTests {
  private func message(_ layer: String) -> String {
    let text = #"{"input": [1, 8, 8], "classes": 2, "layers": [\#(layer)]}"#
    do {
      _ = try Architecture(json: Data(text.utf8))
      return ""
    } catch {
      return error.description
    }
  }

  @Test(
    "a layer type of another tool, or one misspelt, names the type that was meant",
    arguments: [
      ("dense", "linear"), ("Dense", "linear"), ("fc", "linear"), ("lineer", "linear"),
      ("Linear", "linear"), ("fully_connected", "linear"), ("conv", "convolution"),
      ("conv2d", "convolution"), ("Conv2D", "convolution"), ("convolutoin", "convolution"),
      ("Convolution2D", "convolution"), ("avgpool", "average-pool"),
      ("AvgPool2d", "average-pool"), ("average_pool", "average-pool"),
      ("AveragePooling2D", "average-pool"), ("AdaptiveAvgPool2d", "global-pool"),
      ("GlobalMaxPooling2D", "global-pool"), ("globalpool", "global-pool"), ("bn", "batch-norm"),
      ("batchnorm", "batch-norm"), ("BatchNorm2d", "batch-norm"),
      ("BatchNormalization", "batch-norm"), ("batch_norm", "batch-norm"), ("ReLU", "relu"),
      ("LeakyReLU", "leaky-relu"), ("leaky_relu", "leaky-relu"), ("Tanh", "tanh"),
      ("maxpool", "max-pool"), ("MaxPool2d", "max-pool"), ("MaxPooling2D", "max-pool"),
      ("LayerNorm", "layer-norm"), ("GroupNorm", "group-norm"), ("concat", "concatenate"),
      ("DepthwiseConv2D", "convolution"), ("Swish", "silu"), ("Hardswish", "hard-swish"),
      ("residual", "skip"), ("add", "skip"), ("flaten", "flatten"), ("Flatten", "flatten"),
    ])
  func types(word: String, meant: String) {
    #expect(
      message(#"{"type": "\#(word)"}"#)
        == "layers[0]: unknown type '\(word)'; did you mean '\(meant)'?")
  }

  @Test(
    "a layer type that no network has is refused with the reason",
    arguments: [
      ("dropout", "the search compares losses on the same samples"),
      ("Dropout2d", "random masks"), ("lstm", "not sequences"), ("GRU", "not sequences"),
      ("recurrent", "not sequences"), ("attention", "attention multiplies values"),
      ("MultiHeadAttention", "attention multiplies values"), ("embedding", "samples are images"),
      ("softmax", "the loss includes it"),
    ])
  func reasons(word: String, part: String) {
    let text = message(#"{"type": "\#(word)"}"#)
    #expect(text.hasPrefix("layers[0]: unknown type '\(word)': "))
    #expect(text.contains(part))
    #expect(!text.contains("did you mean") && !text.contains("known types:"))
  }

  @Test("a layer type that is near to nothing is refused with all types")
  func unknownType() {
    #expect(
      message(#"{"type": "xyzzy"}"#)
        == "layers[0]: unknown type 'xyzzy'; known types: convolution, linear, average-pool, max-pool, "
        + "relu, leaky-relu, tanh, sign, step, identity, sigmoid, gelu, silu, elu, softplus, "
        + "hard-sigmoid, hard-swish, global-pool, zero-pad, batch-norm, skip, flatten, group-norm, "
        + "layer-norm, mark, branch, concatenate, zero-channels"
    )
  }

  @Test(
    "a key of another tool names the key that was meant",
    arguments: [
      (#"{"type": "convolution", "filter": 3}"#, "filter", "filters"),
      (#"{"type": "convolution", "filters": 3, "kernel_size": 3}"#, "kernel_size", "kernel"),
      (#"{"type": "convolution", "out_channels": 3}"#, "out_channels", "filters"),
      (#"{"type": "linear", "units": 3}"#, "units", "outputs"),
      (#"{"type": "linear", "out_features": 3}"#, "out_features", "outputs"),
      (#"{"type": "linear", "outputs": 3, "use_bias": true}"#, "use_bias", "bias"),
      (#"{"type": "leaky-relu", "negative_slope": 0.1}"#, "negative_slope", "slope"),
      (#"{"type": "convolution", "filters": 3, "strides": 2}"#, "strides", "stride"),
      (#"{"type": "convolution", "filters": 3, "dilation_rate": 2}"#, "dilation_rate", "dilation"),
      (#"{"type": "max-pool", "pool_size": 2}"#, "pool_size", "kernel"),
    ])
  func keys(layer: String, key: String, meant: String) {
    #expect(message(layer) == "layers[0]: unknown key '\(key)'; did you mean '\(meant)'?")
  }

  @Test("a key that a layer cannot have is refused with the reason")
  func keyReasons() {
    #expect(
      message(#"{"type": "linear", "outputs": 3, "activation": "relu"}"#)
        == #"layers[0]: unknown key 'activation': an activation is an entry of "layers", as "#
        + #"{"type": "relu"}"#)
  }

  @Test("a pooling mode of another tool names the mode that was meant")
  func modes() {
    for (word, meant) in [
      ("avg", "average"), ("Mean", "average"), ("maximum", "max"), ("Max", "max"),
    ] {
      #expect(
        message(#"{"type": "global-pool", "mode": "\#(word)"}"#)
          == "layers[0].mode: unknown mode '\(word)'; did you mean '\(meant)'?")
    }
  }

  @Test("a word of any length is refused at once")
  func longWord() {
    let word = String(repeating: "d", count: 500_000)
    #expect(message(#"{"type": "\#(word)"}"#).hasPrefix("layers[0]: unknown type 'ddd"))
  }
}

import RSOTensorFiles
import TensorAnalysis
import TestSupport
import Testing

@Suite("Pairs of names")
struct NamePairingTests {
  private func entries(_ names: [String]) -> [TensorEntry] {
    SampleTensors.memory(names.map { SampleTensors.floats($0, [1], [1]) }).entries
  }

  private func pairs(
    _ first: [String], _ second: [String], _ rules: [String] = []
  ) throws -> NamePairing {
    NamePairing(
      entries(first), entries(second), rules: try rules.map { try #require(NameRule($0)) })
  }

  /// Rule, name, and what becomes of it.
  static let rules: [(String, String, String?)] = [
    ("a=b", "a", "b"), ("a=b", "ab", nil), ("encoder.*=model.*", "encoder.0.w", "model.0.w"),
    ("*.kernel=*.weight", "a.b.kernel", "a.b.weight"), ("*.kernel=*.weight", "kernel", nil),
    ("layer?.*=block.*", "layer3.w", "block.w"), ("*.*.w=*_*", "a.b.w", "a_b"),
    ("a*b*c=*-*", "aXbYbZc", "X-YbZ"), ("*=x", "anything", "x"), ("a**=b*", "aq", "b"),
  ]

  @Test("rules", arguments: rules)
  func rule(text: String, name: String, expected: String?) throws {
    #expect(try #require(NameRule(text)).applied(to: name) == expected)
  }

  @Test("rules that are none", arguments: ["a", "=b", "a=", "a=*", "a*=**"])
  func noRule(text: String) {
    #expect(NameRule(text) == nil)
  }

  @Test("a long pattern with many stars takes no time")
  func stars() throws {
    let rule = try #require(NameRule(String(repeating: "*a", count: 40) + "b=x"))
    #expect(rule.applied(to: String(repeating: "a", count: 5000)) == nil)
  }

  @Test("slashes and dots, and the group state_dict, are differences of formats")
  func formats() throws {
    let found = try pairs(
      ["conv1.weight", "fc.bias"], ["state_dict/fc/bias", "state_dict/conv1/weight"])
    #expect(
      found.pairs.map(\.second.name) == ["state_dict/conv1/weight", "state_dict/fc/bias"])
    #expect(found.onlyFirst.isEmpty && found.onlySecond.isEmpty)
  }

  @Test("a name that is the same comes first; a form that two names have belongs to neither")
  func ambiguous() throws {
    let found = try pairs(["a.b"], ["a/b", "a.b"])
    #expect(found.pairs.map(\.second.name) == ["a.b"] && found.onlySecond.count == 1)
    let neither = try pairs(["a.b.c"], ["a/b.c", "a.b/c"])
    #expect(neither.pairs.isEmpty && neither.onlySecond.count == 2)
  }

  @Test("rules give names of the first file the form of the second; the nearest name is told")
  func mapped() throws {
    let found = try pairs(
      ["enc.0.w", "enc.1.w", "head.weight"], ["model.0.w", "model.1.w", "head.weights"],
      ["enc.*=model.*"])
    #expect(found.pairs.map(\.first.name) == ["enc.0.w", "enc.1.w"])
    #expect(found.onlyFirst.map(\.nearest) == ["head.weights"])
    #expect(found.onlySecond.map(\.nearest) == ["head.weight"])
  }

  @Test("every entry of both files is in a pair or alone")
  func complete() throws {
    let found = try pairs(["a", "b", "b", "c.d"], ["b", "c/d", "e"])
    #expect(found.pairs.count + found.onlyFirst.count == 4)
    #expect(found.pairs.count + found.onlySecond.count == 3)
  }

  @Test("Keras's kernels are PyTorch's weights, with the dimensions in another order")
  func keras() throws {
    // HWIO 1 x 2 x 1 x 2, and the same as OIHW 2 x 1 x 1 x 2.
    let keras = SampleTensors.memory([
      SampleTensors.floats("conv/kernel:0", [1, 2, 1, 2], [1, 2, 3, 4]),
      SampleTensors.floats("conv/bias:0", [2], [5, 6]),
      SampleTensors.floats("fc/vars/0", [2, 3], [1, 2, 3, 4, 5, 6]),
      SampleTensors.floats("fc/vars/1", [3], [7, 8, 9]),
      SampleTensors.floats("bn/gamma", [1], [1]), SampleTensors.floats("bn/beta", [1], [2]),
      SampleTensors.floats("bn/moving_mean", [1], [3]),
      SampleTensors.floats("bn/moving_variance", [1], [4]),
    ])
    let torch = SampleTensors.memory([
      SampleTensors.floats("conv.weight", [2, 1, 1, 2], [1, 3, 2, 4]),
      SampleTensors.floats("conv.bias", [2], [5, 6]),
      SampleTensors.floats("fc.weight", [3, 2], [1, 4, 2, 5, 3, 6]),
      SampleTensors.floats("fc.bias", [3], [7, 8, 9]),
      SampleTensors.floats("bn.weight", [1], [1]), SampleTensors.floats("bn.bias", [1], [2]),
      SampleTensors.floats("bn.running_mean", [1], [3]),
      SampleTensors.floats("bn.running_var", [1], [4]),
    ])
    for (one, other) in [(keras, torch), (torch, keras)] {
      let pairing = NamePairing(one.entries, other.entries, isKeras: true)
      #expect(pairing.pairs.count == 8 && pairing.onlyFirst.isEmpty)
      let found = TensorDifference.all(pairing.pairs, in: one, other, threads: 2)
      for difference in found {
        #expect(difference.isEqual, "\(difference.first.name): \(difference.outcome)")
      }
    }
  }

  @Test("a depthwise kernel is a filter for each channel and multiplier")
  func depthwise() throws {
    // 1 x 1 x 2 x 3: channels x multipliers.
    let keras = SampleTensors.memory([
      SampleTensors.floats("d/depthwise_kernel", [1, 1, 2, 3], [1, 2, 3, 4, 5, 6])
    ])
    let torch = SampleTensors.memory([
      SampleTensors.floats("d.weight", [6, 1, 1, 1], [1, 2, 3, 4, 5, 6])
    ])
    let pairing = NamePairing(keras.entries, torch.entries, isKeras: true)
    let found = TensorDifference.all(pairing.pairs, in: keras, torch, threads: 1)
    #expect(found.count == 1 && found[0].isEqual, "\(found)")
  }
}

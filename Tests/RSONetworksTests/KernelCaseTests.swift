import RSONetworks
import Testing

@Suite("Kernels")
struct KernelCaseTests {
  /// Sums of some hundred products near 1, each rounded to 6e-8 of itself; Winograd's transforms
  /// magnify their roundings some ten times. Box sums in bf16 are 2e-3 of themselves away.
  private static func tolerance(_ kernelCase: KernelCase) -> Double {
    switch kernelCase.method {
    case .winograd: 2e-3
    case .foldedPairs: 0.15
    default: 2e-4
    }
  }

  @Test(
    "each instruction set's kernels give what plain loops give, and the same bits",
    arguments: KernelCase.all)
  func agreesWithPlainLoops(kernelCase: KernelCase) {
    // Where no instruction set has the operations, there is nothing that could go wrong.
    let available = Kernels.available.filter(kernelCase.isAvailable)
    guard let best = available.first else { return }
    let first = KernelTrial(kernelCase, kernels: best)
    let answers = first.answers()
    let expected = first.expected()
    #expect(answers.count == expected.count)
    for (own, plain) in zip(answers, expected) {
      #expect(abs(Double(own) - plain) <= Self.tolerance(kernelCase) * max(1, abs(plain)))
    }
    for kernels in available.dropFirst() {
      #expect(KernelTrial(kernelCase, kernels: kernels).answers() == answers, "\(kernels.name)")
    }
  }

  @Test("the table has every method, and no case twice")
  func table() {
    #expect(Set(KernelCase.all.map(\.method)) == Set(KernelCase.Method.allCases))
    #expect(Set(KernelCase.all.map(\.name)).count == KernelCase.all.count)
    #expect(KernelCase.all.contains(.calibration))
  }

  @Test("operations are counted as a multiplication and an addition for each tap")
  func operations() throws {
    let kernels = try #require(Kernels.available.last)
    #expect(
      KernelCase.calibration.operations(lanes: kernels.lanes)
        == Double(2 * kernels.lanes * 16 * 16 * 9 * 14 * 14))
  }
}

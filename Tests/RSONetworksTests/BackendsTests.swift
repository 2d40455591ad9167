import RSONetworks
import RSONumerics
import Testing

@Suite("Backends")
struct BackendsTests {
  private let backends = Backends.standard

  @Test("the default is single precision on the processor, which every machine offers")
  func singlePrecision() throws {
    #expect(try backends.path(of: .f32) == .f32)
    #expect(try backends.path(named: "f32") == .f32)
    #expect(backends.offeredPaths.first == .f32)
    #expect(try backends.backend(for: .f32).name == "cpu")
    #expect(try backends.backend(for: .f32).device(for: .f32) == Kernels.best.name)
    for kernels in Kernels.available { #expect(kernels.numericPaths.contains(.f32)) }
  }

  @Test("tests have the layouts of other processors, which the program lacks")
  func layouts() {
    let hasAVX2 = Kernels.instructionSets.contains { $0.name == "avx2" && $0.missing == nil }
    let names = Set(Kernels.available.map(\.name))
    #expect(names.contains("avx2-wide") == hasAVX2 && names.contains("avx2-narrow") == hasAVX2)
    #expect(!["avx2-wide", "avx2-narrow"].contains(Kernels.best.name))
  }

  @Test("backends and their paths have different names")
  func names() {
    let backendNames = backends.all.map(\.name)
    #expect(Set(backendNames).count == backendNames.count)
    let names = backends.knownPaths.map(\.name)
    #expect(Set(names).count == names.count)
    let precisions = backends.precisions.map(\.name)
    #expect(Set(precisions).count == precisions.count)
    // Files name these paths.
    #expect(Set(names).isSuperset(of: ["f32", "f32-direct", "bf16-avx512", "reference"]))
    #expect(Set(backends.offeredPaths).isSubset(of: backends.knownPaths))
  }

  @Test(
    "a path is offered, or refused with what it needs and what there is",
    arguments: Backends.standard.knownPaths)
  func availability(path: NumericPath) throws {
    if backends.offeredPaths.contains(path) {
      #expect(try backends.path(named: path.name) == path)
      #expect(try backends.backend(for: path).offeredPaths.contains(path))
    } else {
      let requirement = try #require(path.requirement)
      let error = #expect(throws: NumericPathError.self) { try backends.path(named: path.name) }
      let text = "\(try #require(error))"
      #expect(text.contains(path.name) && text.contains(requirement))
      #expect(text.contains(Kernels.best.name) && text.contains("f32"))
    }
  }

  @Test(
    "a precision has a path, or is refused with what it needs and what there is",
    arguments: Backends.standard.precisions)
  func precision(precision: Precision) throws {
    let paths = backends.offeredPaths.filter { $0.precision == precision }
    if paths.isEmpty {
      let error = #expect(throws: NumericPathError.self) { try backends.path(of: precision) }
      let text = "\(try #require(error))"
      #expect(text.contains(precision.name) && text.contains(Kernels.best.name))
      for path in backends.knownPaths where path.precision == precision {
        #expect(text.contains(try #require(path.requirement)))
      }
    } else {
      #expect(paths.contains(try backends.path(of: precision)))
    }
  }

  @Test("kernels that lack a precision are refused, whatever the processor")
  func kernelsOfOldProcessors() throws {
    let generic = try #require(Kernels.available.last)
    #expect(generic.name == "generic")
    let old = Backends([CPUBackend(kernels: [generic]), ReferenceBackend()])
    let error = #expect(throws: NumericPathError.self) { try old.path(of: .bf16) }
    let generics = "generic (f32, f32-direct)"
    #expect(error == .precisionUnavailable(.bf16, needs: ["AVX512-BF16"], has: generics))
    #expect(
      error?.description
        == "cannot compute in bf16 here: it needs AVX512-BF16, and this machine has \(generics)")
    #expect(old.offeredPaths == [.f32, .f32Direct, .reference])
    let network = try #require(try? Architecture.preset(named: "mnist-6conv"))
    let count = try StageGraph(network).layout.parameterCount
    #expect(throws: NumericPathError.self) {
      try old.all[0].makeEvaluator(
        EvaluatorRequest(
          architecture: network,
          samples: Samples(
            shape: network.input, classes: 10, pixels: [], labels: [],
            values: Array(repeating: 0, count: 256)),
          parameters: Array(repeating: 0, count: count), path: .bf16AVX512))
    }
  }

  @Test(
    "an unknown path is refused by name, fit for a terminal", arguments: ["bf17", "", "a\u{1B}b"])
  func unknown(name: String) throws {
    let error = #expect(throws: NumericPathError.self) { try backends.path(named: name) }
    #expect(error == .unknown(name, known: backends.knownPaths.map(\.name)))
    #expect(!"\(try #require(error))".contains("\u{1B}"))
  }

  @Test("a factory makes the evaluator of the path that a plan names")
  func factory() throws {
    let network = Architecture(
      name: "small", input: ImageShape(channels: 1, height: 2, width: 2), classes: 2,
      layers: [.flatten, .linear(name: "fc", outputs: 2, bias: false)])
    let samples = Samples(
      shape: network.input, classes: 2, pixels: [1, 2, 3, 4], labels: [1],
      values: (0..<256).map(Float.init))
    let make = backends.factory(threads: 1)
    let parameters = [Float](repeating: 0.5, count: 8)
    #expect(try make(network, samples, parameters, "f32") is IncrementalEvaluator)
    #expect(try make(network, samples, parameters, "reference") is ReferenceEvaluator)
    #expect(throws: NumericPathError.self) { try make(network, samples, parameters, "f16") }
  }

  @Test("the reference's memory grows with the minibatch")
  func referenceMemory() throws {
    func peak(_ batchSize: Int) throws -> Int {
      try backends.memory(
        for: Workload(
          architecture: .preset(named: "mnist-6conv"), trainingSamples: 60_000,
          otherSamples: 10_000, threads: 1, path: .reference
        ) { _ in .init(batchSize: batchSize, slots: 1) }
      ).activations
    }
    // At least the input and every convolution's output, in double.
    let pixels = 784 + 16 * (2 * 784 + 3 * 196 + 49)
    #expect(try peak(5000) > 5000 * 8 * pixels / 2)
    #expect(try peak(5000) == 5 * peak(1000))
  }

  @Test("the kernels of a benchmark run; the first is the one that machines are compared by")
  func benchmarkKernels() throws {
    let kernels = CPUBackend().benchmarkKernels(on: .f32)
    #expect(kernels.first?.name == KernelCase.calibration.name)
    #expect(kernels.count >= KernelCase.all.count - 3)
    let direct = CPUBackend().benchmarkKernels(on: .f32Direct)
    #expect(direct.first?.name == kernels.first?.name)
    #expect(!direct.contains { $0.name.hasPrefix("winograd") })
    for kernel in kernels {
      #expect(kernel.operations > 0)
      kernel.prepare()()
    }
    #expect(ReferenceBackend().benchmarkKernels(on: .reference).isEmpty)
  }
}

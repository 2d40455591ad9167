import RSOCommands
import RSODevices
import RSONetworks
import Testing

@Suite("The choice of a device")
struct DeviceChooserTests {
  private static let path = NumericPath.f32

  private static func device(
    _ index: Int, _ kind: OpenCLDevice.Kind, memory: Int = 8_000_000_000,
    lacks: [OpenCLDevice.Requirement] = []
  ) -> OpenCLDevice {
    OpenCLDevice(
      index: index, kind: kind, name: "name\(index)", vendor: "v", version: "OpenCL 1.2",
      driver: "1.5", platform: "p", memory: memory, largestBuffer: memory, computeUnits: 2,
      lacks: lacks)
  }

  private func chooser(
    _ devices: [OpenCLDevice],
    verdict: @escaping (OpenCLDevice) -> DeviceVerdict = { _ in .agrees(cases: 9) }
  ) -> DeviceChooser {
    DeviceChooser(
      devices: { devices.isEmpty ? .none(reason: "no library") : .found(devices) },
      verdict: verdict)
  }

  /// The choice for a run that needs 5 GB on a device.
  private func chosen(
    _ choice: DeviceChoice, _ chooser: DeviceChooser, path: NumericPath = path
  ) throws -> ChosenDevice {
    try chooser.chosen(choice, path: path) { _ in
      var memory = MemoryEstimate(samples: 1, network: 1, activations: 1, layer: nil)
      memory.deviceBytes = 5_000_000_000
      return memory
    }
  }

  private func message(_ body: () throws -> ChosenDevice) -> String? {
    do { return "chosen: \(try body().opencl?.selector ?? "cpu")" } catch { return reason(error) }
  }

  @Test(
    "is read from a word, which says it again",
    arguments: [
      ("cpu", DeviceChoice.processor), ("auto", .automatic), ("opencl:0", .opencl(0)),
      ("opencl:12", .opencl(12)),
    ])
  func words(word: String, choice: DeviceChoice) {
    #expect(DeviceChoice(word) == choice)
    #expect("\(choice)" == word)
  }

  @Test(
    "no other word is one",
    arguments: [
      "", "gpu", "CPU", "opencl", "opencl:", "opencl:-1", "opencl:x", "opencl:1 ", "opencl:+1",
      "opencl:99999999999999999999", "cuda:0", "0",
    ])
  func otherWords(word: String) { #expect(DeviceChoice(word) == nil) }

  @Test("is the processor without a look at the devices, by default")
  func processor() throws {
    let chooser = DeviceChooser(
      devices: { () throws(DevicesProcess.Failure) in
        Issue.record("the devices were examined")
        return .none(reason: "")
      }, verdict: { _ in .agrees(cases: 1) })
    let chosen = try chosen(.processor, chooser)
    #expect(chosen.opencl == nil && chosen.remark == nil && chosen.mostWorkers > 1)
    #expect(try chosen.backends.backend(for: Self.path).name == "cpu")
  }

  @Test("takes the first device that suits the run, automatically")
  func automatic() throws {
    let devices = [
      Self.device(0, .processor), Self.device(1, .gpu, lacks: [.double]),
      Self.device(2, .gpu, memory: 4_000_000_000), Self.device(3, .accelerator),
      Self.device(4, .gpu),
    ]
    let chosen = try chosen(.automatic, chooser(devices))
    #expect(chosen.opencl == devices[3] && chosen.mostWorkers == 1)
    #expect(
      chosen.remark == "computing on opencl:3 (name3), which gives the processor's bits")
    let backend = try chosen.backends.backend(for: Self.path)
    #expect(backend.name == "opencl")
    #expect(backend.device(for: Self.path) == "opencl, name3, driver 1.5")
  }

  @Test("is the processor if no device suits the run, automatically, with the reasons")
  func noneSuits() throws {
    let devices = [
      Self.device(0, .processor), Self.device(1, .gpu, lacks: [.fma, .double]),
      Self.device(2, .gpu, memory: 4_000_000_000), Self.device(3, .gpu, memory: 500_000_000),
      Self.device(4, .gpu), Self.device(5, .gpu),
    ]
    let chosen = try chosen(
      .automatic,
      chooser(devices) { device in
        switch device.index {
        case 4: .differs(cases: 9, different: 2, first: "pool")
        case 5: .fails(reason: "out of\nresources")
        default: .agrees(cases: 9)
        }
      })
    #expect(chosen.opencl == nil)
    #expect(
      chosen.remark == """
        computing on the processor: opencl:0 (name0) is the processor, which is faster without OpenCL; \
        opencl:1 (name1) lacks fused multiply-adds, double precision; \
        opencl:2 (name2) has 4.00 GB, and the run needs 5.00 GB; \
        opencl:3 (name3) has 500 MB, and the run needs 5.00 GB; \
        opencl:4 (name4) gives other bits than the processor in 2 of 9 kernel cases, the first of them 'pool'; \
        opencl:5 (name5) cannot be tested: out of\\nresources
        """)
    #expect(try chosen.backends.backend(for: Self.path).name == "cpu")
  }

  @Test("is the processor if there are no devices, or they cannot be examined, automatically")
  func noDevices() throws {
    #expect(
      try chosen(.automatic, chooser([])).remark
        == "computing on the processor: no OpenCL devices: no library")
    let failing = DeviceChooser(
      devices: { () throws(DevicesProcess.Failure) in
        throw DevicesProcess.Failure(reason: "the driver crashed")
      }, verdict: { _ in .agrees(cases: 1) })
    #expect(
      try chosen(.automatic, failing).remark
        == "computing on the processor: no OpenCL devices: the driver crashed")
    #expect(
      message { try chosen(.opencl(0), failing) }
        == "no OpenCL devices: the driver crashed; compute on the processor with --device cpu")
  }

  @Test("takes the device that is named, also one that is the processor")
  func named() throws {
    let devices = [Self.device(0, .processor), Self.device(1, .gpu)]
    #expect(try chosen(.opencl(0), chooser(devices)).opencl == devices[0])
    #expect(try chosen(.opencl(1), chooser(devices)).opencl == devices[1])
    #expect(
      message { try chosen(.opencl(2), chooser(devices)) }
        == "there is no device 'opencl:2'; the devices are opencl:0 (name0), opencl:1 (name1)")
  }

  @Test("refuses a named device that does not suit the run, with the reason")
  func refused() throws {
    var tested: [Int] = []
    let devices = [
      Self.device(0, .gpu, lacks: [.denormals]), Self.device(1, .gpu, memory: 1_000_000_000),
      Self.device(2, .gpu), Self.device(3, .gpu),
    ]
    let chooser = chooser(devices) { device in
      tested.append(device.index)
      return device.index == 2
        ? .differs(cases: 9, different: 1, first: "pool") : .agrees(cases: 9)
    }
    let advice = "; compute on the processor with --device cpu"
    #expect(
      message { try chosen(.opencl(0), chooser) }
        == "device 'opencl:0' (name0) lacks denormal numbers" + advice)
    #expect(
      message { try chosen(.opencl(1), chooser) }
        == "device 'opencl:1' (name1) has 1.00 GB, and the run needs 5.00 GB" + advice)
    #expect(
      message { try chosen(.opencl(2), chooser) }
        == "device 'opencl:2' (name2) gives other bits than the processor in 1 of 9 kernel cases, the first of them "
        + "'pool'" + advice)
    #expect(
      message { try chosen(.opencl(3), chooser, path: .bf16AVX512) }
        == "device 'opencl:3' (name3) does not compute on numeric path 'bf16-avx512'; it has f32, f32-direct"
        + advice)
    // One that lacks something is not tested.
    #expect(tested == [1, 2, 3])
  }
}

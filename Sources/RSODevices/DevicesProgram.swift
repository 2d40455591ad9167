internal import CRSODevices
internal import Glibc
internal import RSOSystem

/// The work of `rso opencl-devices`: writes the machine's OpenCL devices, or the result of a device's self-test, to
/// standard output. `DevicesProcess` starts it; users do not.
package enum DevicesProgram {
  /// The first argument with which `rso` does this work.
  package static let word = "opencl-devices"

  /// The time after which the process ends itself, in seconds: drivers may hang. A self-test compiles the kernels, which
  /// takes a minute on a slow machine.
  static let seconds: (list: UInt32, test: UInt32) = (30, 900)

  private static let mostDevices = 64

  /// Does the work, and returns the exit status: 0, or 64 (arguments), 74 (output).
  ///
  /// - Parameter arguments: Nothing for a list of devices; or the index of the device to be tested, and OpenCL's options
  ///   for compiling the kernels.
  package static func run(_ arguments: [String]) -> Int32 {
    switch (arguments.count, arguments.first.flatMap { Int($0) }) {
    case (0, _):
      alarm(seconds.list)
      return write(list())
    case (1...2, let index?) where index >= 0:
      alarm(seconds.test)
      return write(test(index, options: arguments.count > 1 ? arguments[1] : ""))
    default: return 64
    }
  }

  /// The source of the kernels as a driver compiles it; nil if memory is short.
  static func source() -> [UInt8]? {
    guard let source = rso_device_source() else { return nil }
    defer { free(source) }
    return Array(UnsafeRawBufferPointer(start: source, count: strlen(source)))
  }

  /// The devices of this machine. Drivers are opened in this process: only `run` and tests call it.
  package static func devices() -> OpenCLDevices {
    var devices = [rso_device](repeating: rso_device(), count: mostDevices)
    var reason = [CChar](repeating: 0, count: 1024)
    let count = rso_devices(&devices, mostDevices, &reason, reason.count)
    if count == 0 { return .none(reason: PathText.text(of: reason)) }
    return .found(
      devices.prefix(count).enumerated().map { OpenCLDevice(index: $0, $1) })
  }

  private static func list() -> String {
    switch devices() {
    case .none(let reason): DeviceFields.line(["none", reason])
    case .found(let devices): devices.map { DeviceFields.line($0.fields) }.joined()
    }
  }

  private static func test(_ index: Int, options: String) -> String {
    var result = rso_device_test_result()
    rso_device_test(index, options, &result)
    let error = text(of: result.error)
    let verdict: DeviceVerdict =
      if !error.isEmpty {
        .fails(reason: error)
      } else if result.different > 0 {
        .differs(cases: result.cases, different: result.different, first: text(of: result.first))
      } else {
        .agrees(cases: result.cases)
      }
    return DeviceFields.line(verdict.fields)
  }

  private static func write(_ text: String) -> Int32 {
    StandardStream.write(Array(text.utf8)) ? 0 : 74
  }

  /// The text in an array of C characters, which Swift imports as a tuple.
  fileprivate static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension OpenCLDevice {
  fileprivate init(index: Int, _ device: rso_device) {
    let has: [(Requirement, Bool)] = [
      (.available, device.is_available), (.compiler, device.has_compiler), (.fma, device.has_fma),
      (.denormals, device.has_denormals), (.division, device.has_correct_division),
      (.double, device.has_double), (.workGroup, device.work_group_size >= 32),
    ]
    self.init(
      index: index, kind: Kind(device.kind), name: DevicesProgram.text(of: device.name),
      vendor: DevicesProgram.text(of: device.vendor),
      version: DevicesProgram.text(of: device.version),
      driver: DevicesProgram.text(of: device.driver),
      platform: DevicesProgram.text(of: device.platform), memory: Int(clamping: device.memory),
      largestBuffer: Int(clamping: device.largest_buffer),
      computeUnits: Int(device.compute_units), lacks: has.filter { !$0.1 }.map(\.0))
  }
}

extension OpenCLDevice.Kind {
  fileprivate init(_ kind: rso_device_kind) {
    self =
      switch kind {
      case rso_processor: .processor
      case rso_gpu: .gpu
      case rso_accelerator: .accelerator
      default: .other
      }
  }
}

import RSODevices
import RSONetworks
import RSORanks
import RSOSystem

/// Chooses the device that computes, by `--device`. A device is used only if its self-test has passed.
package struct DeviceChooser {
  private let devices: () throws(DevicesProcess.Failure) -> OpenCLDevices
  private let verdict: (OpenCLDevice) -> DeviceVerdict

  /// - Parameters:
  ///   - devices: Lists the devices of the machine.
  ///   - verdict: Returns the result of a device's self-test.
  package init(
    devices: @escaping () throws(DevicesProcess.Failure) -> OpenCLDevices,
    verdict: @escaping (OpenCLDevice) -> DeviceVerdict
  ) {
    self.devices = devices
    self.verdict = verdict
  }

  /// The devices of this machine. One that was never tested is tested, which is said beforehand. Of several
  /// processes that compute together none tests: all would do so at once.
  init(
    _ launch: Launch? = Launch(PathText.environment), say: @escaping (String) -> Void
  ) {
    let process = DevicesProcess()
    let tests = DeviceTests(process)
    var found: OpenCLDevices?
    var verdicts: [Int: DeviceVerdict] = [:]
    func devices() throws(DevicesProcess.Failure) -> OpenCLDevices {
      if let found { return found }
      let all = try process.devices()
      found = all
      return all
    }
    self.init(devices: devices) { device in
      if let known = verdicts[device.index] ?? tests.remembered(device) { return known }
      guard launch == nil else {
        return .fails(reason: "it was never tested; run 'rso devices' on each machine first")
      }
      say("testing \(device.title) for the first time, which can take a minute")
      let verdict = tests.result(of: device, warn: { say("warning: \($0)") })
      verdicts[device.index] = verdict
      return verdict
    }
  }

  /// Returns what computes.
  ///
  /// - Parameters:
  ///   - path: The arithmetic of the run.
  ///   - memory: Returns the memory that the run needs with some backends.
  ///
  /// *Throws:* `CommandError.noDevices`, `.noSuchDevice`, `.unfitDevice`; `DeviceError`; what `memory` throws.
  package func chosen(
    _ choice: DeviceChoice, path: NumericPath, memory: (Backends) throws -> MemoryEstimate
  ) throws -> ChosenDevice {
    switch choice {
    case .processor: return .processor
    case .automatic: return try automatic(path, memory)
    case .opencl(let index):
      let found = try listed()
      guard let device = found.first(where: { $0.index == index }) else {
        throw CommandError.noSuchDevice("\(choice)", found.map(\.title))
      }
      let chosen = try trusted(device)
      try Self.check(chosen, device, path)
      try chosen.check(try memory(chosen.backends))
      return chosen
    }
  }

  /// The devices of the machine; at least one.
  private func listed() throws -> [OpenCLDevice] {
    do throws(DevicesProcess.Failure) {
      switch try devices() {
      case .none(let reason): throw DevicesProcess.Failure(reason: reason)
      case .found(let found): return found
      }
    } catch {
      throw CommandError.noDevices(reason: error.reason)
    }
  }

  private func trusted(_ device: OpenCLDevice) throws(DeviceError) -> ChosenDevice {
    // A device that lacks something is refused for that, and not tested.
    guard device.lacks.isEmpty else { throw .lacks(device, device.lacks) }
    return try ChosenDevice(device, verdict: verdict(device))
  }

  private static func check(
    _ chosen: ChosenDevice, _ device: OpenCLDevice, _ path: NumericPath
  ) throws {
    let offered = chosen.backends.all[0].offeredPaths
    guard !offered.contains(path) else { return }
    throw CommandError.unfitDevice(
      device,
      reason: "does not compute on numeric path '\(path.name)'; it has "
        + offered.map(\.name).joined(separator: ", "))
  }

  /// The first device that suits the run, or else the processor, with the reason against each device.
  private func automatic(
    _ path: NumericPath, _ memory: (Backends) throws -> MemoryEstimate
  ) throws -> ChosenDevice {
    var reasons: [String] = []
    do {
      for device in try listed() {
        guard device.kind != .processor else {
          reasons.append("\(device.title) is the processor, which is faster without OpenCL")
          continue
        }
        do {
          let chosen = try trusted(device)
          try Self.check(chosen, device, path)
          try chosen.check(try memory(chosen.backends))
          return chosen
        } catch let error as DeviceError {
          reasons.append("\(error.device.title) \(error.fault)")
        } catch CommandError.unfitDevice(let device, let reason) {
          reasons.append("\(device.title) \(reason)")
        }
      }
    } catch CommandError.noDevices(let reason) {
      reasons = ["no OpenCL devices: \(printable(reason, limit: 300))"]
    }
    return ChosenDevice(remark: "computing on the processor: " + reasons.joined(separator: "; "))
  }
}

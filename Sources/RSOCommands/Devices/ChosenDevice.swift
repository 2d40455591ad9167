import RSODevices
import RSONetworks
import RSOSearch
import RSOSystem

/// The device that computes.
package struct ChosenDevice: Sendable {
  /// The backends of this device, the default first.
  package let backends: Backends
  /// The OpenCL device; nil for the processor.
  package let opencl: OpenCLDevice?
  /// The choice in one line, for the user; nil for the processor by default.
  package let remark: String?

  package static let processor = ChosenDevice(remark: nil)

  /// The processor.
  package init(remark: String?) {
    backends = .standard
    opencl = nil
    self.remark = remark
  }

  /// *Throws:* `DeviceError` if the device may not be used.
  init(_ device: OpenCLDevice, verdict: DeviceVerdict) throws(DeviceError) {
    backends = Backends([try OpenCLBackend(device, verdict: verdict)] + Backends.standard.all)
    opencl = device
    remark = "computing on \(device.title), which gives the processor's bits"
  }

  /// The evaluators that a run can have at a time. Those of a device would compete for it.
  package var mostWorkers: Int { opencl == nil ? .max : 1 }

  /// `opencl:0 (NVIDIA H200), about 2.10 GB of its 150 GB`, or `cpu (avx512)`.
  ///
  /// *Throws:* `NumericPathError` if the device does not compute on the plan's path.
  func text(on plan: SearchPlan, _ memory: MemoryEstimate) throws -> String {
    guard let opencl else {
      let path = try backends.path(named: plan.numericPath)
      return "cpu (\(try backends.backend(for: path).device(for: path)))"
    }
    return "\(opencl.title), about \(Numbers.bytes(memory.deviceBytes)) of its "
      + Numbers.bytes(opencl.memory)
  }

  /// The reason why a device lacks memory for a run; nil if it has enough.
  package static func lack(of device: OpenCLDevice, for memory: MemoryEstimate) -> String? {
    guard memory.deviceBytes > device.memory else { return nil }
    return "has \(Numbers.bytes(device.memory)), and the run needs "
      + Numbers.bytes(memory.deviceBytes)
  }

  /// *Throws:* `CommandError.unfitDevice` if the device lacks memory for a run.
  package func check(_ memory: MemoryEstimate) throws {
    guard let opencl, let lack = Self.lack(of: opencl, for: memory) else { return }
    throw CommandError.unfitDevice(opencl, reason: lack)
  }
}

extension OpenCLDevice {
  /// `opencl:0 (NVIDIA H200)`
  package var title: String { "\(selector) (\(printable(name)))" }
}

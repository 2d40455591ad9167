internal import RSOSystem

/// The reasons why a device does not compute.
package enum DeviceError: Error, Sendable, Hashable {
  /// The device lacks properties that the bits of the processor need.
  case lacks(OpenCLDevice, [OpenCLDevice.Requirement])
  /// The self-test found other bits, or could not be run.
  case untrusted(OpenCLDevice, DeviceVerdict)
  /// A call of OpenCL failed: the device was lost, or its memory is full.
  case failed(OpenCLDevice, reason: String)
}

extension DeviceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lacks(let device, let lacking):
      "\(device.text) lacks \(lacking.map(\.rawValue).joined(separator: ", ")); "
        + "compute on the processor with --device cpu"
    case .untrusted(let device, .differs(let cases, let different, let first)):
      "\(device.text) gives other bits than the processor in \(different) of \(cases) kernel cases, "
        + "the first of them '\(printable(first))'; compute on the processor with --device cpu"
    case .untrusted(let device, .fails(let reason)):
      "\(device.text) cannot be tested: \(printable(reason)); compute on the processor with --device cpu"
    case .untrusted(let device, .agrees):
      "\(device.text) was not tested; test it with 'rso devices'"
    case .failed(let device, let reason):
      "\(device.text) failed: \(printable(reason)); compute on the processor with --device cpu"
    }
  }
}

extension OpenCLDevice {
  /// `device 'opencl:0' (NVIDIA A100)`
  fileprivate var text: String { "device '\(selector)' (\(printable(name)))" }
}

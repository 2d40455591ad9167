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
    "device '\(device.selector)' (\(printable(device.name))) \(fault); "
      + "compute on the processor with --device cpu"
  }

  package var device: OpenCLDevice {
    switch self {
    case .lacks(let device, _), .untrusted(let device, _), .failed(let device, _): device
    }
  }

  /// The reason as the end of a sentence that begins with the device.
  package var fault: String {
    switch self {
    case .lacks(_, let lacking):
      "lacks \(lacking.map(\.rawValue).joined(separator: ", "))"
    case .untrusted(_, .differs(let cases, let different, let first)):
      "gives other bits than the processor in \(different) of \(cases) kernel cases, the first of them "
        + "'\(printable(first))'"
    case .untrusted(_, .fails(let reason)):
      "cannot be tested: \(printable(reason, limit: 300))"
    case .untrusted(_, .agrees): "was not tested"
    case .failed(_, let reason): "failed: \(printable(reason, limit: 300))"
    }
  }
}

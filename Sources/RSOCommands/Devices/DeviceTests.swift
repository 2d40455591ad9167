import RSODevices
import RSOSystem

/// Self-tests of devices, whose results are remembered.
struct DeviceTests {
  private let process: DevicesProcess
  private let verdicts = DeviceVerdicts(version: Version.current)

  init(_ process: DevicesProcess) { self.process = process }

  func remembered(_ device: OpenCLDevice) -> DeviceVerdict? { verdicts.verdict(on: device) }

  /// Tests a device, and remembers the result.
  ///
  /// - Parameter warn: Called if the result cannot be remembered.
  func result(of device: OpenCLDevice, warn: (String) -> Void) -> DeviceVerdict {
    let verdict = process.test(device)
    do {
      try verdicts.remember(verdict, on: device)
    } catch {
      warn("the result of the self-test is not remembered: \(reason(error))")
    }
    return verdict
  }
}

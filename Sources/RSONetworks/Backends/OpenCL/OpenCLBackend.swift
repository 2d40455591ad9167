import RSODevices

/// The incremental evaluator on an OpenCL device, with the bits of the processor.
package struct OpenCLBackend: Backend {
  package let name = "opencl"
  /// The device that computes.
  package let device: OpenCLDevice

  /// - Parameter verdict: The result of the device's self-test.
  ///
  /// *Throws:* `DeviceError.lacks` or `DeviceError.untrusted`: a device that may give other bits has no backend.
  package init(_ device: OpenCLDevice, verdict: DeviceVerdict) throws(DeviceError) {
    guard device.lacks.isEmpty else { throw .lacks(device, device.lacks) }
    guard case .agrees = verdict else { throw .untrusted(device, verdict) }
    self.device = device
  }

  package var knownPaths: [NumericPath] { [.f32, .f32Direct] }
  package var offeredPaths: [NumericPath] { knownPaths }

  /// `opencl:0, NVIDIA A100`
  package func device(for path: NumericPath) -> String { "\(device.selector), \(device.name)" }

  package func memory(for workload: Workload) throws -> MemoryEstimate {
    try CPUBackend().memory(for: workload)
  }

  package func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator {
    throw DeviceError.failed(device, reason: "this version does not compute on devices")
  }
}

import RSODevices

/// The incremental evaluator on an OpenCL device, with the bits of the processor.
///
/// The evaluator computes each pass with a table of kernels that records; `DeviceSession` then runs the list on the
/// device, a work-group for each chunk. `README.md` describes the rest.
package struct OpenCLBackend: Backend {
  package let name = "opencl"
  /// The device that computes.
  package let device: OpenCLDevice
  /// More of OpenCL's options for compiling the kernels, for tests.
  package var options = ""
  private static let kernels = Kernels(recording: DeviceSession.table)

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

  /// `opencl, NVIDIA A100, driver 535.54`: neither the number of the device nor its place is a property of it.
  package func device(for path: NumericPath) -> String {
    "opencl, \(device.name), driver \(device.driver)"
  }

  package func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator {
    guard offeredPaths.contains(request.path) else {
      let paths = offeredPaths.map(\.name).joined(separator: ", ")
      throw NumericPathError.unavailable(request.path, has: "\(device(for: .f32)) (\(paths))")
    }
    let session = try DeviceSession(device, options: options, ownBytes: ownBytes)
    let evaluator = try IncrementalEvaluator(
      architecture: request.architecture, samples: request.samples,
      parameters: request.parameters, threads: 1, kernels: Self.kernels, path: request.path,
      cacheLimit: cacheLimit, ranks: request.ranks, device: session)
    if let failure = evaluator.failure { throw failure }
    evaluator.passTimes = request.passTimes
    return evaluator
  }

  // MARK: Memory

  /// Bytes for the lists of kernels, with their tables, and for what is lost at the ends of buffers.
  private static let lists = 4 << 20

  /// The most bytes for the working memory of work-groups: an eighth of the device's memory, at most 1 GiB.
  var ownBytes: Int { min(1 << 30, device.memory / 8, device.largestBuffer) }

  /// The most floats that a layer keeps between steps: a half of the device's memory, at most the processor's limit.
  var cacheLimit: Int {
    min(LayerCacheSizes.limit, device.memory / 2 / MemoryLayout<Float>.stride)
  }

  /// Simulates the allocations of a cycle, as `CPUBackend` does.
  package func memory(for workload: Workload) throws -> MemoryEstimate {
    var estimate = try IncrementalMemory(
      workload, kernels: Self.kernels, cacheLimit: cacheLimit,
      largestSlab: StoragePool.largestSlab(on: device)
    ).estimate
    // Values and working memory are the device's; samples, their order and parameters are on both sides. So are the
    // sums of a pass, of which that over the training set has the most.
    let channels = try StageGraph(workload.architecture).stages.map(\.outputShape.channels).max()
    let samples = workload.trainingSamples + workload.otherSamples
    let sums = Chunks.count(of: workload.trainingSamples) * 2 * (channels ?? 1)
    estimate.deviceBytes =
      estimate.activations + ownBytes + estimate.network + estimate.samples
      + 4 * samples * MemoryLayout<Int32>.stride + sums * MemoryLayout<Double>.stride
      + Self.lists
    estimate.activations = 0
    return estimate
  }
}

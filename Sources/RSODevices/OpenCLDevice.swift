/// An OpenCL device, as its driver describes it.
package struct OpenCLDevice: Sendable, Hashable {
  /// A property that the kernels need for the bits of the processor.
  package enum Requirement: String, Sendable, CaseIterable {
    case available = "availability"
    case compiler = "a compiler"
    case fma = "fused multiply-adds"
    case denormals = "denormal numbers"
    case division = "correctly rounded division"
    case double = "double precision"
    /// A work-group for a chunk of samples.
    case workGroup = "work-groups of 32"
  }

  package enum Kind: String, Sendable {
    /// The processor on which rso computes anyway.
    case processor
    case gpu
    case accelerator
    case other
  }

  /// The place among all devices, in OpenCL's order.
  package var index: Int
  package var kind: Kind
  package var name: String
  package var vendor: String
  /// The version of OpenCL: `OpenCL 1.2 pocl ...`.
  package var version: String
  package var driver: String
  /// The platform's name and version.
  package var platform: String
  /// *Units:* bytes.
  package var memory: Int
  /// *Units:* bytes.
  package var largestBuffer: Int
  package var computeUnits: Int
  package var lacks: [Requirement]

  package init(
    index: Int, kind: Kind = .gpu, name: String, vendor: String, version: String, driver: String,
    platform: String,
    memory: Int, largestBuffer: Int, computeUnits: Int, lacks: [Requirement]
  ) {
    self.index = index
    self.kind = kind
    self.name = name
    self.vendor = vendor
    self.version = version
    self.driver = driver
    self.platform = platform
    self.memory = memory
    self.largestBuffer = largestBuffer
    self.computeUnits = computeUnits
    self.lacks = lacks
  }

  /// The name by which the device is chosen: `opencl:0`.
  package var selector: String { "opencl:\(index)" }
}

/// The devices of a machine.
package enum OpenCLDevices: Sendable, Hashable {
  case found([OpenCLDevice])
  case none(reason: String)
}

/// The result of a device's self-test: the kernels' cases, compared with the processor's digests.
package enum DeviceVerdict: Sendable, Hashable {
  case agrees(cases: Int)
  /// - Parameter first: The name of the first case that differs.
  case differs(cases: Int, different: Int, first: String)
  /// The cases could not be run.
  case fails(reason: String)
}

import RSODevices

/// Puts samples side by side, one block at a time.
///
/// A class by nature: on a device it owns a copy of the samples.
final class SamplePacker {
  let samples: Samples
  private let lanes: Int
  private let kernels: Kernels
  private let device: DeviceSession?
  /// The numbers of the samples in the device's memory; nil where the kernels read those of `samples`.
  private let copy: UnsafeMutableRawPointer?

  init(_ samples: Samples, _ execution: NetworkExecution) {
    self.samples = samples
    lanes = execution.lanes
    kernels = execution.kernels
    device = execution.device
    copy = execution.device.map { device in
      switch samples.inputs {
      case .bytes(let bytes, _): bytes.withUnsafeBytes { device.copy($0) }
      case .floats(let floats): floats.withUnsafeBytes { device.copy($0) }
      }
    }
  }

  deinit {
    if let copy { device?.free(copy) }
  }

  /// Packs the samples of a block.
  ///
  /// - Parameter order: The index of the sample in each lane.
  func pack(_ order: UnsafePointer<Int32>, into out: MutableFloats) {
    let (area, count) = (samples.shape.area, samples.shape.count)
    switch samples.inputs {
    case .bytes(let bytes, let values):
      withFirst(of: bytes) { first in
        values.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          for channel in 0..<samples.shape.channels {
            kernels.pack(
              first + channel * area, stride: count, order: order, count: area,
              values: values + 256 * channel, into: out + channel * area * lanes)
          }
        }
      }
    case .floats(let floats):
      withFirst(of: floats) { first in
        for channel in 0..<samples.shape.channels {
          kernels.pack(
            first + channel * area, stride: count, order: order, count: area,
            into: out + channel * area * lanes)
        }
      }
    }
  }

  private func withFirst<Element>(of own: [Element], _ body: (UnsafePointer<Element>) -> Void) {
    own.withUnsafeBufferPointer { own in
      guard let first = own.baseAddress else { return }
      body(copy.map { UnsafePointer($0.assumingMemoryBound(to: Element.self)) } ?? first)
    }
  }
}

extension DeviceSession {
  /// Returns a copy of the bytes in the device's memory.
  fileprivate func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer {
    let start = allocate(bytes: bytes.count, .values)
    if let from = bytes.baseAddress { write(start, from, bytes: bytes.count) }
    return start
  }
}

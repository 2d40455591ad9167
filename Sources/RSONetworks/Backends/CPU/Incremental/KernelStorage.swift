import RSODevices
import RSONumerics

/// Memory that the kernels read and write. On a device, it is the device's.
///
/// A class so that a cache may hold an array of them.
final class KernelStorage<Element: BitwiseCopyable> {
  private let buffer: AlignedBuffer<Element>
  private let session: DeviceSession?
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  /// - Parameters:
  ///   - session: The device whose kernels use the memory; nil for the processor.
  ///   - isShared: True if this process writes or reads it as well.
  init(count: Int, on session: DeviceSession? = nil, isShared: Bool = false) {
    buffer = AlignedBuffer(count: session == nil ? count : 0)
    self.session = session
    self.count = count
    pointer =
      session?.allocate(
        bytes: count * MemoryLayout<Element>.stride, isShared ? .shared : .values
      ).bindMemory(to: Element.self, capacity: count) ?? buffer.pointer
  }

  deinit { session?.free(UnsafeMutableRawPointer(pointer)) }

  /// Says that shared elements have been written here.
  func changed(_ range: Range<Int>) {
    session?.changed(
      pointer + range.lowerBound, bytes: range.count * MemoryLayout<Element>.stride)
  }

  /// Brings shared elements here, after a pass that has written them.
  func read() { session?.read(pointer, bytes: count * MemoryLayout<Element>.stride) }
}

typealias FloatStorage = KernelStorage<Float>

extension KernelStorage where Element == Float {
  /// A copy of the values; nil if there are none.
  convenience init?(_ values: [Float]) {
    guard !values.isEmpty else { return nil }
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }
}

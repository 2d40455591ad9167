#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Storage for a fixed number of trivial elements, zero at first, aligned for vector instructions.
///
/// From 2 MB on it is mapped from the system at a 2 MB boundary, with huge pages where the system has
/// them. Its pages take memory only when they are first written.
package struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int
  /// The number of mapped bytes; 0 if the memory comes from the allocator.
  private let mappedBytes: Int

  /// Allocates the buffer. Ends the program if there is not enough memory, as an array does.
  ///
  /// *Precondition:* all bits zero is a value of `Element`.
  package init(count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    precondition(count >= 0 && !overflow, "\(count) elements do not fit into memory")
    let storage: UnsafeMutableRawPointer
    if let mapped = HugePages.map(bytes) {
      storage = mapped
      mappedBytes = bytes
    } else {
      let alignment = max(64, MemoryLayout<Element>.alignment)
      storage = .allocate(byteCount: max(bytes, 1), alignment: alignment)
      storage.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      mappedBytes = 0
    }
    pointer = storage.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  deinit {
    if mappedBytes > 0 {
      HugePages.unmap(pointer, mappedBytes)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

  package var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      pointer[index] = newValue
    }
  }
}

/// Anonymous memory that begins at a 2 MB boundary.
private enum HugePages {
  private static let size = 2 << 20

  /// Returns zeroed memory; nil for less than 2 MB, or if the system has no memory.
  static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let (reach, overflow) = bytes.addingReportingOverflow(size)
    guard bytes >= size, !overflow,
      let start = mmap(nil, reach, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED
    else { return nil }
    // Return what lies before the boundary and after the end, in whole pages.
    let page = Int(getpagesize())
    let first = start.alignedUp(toMultipleOf: size)
    let end = (first + bytes).alignedUp(toMultipleOf: page)
    if first > start { munmap(start, start.distance(to: first)) }
    if start + reach > end { munmap(end, end.distance(to: start + reach)) }
    #if os(Linux)
      // Advice only: without huge pages the memory is slower.
      _ = madvise(first, bytes, MADV_HUGEPAGE)
    #endif
    return first
  }

  static func unmap(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
    munmap(start, bytes)
  }
}

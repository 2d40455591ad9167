import RSODevices
import RSONumerics

/// Memory for the large buffers of one layer after the other, and of the passes that take statistics.
///
/// The pool keeps its memory until it is destroyed. Otherwise the system would clear gigabytes
/// again for each layer of each cycle, which takes a tenth of a cycle or more.
///
/// A class by nature: it owns memory.
final class StoragePool {
  private var layout: StorageLayout
  private var slabs: [Int: FloatStorage] = [:]
  private let device: DeviceSession?

  /// - Parameter device: The device whose memory it is; nil for the processor's.
  init(on device: DeviceSession? = nil) {
    self.device = device
    layout = StorageLayout(largest: Self.largestSlab(on: device?.device))
  }

  /// The most elements of a slab: a device bounds the size of its buffers.
  static func largestSlab(on device: OpenCLDevice?) -> Int {
    device.map { $0.largestBuffer / MemoryLayout<Float>.stride } ?? .max
  }

  /// A part of the pool's memory, valid as long as the pool lives.
  struct Share {
    fileprivate let place: StorageLayout.Place
    let pointer: MutableFloats
  }

  /// Makes room for buffers that will be held at the same time, unless one is held now.
  func prepare(for counts: [Int]) {
    layout.prepare(for: counts)
    release()
  }

  /// Returns a buffer of `count` elements with undefined content.
  func take(_ count: Int) -> Share {
    let place = layout.take(count)
    release()
    let slab = slabs[place.slab] ?? FloatStorage(count: layout.slabs[place.slab] ?? 0, on: device)
    slabs[place.slab] = slab
    return Share(place: place, pointer: slab.pointer + place.range.lowerBound)
  }

  func put(_ share: Share) { layout.put(share.place) }

  /// Returns the slabs that are no longer part of the layout to the system, before asking for others.
  private func release() { slabs = slabs.filter { layout.slabs[$0.key] != nil } }
}

/// The places of a pool's buffers: numbers alone, so that the estimate of memory makes the same
/// decisions.
///
/// Buffers lie in slabs, in the first gap that is large enough. A buffer without a gap gets a slab of its
/// own. As soon as nothing is held, several slabs become one.
package struct StorageLayout {
  package struct Place: Hashable, Sendable {
    package let slab: Int
    package let range: Range<Int>
  }

  /// Elements of each slab, by its number.
  package private(set) var slabs: [Int: Int] = [:]
  /// The ranges held in each slab, in order.
  private var held: [Int: [Range<Int>]] = [:]
  private var next = 0
  /// The most elements of a slab, unless one buffer has more.
  private let largest: Int

  package init(largest: Int = .max) { self.largest = largest }

  /// The elements of all slabs.
  package var count: Int { slabs.values.reduce(0, +) }
  private var isUnused: Bool { held.values.allSatisfy(\.isEmpty) }

  /// Makes one slab that holds all these buffers at once, unless a buffer is held already. If one slab cannot be
  /// that large, as few as hold the buffers in their order.
  package mutating func prepare(for counts: [Int]) {
    guard isUnused else { return }
    let needed = counts.reduce(0) { $0 + Self.rounded($1) }
    if max(count, needed) <= largest {
      if slabs.count > 1 || count < needed { reset(to: max(count, needed)) }
      return
    }
    slabs = [:]
    held = [:]
    var size = 0
    for count in counts {
      if size > 0, size + Self.rounded(count) > largest {
        addSlab(size)
        size = 0
      }
      size += Self.rounded(count)
    }
    if size > 0 { addSlab(size) }
  }

  package mutating func take(_ count: Int) -> Place {
    let size = Self.rounded(count)
    if isUnused, slabs.count > 1, self.count <= largest { reset(to: self.count) }
    for slab in slabs.keys.sorted() {
      if let place = place(of: size, in: slab) { return place }
    }
    if isUnused, self.count <= largest {
      reset(to: size)
    } else {
      addSlab(size)
    }
    let slab = next - 1
    held[slab] = [0..<size]
    return Place(slab: slab, range: 0..<size)
  }

  package mutating func put(_ place: Place) {
    held[place.slab]?.removeAll { $0 == place.range }
  }

  private mutating func place(of size: Int, in slab: Int) -> Place? {
    let ranges = held[slab] ?? []
    var start = 0
    for index in 0...ranges.count {
      let end = index < ranges.count ? ranges[index].lowerBound : slabs[slab] ?? 0
      if end - start >= size {
        held[slab, default: []].insert(start..<(start + size), at: index)
        return Place(slab: slab, range: start..<(start + size))
      }
      if index < ranges.count { start = ranges[index].upperBound }
    }
    return nil
  }

  private mutating func reset(to size: Int) {
    slabs = [:]
    held = [:]
    addSlab(size)
  }

  private mutating func addSlab(_ size: Int) {
    slabs[next] = size
    next += 1
  }

  /// Rounds up to whole pages, at least one.
  private static func rounded(_ count: Int) -> Int { max(1, (count + 1023) / 1024) * 1024 }
}

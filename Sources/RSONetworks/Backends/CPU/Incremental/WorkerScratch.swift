import RSODevices

/// The working memory of one thread: room for one block of everything that a pass computes without
/// keeping it.
///
/// A class by nature: it owns memory, and each worker has one.
final class WorkerScratch {
  /// A stage's maps, [channel][map pixel][lane]; zero padding is written once, when allocated.
  let maps: [MutableFloats]
  /// The maps as pairs of bf16 numbers, where a stage may use them.
  let pairs: [MutableFloats?]
  /// The padded planes that a folded stage's box sums are taken from; mostly the first is used.
  let padded: [MutableFloats?]
  /// Two planes between which a prologue alternates.
  let planes: (MutableFloats, MutableFloats)
  /// One channel of an input that is computed alone.
  let channelPlane: MutableFloats
  /// One channel of a skip, after its prologue.
  let skipPlane: MutableFloats
  /// A stage's output, [channel][pixel][lane].
  let outputs: [MutableFloats]
  /// A stage's input after a prologue that its convolution cannot compute on the way.
  let prologues: [MutableFloats?]
  /// Room for the transforms of a Winograd convolution.
  let winograd: MutableFloats
  /// Running sums of a stage's moments, [output][z, z^2][lane].
  let moments: MutableFloats
  /// The samples of the block.
  let images: MutableFloats
  /// Which `outputs` hold the current block, and whether `images` does.
  var computed: [Bool]
  var packed = false
  /// The memory behind the pointers. The innermost loops of Swift code read the pointers: threads
  /// would otherwise all count references to the same storage.
  private let storage: [FloatStorage]
  private let device: DeviceSession?
  /// The first byte in the memory of a work-group.
  private let start: UnsafeMutableRawPointer?

  /// - Parameter device: The device on which each work-group has such memory; nil for the processor.
  init(_ sizes: WorkerScratchSizes, on device: DeviceSession? = nil) {
    var storage: [FloatStorage] = []
    self.device = device
    start = device?.allocate(bytes: sizes.deviceBytes, .own)
    var next = start
    func room(_ count: Int) -> MutableFloats {
      if let first = next {
        next = first + WorkerScratchSizes.bytes(count)
        return first.bindMemory(to: Float.self, capacity: count)
      }
      storage.append(FloatStorage(count: count))
      return storage[storage.count - 1].pointer
    }
    maps = sizes.maps.map(room)
    pairs = sizes.pairs.map { $0.map(room) }
    padded = sizes.padded.map { $0.map(room) }
    planes = (room(sizes.plane), room(sizes.plane))
    channelPlane = room(sizes.plane)
    skipPlane = room(sizes.plane)
    outputs = sizes.outputs.map(room)
    prologues = sizes.prologues.map { $0.map(room) }
    winograd = room(sizes.winograd)
    moments = room(sizes.moments)
    images = room(sizes.images)
    computed = Array(repeating: false, count: sizes.outputs.count)
    self.storage = storage
  }

  deinit {
    if let start { device?.free(start) }
  }

  /// Forgets the values of another block.
  func begin() {
    for stage in computed.indices { computed[stage] = false }
    packed = false
  }

  /// The place at which a prologue writes a channel of a stage's input that becomes map number `map`.
  func target(_ stage: Int, _ geometry: KernelGeometry, map: Int, lanes: Int) -> PlaneTarget {
    let start = padded[stage] ?? maps[stage] + map * geometry.mapStride(lanes: lanes)
    let inset = geometry.padding.top * geometry.paddedWidth + geometry.padding.left
    return PlaneTarget(
      pointer: start + inset * lanes, rowStride: geometry.paddedWidth * lanes)
  }
}

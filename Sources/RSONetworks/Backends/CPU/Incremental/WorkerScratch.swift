/// The working memory of one thread: room for one block of everything that a pass computes on the
/// way and does not keep.
///
/// A class by nature: it owns memory, and each worker has one.
final class WorkerScratch {
  /// A stage's maps, [channel][map pixel][lane]; zero padding is written once, when allocated.
  let maps: [MutableFloats]
  /// The same as pairs of bf16 numbers, where a stage may use them.
  let pairs: [MutableFloats?]
  /// The padded planes that a folded stage's box sums are taken from; most of the time the first.
  let padded: [MutableFloats?]
  /// Two planes that a prologue goes back and forth between.
  let planes: (MutableFloats, MutableFloats)
  /// A plane of a source channel: a candidate's, or a skip's after pooling.
  let channelPlane: MutableFloats
  /// A stage's output, [channel][pixel][lane].
  let outputs: [MutableFloats]
  /// A stage's input after a prologue that its convolution cannot do on the way.
  let inputs: [MutableFloats?]
  /// Room for the transforms of a Winograd convolution.
  let winograd: MutableFloats
  /// Running sums of a stage's moments, [output][z, z^2][lane].
  let moments: MutableFloats
  /// Samples of the block.
  let images: MutableFloats
  /// Which `outputs` hold the block at hand, and whether `images` does.
  var computed: [Bool]
  var packed = false
  /// What the pointers point into. They are read in the innermost loops of Swift code, by threads that
  /// would otherwise all count their references to the same storage.
  private let storage: [FloatStorage]

  init(_ sizes: WorkerScratchSizes) {
    var storage: [FloatStorage] = []
    func room(_ count: Int) -> MutableFloats {
      storage.append(FloatStorage(count: count))
      return storage[storage.count - 1].pointer
    }
    maps = sizes.maps.map(room)
    pairs = sizes.pairs.map { $0.map(room) }
    padded = sizes.padded.map { $0.map(room) }
    planes = (room(sizes.plane), room(sizes.plane))
    channelPlane = room(sizes.plane)
    outputs = sizes.outputs.map(room)
    inputs = sizes.inputs.map { $0.map(room) }
    winograd = room(sizes.winograd)
    moments = room(sizes.moments)
    images = room(sizes.images)
    computed = Array(repeating: false, count: sizes.outputs.count)
    self.storage = storage
  }

  /// Forgets what it holds of another block.
  func begin() {
    for stage in computed.indices { computed[stage] = false }
    packed = false
  }

  /// Where the prologue writes channel `channel` (counted within `maps`) of a stage's input.
  func target(_ stage: Int, _ geometry: StageGeometry, channel: Int, lanes: Int) -> PlaneTarget {
    let start = padded[stage] ?? maps[stage] + channel * geometry.mapStride(lanes: lanes)
    let inset = geometry.padding * geometry.paddedWidth + geometry.padding
    return PlaneTarget(
      pointer: start + inset * lanes, rowStride: geometry.paddedWidth * lanes)
  }
}

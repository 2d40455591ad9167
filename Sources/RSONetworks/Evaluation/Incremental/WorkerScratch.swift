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
  /// How many there are: as many outputs as the direct kernel computes side by side.
  static let paddedPlanes = 3
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
  /// Floats in all of it.
  let count: Int
  /// What the pointers point into. They are read in the innermost loops of Swift code, by threads that
  /// would otherwise all count their references to the same storage.
  private let storage: [FloatStorage]

  init(geometries: [StageGeometry], imageCount: Int, kernels: Kernels, usesPairs: Bool) {
    let lanes = kernels.lanes
    var storage: [FloatStorage] = []
    func room(_ count: Int) -> MutableFloats {
      storage.append(FloatStorage(count: count))
      return storage[storage.count - 1].pointer
    }
    maps = geometries.map { room($0.inputs * $0.mapStride(lanes: lanes)) }
    pairs = geometries.map {
      usesPairs && $0.mayUsePairs ? room($0.pairs * $0.mapStride(lanes: lanes)) : nil
    }
    padded = geometries.map { $0.folded ? room(Self.paddedPlanes * $0.paddedArea * lanes) : nil }
    let largest = geometries.map { max($0.sourceShape.area, $0.area) }.max() ?? 1
    planes = (room(largest * lanes), room(largest * lanes))
    channelPlane = room(largest * lanes)
    outputs = geometries.map { room($0.count * lanes) }
    inputs = geometries.map {
      $0.usesWinograd && !$0.hasPlainPrologue ? room($0.inputs * $0.area * lanes) : nil
    }
    winograd = room(geometries.filter(\.usesWinograd).map(kernels.winogradWork).max() ?? 1)
    moments = room(2 * (geometries.map(\.outputs).max() ?? 1) * lanes)
    images = room(imageCount * lanes)
    computed = Array(repeating: false, count: geometries.count)
    count = storage.reduce(0) { $0 + $1.count }
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

/// The working memory of one thread: room for one block of everything that a pass computes on the
/// way and does not keep.
///
/// A class by nature: it owns memory, and each worker has one.
final class WorkerScratch {
  /// A stage's maps, [channel][map pixel][lane]; zero padding is written once, when allocated.
  let maps: [FloatStorage]
  /// The same as pairs of bf16 numbers, where a stage may use them.
  let pairs: [FloatStorage?]
  /// The padded plane that a folded stage's box sums are taken from.
  private let padded: [FloatStorage?]
  /// Two planes that a prologue goes back and forth between.
  let planes: [FloatStorage]
  /// A plane of a source channel: a candidate's, or a skip's after pooling.
  let channelPlane: FloatStorage
  /// A stage's output, [channel][pixel][lane].
  let outputs: [FloatStorage]
  /// A stage's input after a prologue that its convolution cannot do on the way.
  let inputs: [FloatStorage?]
  /// Room for the transforms of a Winograd convolution.
  let winograd: FloatStorage
  /// Running sums of a stage's moments, [output][z, z^2][lane].
  let moments: FloatStorage
  /// Samples of the block.
  let images: FloatStorage
  /// Which `outputs` hold the block at hand, and whether `images` does.
  var computed: [Bool]
  var packed = false

  init(geometries: [StageGeometry], imageCount: Int, kernels: Kernels, usesPairs: Bool) {
    let lanes = kernels.lanes
    maps = geometries.map { FloatStorage(count: $0.inputs * $0.mapStride(lanes: lanes)) }
    pairs = geometries.map {
      usesPairs && $0.mayUsePairs
        ? FloatStorage(count: $0.pairs * $0.mapStride(lanes: lanes)) : nil
    }
    padded = geometries.map {
      $0.folded ? FloatStorage(count: $0.paddedHeight * $0.paddedWidth * lanes) : nil
    }
    let largest = geometries.map { max($0.sourceShape.area, $0.area) }.max() ?? 1
    planes = (0..<2).map { _ in FloatStorage(count: largest * lanes) }
    channelPlane = FloatStorage(count: largest * lanes)
    outputs = geometries.map { FloatStorage(count: $0.count * lanes) }
    inputs = geometries.map {
      $0.usesWinograd && !$0.hasPlainPrologue
        ? FloatStorage(count: $0.inputs * $0.area * lanes) : nil
    }
    winograd = FloatStorage(
      count: geometries.filter(\.usesWinograd).map(kernels.winogradWork).max() ?? 1)
    moments = FloatStorage(count: 2 * (geometries.map(\.outputs).max() ?? 1) * lanes)
    images = FloatStorage(count: imageCount * lanes)
    computed = Array(repeating: false, count: geometries.count)
  }

  /// Forgets what it holds of another block.
  func begin() {
    for stage in computed.indices { computed[stage] = false }
    packed = false
  }

  /// Where the prologue writes channel `channel` (counted within `maps`) of a stage's input.
  func target(_ stage: Int, _ geometry: StageGeometry, channel: Int, lanes: Int) -> PlaneTarget {
    let start =
      padded[stage]?.pointer ?? maps[stage].pointer + channel * geometry.mapStride(lanes: lanes)
    let inset = geometry.padding * geometry.paddedWidth + geometry.padding
    return PlaneTarget(
      pointer: start + inset * lanes, rowStride: geometry.paddedWidth * lanes)
  }

  /// Floats in all of it.
  var count: Int {
    let each = [maps, planes, outputs, [channelPlane, winograd, moments, images]].flatMap { $0 }
    return (each + (pairs + padded + inputs).compactMap { $0 }).reduce(0) { $0 + $1.count }
  }

  func paddedPlane(_ stage: Int) -> FloatStorage? { padded[stage] }
}

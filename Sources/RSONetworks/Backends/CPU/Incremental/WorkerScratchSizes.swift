/// The sizes of a `WorkerScratch`, in elements; nil: nothing of that kind.
///
/// Plain numbers, so that the estimate of a run's memory uses the numbers that are allocated.
struct WorkerScratchSizes {
  let maps: [Int]
  let pairs: [Int?]
  let padded: [Int?]
  /// Floats of each of the four planes.
  let plane: Int
  let outputs: [Int]
  let prologues: [Int?]
  let winograd: Int
  let moments: Int
  let images: Int

  init(geometries: [KernelGeometry], imageCount: Int, kernels: Kernels, usesPairs: Bool) {
    let lanes = kernels.lanes
    maps = geometries.map { $0.inputs * $0.mapStride(lanes: lanes) }
    pairs = geometries.map {
      usesPairs && $0.mayUsePairs ? $0.pairs * $0.mapStride(lanes: lanes) : nil
    }
    // The padded planes that a folded stage's box sums are taken from.
    padded = geometries.map {
      $0.folding != nil ? kernels.outputsTogether * $0.paddedArea * lanes : nil
    }
    plane = (geometries.map { max($0.largestPlane, $0.area) }.max() ?? 1) * lanes
    outputs = geometries.map { $0.count * lanes }
    prologues = geometries.map {
      $0.usesWinograd && !$0.prologue.isPlain ? $0.inputs * $0.area * lanes : nil
    }
    winograd = geometries.filter(\.usesWinograd).map(kernels.winogradWork).max() ?? 1
    moments = 2 * (geometries.map(\.outputs).max() ?? 1) * lanes
    images = imageCount * lanes
  }

  private var all: [Int] {
    let each: [[Int?]] = [
      maps, pairs, padded, [plane, plane, plane, plane], outputs, prologues,
      [winograd, moments, images],
    ]
    return each.flatMap { $0.compactMap { $0 } }
  }

  /// The elements of all of them.
  var count: Int { all.reduce(0, +) }

  /// The bytes that a work-group of a device has for them.
  var deviceBytes: Int { all.reduce(0) { $0 + Self.bytes($1) } }

  /// The bytes of `count` elements, each array of which begins at a boundary of 128 bytes.
  static func bytes(_ count: Int) -> Int { (count * MemoryLayout<Float>.stride + 127) / 128 * 128 }
}

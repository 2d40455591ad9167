import RSONumerics

/// A kernel case ready to run on the kernels of one instruction set. The operands come from a fixed
/// seed, the same for all instruction sets.
///
/// A class by nature: it owns the operands.
package final class KernelTrial {
  package let kernelCase: KernelCase
  private let kernels: Kernels
  private let geometry: KernelGeometry
  private let input: KernelOperands
  private let weights: FloatStorage
  /// The weights transformed for Winograd's filtering, or as pairs.
  private let transformed: FloatStorage
  /// The input of each block: maps, or planes for Winograd's filtering.
  private let sources: [FloatStorage]
  private let baseSums: [FloatStorage]
  private let out: FloatStorage
  /// The width in pixels of the zero border around each plane of the output.
  private let frame: Int
  private let affine: ChannelAffine
  private let moments: FloatStorage
  private let work: FloatStorage

  /// *Precondition:* the case is available on the kernels.
  package init(_ kernelCase: KernelCase, kernels: Kernels = .best) {
    precondition(kernelCase.isAvailable(on: kernels))
    self.kernelCase = kernelCase
    self.kernels = kernels
    let lanes = kernels.lanes
    let stage = kernelCase.stage
    let geometry = KernelGeometry(
      stage: stage, sourceShape: stage.inputShape, layout: ParameterLayout(layers: []), path: .f32)
    self.geometry = geometry
    let operands = KernelOperands(kernelCase)
    input = operands
    weights = FloatStorage(count: operands.weights.count)
    for (place, weight) in operands.weights.enumerated() {
      weights.pointer[place] = weight * geometry.weightFactor
    }
    let isWinograd = kernelCase.method == .winograd
    transformed = FloatStorage(
      count: isWinograd
        ? Kernels.transformedCount(geometry)
        : geometry.outputs * geometry.pairs * geometry.kernelArea)
    for output in 0..<geometry.outputs {
      for channel in 0..<geometry.inputs where isWinograd {
        Kernels.transform(
          geometry,
          kernel: weights.pointer + output * geometry.fanIn + channel * geometry.kernelArea,
          input: channel, output: output, into: transformed.pointer)
      }
      for pair in 0..<geometry.pairs where kernelCase.usesPairs {
        Kernels.pairWeights(
          geometry, weights: weights.pointer, pair: pair, output: output,
          into: transformed.pointer)
      }
    }
    work = FloatStorage(count: isWinograd ? kernels.winogradWork(geometry) : 1)
    frame = kernelCase.method == .entering ? 1 : 0
    out = FloatStorage(
      count: geometry.outputs * (geometry.height + 2 * frame) * (geometry.width + 2 * frame) * lanes
    )
    affine = ChannelAffine(channels: geometry.outputs)
    for output in 0..<geometry.outputs {
      affine.set(output, scale: operands.scales[output], shift: operands.shifts[output])
    }
    moments = FloatStorage(count: 2 * geometry.outputs * lanes)
    let blocks = KernelOperands.samples / lanes
    baseSums = (0..<blocks).map { block in
      let storage = FloatStorage(count: geometry.count * lanes)
      for element in 0..<geometry.count {
        for lane in 0..<lanes {
          storage.pointer[element * lanes + lane] =
            operands.baseSums[(block * lanes + lane) * geometry.count + element]
        }
      }
      return storage
    }
    sources = (0..<blocks).map { block in
      Self.source(operands, kernelCase, geometry, kernels, block: block)
    }
  }

  /// Unchanged planes, or the padded maps that the kernels read, or their box sums.
  private static func source(
    _ operands: KernelOperands, _ kernelCase: KernelCase, _ geometry: KernelGeometry,
    _ kernels: Kernels, block: Int
  ) -> FloatStorage {
    let lanes = kernels.lanes
    let shape = geometry.stage.inputShape
    let isWinograd = kernelCase.method == .winograd
    let stride = isWinograd ? shape.area * lanes : geometry.mapStride(lanes: lanes)
    let storage = FloatStorage(count: shape.channels * stride)
    let padding = isWinograd ? 0 : geometry.padding.top
    let width = shape.width + 2 * padding
    let padded = FloatStorage(count: (shape.height + 2 * padding) * width * lanes)
    for channel in 0..<shape.channels {
      for pixel in 0..<shape.area {
        let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
        let place = ((row + padding) * width + column + padding) * lanes
        for lane in 0..<lanes {
          let sample = block * lanes + lane
          padded.pointer[place + lane] =
            operands.values[sample * shape.count + channel * shape.area + pixel]
        }
      }
      let target = storage.pointer + channel * stride
      if geometry.folding != nil {
        kernels.boxSum(
          padded.pointer, height: geometry.paddedHeight, width: geometry.paddedWidth, into: target)
      } else {
        target.update(from: padded.pointer, count: padded.count)
      }
    }
    guard kernelCase.usesPairs else { return storage }
    let pairs = FloatStorage(count: geometry.pairs * stride)
    for pair in 0..<geometry.pairs {
      let even = Floats(storage.pointer + 2 * pair * stride)
      kernels.pair(
        even, 2 * pair + 1 < shape.channels ? even + stride : nil, count: geometry.mapPixels,
        into: pairs.pointer + pair * stride)
    }
    return pairs
  }

  /// Computes one block.
  package func run() { run(block: 0, keepsOutput: !hasBaseSum) }

  private var hasBaseSum: Bool {
    kernelCase.method == .partial || kernelCase.method == .foldedPartial
  }

  /// From one row, one plane of the output to the next.
  private var outStrides: (row: Int, plane: Int) {
    let row = (geometry.width + 2 * frame) * kernels.lanes
    return (row, (geometry.height + 2 * frame) * row)
  }

  private func run(block: Int, keepsOutput: Bool) {
    let source = Floats(sources[block].pointer)
    if kernelCase.method == .winograd {
      kernels.winograd(
        geometry, input: source, affine: nil, activation: .identity,
        channels: 0..<geometry.inputs, outputs: 0..<geometry.outputs,
        transformed: transformed.pointer, initial: nil, bias: nil, into: out.pointer, moments: nil,
        work: work.pointer)
      return
    }
    if kernelCase.usesPairs {
      kernels.convolvePairs(
        geometry, maps: source, weights: transformed.pointer, initial: nil, bias: nil,
        into: out.pointer, moments: nil)
      return
    }
    let channels = kernelCase.channels
    if kernelCase.method == .entering {
      let (row, plane) = outStrides
      kernels.convolveIntoMaps(
        geometry, maps: source + channels.lowerBound * geometry.mapStride(lanes: kernels.lanes),
        channels: channels, outputs: 0..<geometry.outputs, weights: weights.pointer,
        initial: Floats(baseSums[block].pointer), nextInitial: nil, bias: nil, affine: affine.view,
        into: PlaneTarget(pointer: out.pointer + row + kernels.lanes, rowStride: row),
        planeStride: plane)
      return
    }
    if hasBaseSum { moments.pointer.update(repeating: 0, count: moments.count) }
    kernels.convolve(
      geometry, maps: source + channels.lowerBound * geometry.mapStride(lanes: kernels.lanes),
      channels: channels, outputs: 0..<geometry.outputs, weights: weights.pointer,
      initial: hasBaseSum ? Floats(baseSums[block].pointer) : nil, bias: nil,
      into: keepsOutput ? out.pointer : nil, moments: hasBaseSum ? moments.pointer : nil)
  }

  /// Returns the kernel's results for all samples.
  ///
  /// *Shape:* N x output x pixel; then, for a method that takes moments, N x output x (sum, sum of
  /// squares). Row-major.
  package func answers() -> [Float] {
    let lanes = kernels.lanes
    let area = geometry.area
    var values = [Float](repeating: 0, count: KernelOperands.samples * geometry.count)
    var sums = [Float](
      repeating: 0, count: hasBaseSum ? KernelOperands.samples * 2 * geometry.outputs : 0)
    for block in sources.indices {
      run(block: block, keepsOutput: true)
      for lane in 0..<lanes {
        let sample = block * lanes + lane
        let (row, plane) = outStrides
        for element in 0..<geometry.outputs * area {
          let (output, pixel) = element.quotientAndRemainder(dividingBy: area)
          let (y, x) = pixel.quotientAndRemainder(dividingBy: geometry.width)
          values[sample * geometry.count + element] =
            out.pointer[output * plane + (y + frame) * row + (x + frame) * lanes + lane]
        }
        guard hasBaseSum else { continue }
        for element in 0..<2 * geometry.outputs {
          sums[sample * 2 * geometry.outputs + element] = moments.pointer[element * lanes + lane]
        }
      }
    }
    return values + sums
  }

  /// Returns the results of plain loops in double.
  package func expected() -> [Double] { input.answers() }
}

internal import CRSOKernels

/// The kernels of one instruction set; `CRSOKernels/include/rso_kernels.h` says what each does and
/// how its operands lie in memory. Callers pass pointers to enough floats: sizes are not checked
/// here.
///
/// *Reproducibility:* all instruction sets give the same bits.
package struct Kernels: @unchecked Sendable {
  // Sendable: the table is a constant of the program.
  private let table: UnsafePointer<rso_kernels>
  /// `avx512`, `avx2`, `neon` or `generic`; `avx2-wide` and `avx2-narrow` are in tests alone.
  package let name: String
  /// Samples in a block.
  package let lanes: Int

  /// Double slots in which partial sums across samples are kept.
  static let foldSlots = Int(RSO_FOLD)

  /// The most outputs that pass on to the next convolution together.
  let outputsTogether: Int

  private init(_ table: UnsafePointer<rso_kernels>, outputsTogether: Int = 3) {
    self.table = table
    self.outputsTogether = outputsTogether
    name = String(cString: table.pointee.name)
    lanes = table.pointee.lanes
  }

  /// The table that records for the devices of OpenCL.
  ///
  /// - Parameter table: An `rso_kernels` that lives as long as the program.
  init(recording table: UnsafeRawPointer) {
    // The rows of work-items that share them.
    self.init(table.assumingMemoryBound(to: rso_kernels.self), outputsTogether: 16)
  }

  /// The tables that this processor can run, the fastest first; never empty.
  package static let available: [Kernels] = {
    var found: [Kernels] = []
    while let table = rso_kernels_at(found.count) { found.append(Kernels(table)) }
    return found
  }()

  /// The fastest table that this processor can run.
  package static var best: Kernels { available[0] }

  /// The instruction sets for which this program has kernels, the fastest first.
  package static let instructionSets: [InstructionSet] = {
    var (found, next) = ([InstructionSet](), rso_instruction_set())
    while rso_instruction_set_at(found.count, &next) {
      found.append(
        InstructionSet(
          name: String(cString: next.name), missing: next.lacks.map { String(cString: $0) }))
    }
    return found
  }()

  /// The numeric paths that the table computes.
  package var numericPaths: [NumericPath] {
    table.pointee.convolve_pairs == nil ? [.f32, .f32Direct] : [.f32, .f32Direct, .bf16AVX512]
  }

  static func fold(_ slots: UnsafePointer<Double>) -> Double { rso_fold(slots) }

  /// Pauses the processor for some tens of cycles, in a loop that waits for another thread's write.
  @inline(__always)
  static func pause() { rso_pause() }
}

typealias Floats = UnsafePointer<Float>
typealias MutableFloats = UnsafeMutablePointer<Float>

/// An activation as the kernels take it.
struct KernelActivation {
  fileprivate let value: rso_activation

  static let identity = KernelActivation(.identity)

  var isReLU: Bool { value.kind == rso_relu }

  init(_ activation: Activation) {
    switch activation {
    case .identity: value = rso_activation(kind: rso_identity, slope: 0)
    case .relu: value = rso_activation(kind: rso_relu, slope: 0)
    case .leakyReLU(let slope): value = rso_activation(kind: rso_leaky_relu, slope: Float(slope))
    case .tanh: value = rso_activation(kind: rso_tanh, slope: 0)
    case .sign: value = rso_activation(kind: rso_sign, slope: 0)
    case .step: value = rso_activation(kind: rso_step, slope: 0)
    case .sigmoid: value = rso_activation(kind: rso_sigmoid, slope: 0)
    case .gelu: value = rso_activation(kind: rso_gelu, slope: 0)
    case .silu: value = rso_activation(kind: rso_silu, slope: 0)
    case .elu(let alpha): value = rso_activation(kind: rso_elu, slope: Float(alpha))
    case .softplus: value = rso_activation(kind: rso_softplus, slope: 0)
    case .hardSigmoid: value = rso_activation(kind: rso_hard_sigmoid, slope: 0)
    case .hardSwish: value = rso_activation(kind: rso_hard_swish, slope: 0)
    }
  }
}

extension Loss {
  /// The loss of a sample of a class; nil if there is none.
  fileprivate var ofClass: rso_loss? {
    switch self {
    case .crossEntropy: rso_cross_entropy
    case .squared: rso_squared
    case .zeroOne: rso_zero_one
    case .hinge: rso_hinge
    case .focal: rso_focal
    case .cost: rso_cost
    case .topK: rso_top_k
    case .binaryCrossEntropy, .absolute, .huber, .quantile, .balancedError, .macroF1, .rocAUC,
      .program:
      nil
    }
  }

  /// The parameter that the kernels take.
  fileprivate func parameter(_ parameters: LossParameters) -> Float {
    switch self {
    case .crossEntropy: parameters.labelSmoothing
    case .focal: parameters.focalGamma
    case .topK: Float(parameters.topK)
    case .quantile: parameters.quantile
    default: 0
    }
  }

  /// The loss of a sample with labels or numbers; nil if there is none.
  fileprivate var ofTargets: rso_target_loss? {
    switch self {
    case .binaryCrossEntropy: rso_binary_cross_entropy
    case .squared: rso_squared_difference
    case .absolute: rso_absolute_difference
    case .huber: rso_huber
    case .quantile: rso_quantile
    case .crossEntropy, .zeroOne, .hinge, .focal, .cost, .topK, .balancedError, .macroF1, .rocAUC,
      .program:
      nil
    }
  }
}

/// The place where a kernel writes a plane: its first float, and the floats from one row to the
/// next.
struct PlaneTarget {
  var pointer: MutableFloats
  var rowStride: Int
}

extension Kernels {
  /// Puts planes of samples side by side.
  ///
  /// - Parameters:
  ///   - samples: The plane of the first sample; those of the others are `stride` elements apart.
  ///   - order: The index of the sample in each lane.
  ///   - values: The value of each byte.
  func pack(
    _ samples: UnsafePointer<UInt8>, stride: Int, order: UnsafePointer<Int32>, count: Int,
    values: Floats, into out: MutableFloats
  ) {
    table.pointee.pack(samples, stride, order, count, values, out)
  }

  func pack(
    _ samples: Floats, stride: Int, order: UnsafePointer<Int32>, count: Int,
    into out: MutableFloats
  ) {
    table.pointee.pack_floats(samples, stride, order, count, out)
  }

  /// Fills `count` vectors with one value.
  func fill(_ value: Float, count: Int, into out: MutableFloats) {
    table.pointee.fill(value, count, out)
  }

  /// Copies `count` vectors to others that do not overlap them.
  func copy(_ input: Floats, count: Int, into out: MutableFloats) {
    table.pointee.copy(input, count, out)
  }

  func copy(_ input: MutableFloats, count: Int, into out: MutableFloats) {
    table.pointee.copy(input, count, out)
  }

  /// Copies the values of each valid lane to a row of `count` numbers.
  func copyRows(_ input: Floats, count: Int, valid: Int, into rows: MutableFloats) {
    table.pointee.copy_rows(input, count, valid, rows)
  }

  @inline(__always)
  func affine(
    _ input: Floats, height: Int, width: Int, scale: Float, shift: Float,
    activation: KernelActivation, into out: PlaneTarget
  ) {
    table.pointee.affine(
      input, height, width, scale, shift, activation.value, out.pointer, out.rowStride)
  }

  @inline(__always)
  func candidate(
    _ input: Floats, tap: Floats, amount: Float, offset: Float, height: Int, width: Int,
    scale: Float, shift: Float, activation: KernelActivation, into out: PlaneTarget
  ) {
    table.pointee.candidate(
      input, tap, amount, offset, height, width, scale, shift, activation.value, out.pointer,
      out.rowStride)
  }

  func averagePool(_ input: Floats, height: Int, width: Int, into out: MutableFloats) {
    table.pointee.average_pool(input, height, width, out)
  }

  /// A pool whose padding was resolved on a plane of `height` x `width`.
  func pool(
    _ pooling: Pooling, _ input: Floats, height: Int, width: Int, into out: MutableFloats
  ) {
    let window = pooling.window
    let plane = Extent(height: height, width: width)
    let (edges, places) = (window.edges(on: plane), window.places(on: plane))
    var arguments = rso_pool(
      maximum: pooling.mode == .maximum, height: height, width: width,
      kernel_height: window.kernel.height, kernel_width: window.kernel.width,
      stride_height: window.stride.height, stride_width: window.stride.width,
      padding_top: edges.top, padding_left: edges.left, out_height: places.height,
      out_width: places.width)
    table.pointee.pool(&arguments, input, out)
  }

  /// Normalises each lane over `count` numbers of a group of channels: (x - mean) / sqrt(variance +
  /// epsilon).
  func normalizeLanes(_ values: MutableFloats, count: Int, epsilon: Float) {
    table.pointee.normalize(values, count, epsilon)
  }

  func globalPool(_ mode: PoolingMode, _ input: Floats, count: Int, into out: MutableFloats) {
    switch mode {
    case .maximum: table.pointee.global_maximum(input, count, out)
    case .average: table.pointee.global_average(input, count, out)
    }
  }

  func boxSum(_ map: Floats, height: Int, width: Int, into out: MutableFloats) {
    table.pointee.box_sum(map, height, width, out)
  }

  func addAffine(
    _ input: Floats, count: Int, scale: Float, shift: Float, to out: MutableFloats
  ) {
    table.pointee.add_affine(input, count, scale, shift, out)
  }

  func moments(
    _ tensor: Floats, channels: Int, count: Int, valid: Int, slot: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    table.pointee.moments(tensor, channels, count, valid, slot, sums)
  }

  /// Adds the running sums of a convolution, [output][z, z^2][lane], to the fold slots `sums`.
  func addMoments(
    _ moments: Floats, outputs: Int, valid: Int, slot: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    table.pointee.add_moments(moments, outputs, valid, slot, sums)
  }

  func jointMoments(
    _ z: Floats, _ x: Floats, count: Int, valid: Int, slot: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    table.pointee.joint_moments(z, x, count, valid, slot, sums)
  }

  /// *Precondition:* the loss is a mean over samples, and suits the task of the targets.
  ///
  /// - Parameters:
  ///   - weights: A factor for each class, or for each number to predict; nil for none.
  ///   - costs: The cost of each answer to samples of each class; nil: 1 for a wrong answer.
  func loss(
    _ loss: Loss, _ outputs: Floats, count: Int, targets: BlockTargets,
    parameters: LossParameters = LossParameters(), weights: Floats? = nil, costs: Floats? = nil,
    valid: Int, slot: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    var terms = rso_loss_terms(
      parameter: loss.parameter(parameters), weights: weights, costs: costs)
    switch (targets, loss.ofClass, loss.ofTargets) {
    case (.classes(let classes), let kind?, _):
      let isSmoothed = loss == .crossEntropy && terms.parameter > 0
      table.pointee.loss(
        isSmoothed ? rso_smoothed : kind, &terms, outputs, count, classes, valid, slot, sums)
    case (.numbers(let numbers), _, let kind?):
      table.pointee.target_loss(kind, &terms, outputs, numbers, count, valid, slot, sums)
    default:
      preconditionFailure("the evaluator has a loss that suits the task")
    }
  }

  /// Convolves the input channels `channels` to the outputs `outputs` of a stage.
  ///
  /// - Parameters:
  ///   - channels: Counted in the group of `outputs`, where the stage has several groups.
  ///   - maps: The map of the first of `channels`, then those of the others.
  ///   - initial: The values that the sums start from; nil for `bias`, or for 0 if that is nil too.
  ///   - out: Receives the planes of `outputs`; nil if only the moments are needed.
  ///   - moments: Running sums that the outputs are added to, [output][z, z^2][lane]; or nil.
  @inline(__always)
  func convolve(
    _ geometry: KernelGeometry, maps: Floats, channels: Range<Int>, outputs: Range<Int>,
    weights: Floats, initial: Floats?, nextInitial: Floats? = nil, bias: Floats?,
    into out: MutableFloats?, moments: MutableFloats?
  ) {
    var arguments = convolution(
      geometry, maps: maps, channels: channels, channelsPerOutput: geometry.inputsPerGroup,
      outputs: outputs,
      weights: weights, initial: initial, nextInitial: nextInitial, bias: bias)
    arguments.out = out
    arguments.moments = moments
    table.pointee.convolve(&arguments)
  }

  /// Like `convolve`, but writes max(scale * z + shift, 0) to the maps of the next convolution. The
  /// maps begin `planeStride` floats apart.
  @inline(__always)
  func convolveIntoMaps(
    _ geometry: KernelGeometry, maps: Floats, channels: Range<Int>, outputs: Range<Int>,
    weights: Floats, initial: Floats?, nextInitial: Floats?, bias: Floats?, affine: AffineView,
    into out: PlaneTarget, planeStride: Int
  ) {
    var arguments = convolution(
      geometry, maps: maps, channels: channels, channelsPerOutput: geometry.inputsPerGroup,
      outputs: outputs,
      weights: weights, initial: initial, nextInitial: nextInitial, bias: bias)
    arguments.out = out.pointer
    arguments.out_row_stride = out.rowStride
    arguments.out_plane_stride = planeStride
    arguments.scales = affine.scales + outputs.lowerBound
    arguments.shifts = affine.shifts + outputs.lowerBound
    table.pointee.convolve(&arguments)
  }

  /// Convolves all channels of a stage with products of bf16 numbers. `maps` come from `pair`,
  /// `weights` from `pairWeights`. *Precondition:* `numericPaths` has a path of precision bf16.
  func convolvePairs(
    _ geometry: KernelGeometry, maps: Floats, weights: Floats, initial: Floats?, bias: Floats?,
    into out: MutableFloats, moments: MutableFloats?
  ) {
    var arguments = convolution(
      geometry, maps: maps, channels: 0..<geometry.pairs, channelsPerOutput: geometry.pairs,
      outputs: 0..<geometry.outputs, weights: weights, initial: initial, nextInitial: nil,
      bias: bias)
    arguments.out = out
    arguments.moments = moments
    table.pointee.convolve_pairs(&arguments)
  }

  /// Rounds the maps of two channels, or of one, to a map of pairs.
  func pair(_ even: Floats, _ odd: Floats?, count: Int, into out: MutableFloats) {
    table.pointee.pair(even, odd, count, out)
  }

  /// The kernels from a pair of channels, or from a last channel alone, to one output, as pairs.
  static func pairWeights(
    _ geometry: KernelGeometry, weights: Floats, pair: Int, output: Int, into out: MutableFloats
  ) {
    let even = weights + output * geometry.fanIn + 2 * pair * geometry.kernelArea
    let hasOdd = 2 * pair + 1 < geometry.inputs
    let start = (output * geometry.pairs + pair) * geometry.kernelArea
    for place in 0..<geometry.kernelArea {
      out[start + place] = rso_pair_weights(
        even[place], hasOdd ? even[geometry.kernelArea + place] : 0)
    }
  }

  @inline(__always)
  private func convolution(
    _ geometry: KernelGeometry, maps: Floats, channels: Range<Int>, channelsPerOutput: Int,
    outputs: Range<Int>, weights: Floats, initial: Floats?, nextInitial: Floats?, bias: Floats?
  ) -> rso_convolution {
    let rowStride = geometry.mapWidth * lanes
    let fanIn = channelsPerOutput * geometry.kernelArea
    return rso_convolution(
      map: maps, channels: channels.count, channel_stride: geometry.mapStride(lanes: lanes),
      row_stride: geometry.dilation.height * rowStride,
      row_step: geometry.step.height * rowStride, pixel_step: geometry.step.width,
      tap_step: geometry.dilation.width,
      kernel_height: geometry.kernelHeight, kernel_width: geometry.kernelWidth,
      row_begin: geometry.mapRows.lowerBound, row_end: geometry.mapRows.upperBound,
      row_step_count: geometry.step.height,
      weights: weights + outputs.lowerBound * fanIn + channels.lowerBound * geometry.kernelArea,
      weight_output_stride: fanIn, weight_channel_stride: geometry.kernelArea,
      outputs: outputs.count, height: geometry.height, width: geometry.width,
      initial: initial, next_initial: nextInitial, bias: bias.map { $0 + outputs.lowerBound },
      out: nil, out_row_stride: geometry.width * lanes,
      out_plane_stride: geometry.area * lanes, scales: nil, shifts: nil, moments: nil)
  }

  /// Convolves the input channels `channels` of a stage that `usesWinograd`. `input` has the planes
  /// of all channels of the source, from channel 0 on. The kernel applies `affine` (if not nil) and
  /// `activation` to them first.
  @inline(__always)
  func winograd(
    _ geometry: KernelGeometry, input: Floats, affine: AffineView?, activation: KernelActivation,
    channels: Range<Int>, outputs: Range<Int>, transformed: Floats, initial: Floats?,
    bias: Floats?, into out: MutableFloats, moments: MutableFloats?, work: MutableFloats
  ) {
    let planeStride = geometry.area * lanes
    var arguments = rso_winograd(
      planes: input + channels.lowerBound * planeStride, channels: channels.count,
      plane_stride: planeStride, scales: affine.map { $0.scales + channels.lowerBound },
      shifts: affine.map { $0.shifts + channels.lowerBound }, activation: activation.value,
      weights: transformed + channels.lowerBound * geometry.outputs + outputs.lowerBound,
      weight_place_stride: geometry.inputs * geometry.outputs,
      weight_channel_stride: geometry.outputs,
      outputs: outputs.count, height: geometry.height, width: geometry.width, initial: initial,
      bias: bias.map { $0 + outputs.lowerBound }, out: out, moments: moments, work: work)
    table.pointee.winograd(&arguments)
  }

  /// The number of groups of tiles in which Winograd's filtering computes a stage's output.
  static func winogradGroups(_ geometry: KernelGeometry) -> Int {
    let tiles = ((geometry.height + 3) / 4) * ((geometry.width + 3) / 4)
    return (tiles + Int(RSO_WINOGRAD_GROUP) - 1) / Int(RSO_WINOGRAD_GROUP)
  }

  /// Elements of a stage's transformed weights.
  static func transformedCount(_ geometry: KernelGeometry) -> Int {
    Int(RSO_WINOGRAD_PLACES) * geometry.inputs * geometry.outputs
  }

  /// Transforms the 3 x 3 kernel between one input and one output channel.
  static func transform(
    _ geometry: KernelGeometry, kernel: Floats, input: Int, output: Int, into out: MutableFloats
  ) {
    rso_winograd_weights(
      kernel, out + input * geometry.outputs + output, geometry.inputs * geometry.outputs)
  }

  /// Floats of working memory that `winograd` needs for a stage.
  func winogradWork(_ geometry: KernelGeometry) -> Int {
    rso_winograd_work(geometry.inputs, geometry.outputs, geometry.width) * lanes
  }

  /// Adds `amount` times a tap to the plane `z`: the view of a channel's `map` that the weight at
  /// `index` of the channel's kernel multiplies.
  func addTap(
    _ geometry: KernelGeometry, map: Floats, index: Int, amount: Float, to z: MutableFloats
  ) {
    var tap = tap(geometry, map: map, index: index)
    table.pointee.add_tap(z, &tap, amount)
  }

  func copyTap(_ geometry: KernelGeometry, map: Floats, index: Int, into out: MutableFloats) {
    var tap = tap(geometry, map: map, index: index)
    table.pointee.copy_tap(&tap, out)
  }

  private func tap(_ geometry: KernelGeometry, map: Floats, index: Int) -> rso_tap {
    let (row, column) = index.quotientAndRemainder(dividingBy: geometry.kernelWidth)
    return rso_tap(
      map: map
        + (row * geometry.dilation.height * geometry.mapWidth + column * geometry.dilation.width)
          * lanes,
      row_step: geometry.step.height * geometry.mapWidth * lanes,
      pixel_step: geometry.step.width * lanes,
      height: geometry.height, width: geometry.width)
  }
}

import RSONumerics

/// The numbers for a kernel case, and the answers of plain loops.
struct KernelOperands {
  /// A multiple of every lane count.
  static let samples = 16

  private let kernelCase: KernelCase
  private let stage: Stage
  private let side: (height: Int, width: Int)
  /// N x C x H x W.
  let values: [Float]
  /// (out, in, kh, kw)
  let weights: [Float]
  /// N x outputs x H x W.
  let baseSums: [Float]
  /// A batch norm for each output.
  let scales: [Float]
  let shifts: [Float]

  init(_ kernelCase: KernelCase) {
    self.kernelCase = kernelCase
    stage = kernelCase.stage
    let input = stage.inputShape
    side = kernelCase.kernel.map { ($0, $0) } ?? (input.height, input.width)
    var random = RandomKey(seed: 11, purpose: .minibatch).stream(2)
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.nextNormal()) } }
    values = draw(Self.samples * input.count)
    weights = draw(kernelCase.outputs * input.channels * side.height * side.width)
    baseSums = draw(Self.samples * stage.outputShape.count)
    scales = draw(kernelCase.outputs)
    shifts = draw(kernelCase.outputs)
  }

  /// The values of `KernelTrial.answers`. For pairs, numbers are rounded to bf16 first, but not box sums.
  func answers() -> [Double] {
    let hasBaseSum = kernelCase.channels.count < kernelCase.inputs
    let isEntering = kernelCase.method == .entering
    var answers: [Double] = []
    var moments: [Double] = []
    for sample in 0..<Self.samples {
      for output in 0..<kernelCase.outputs {
        var (sum, squares) = (0.0, 0.0)
        for row in 0..<kernelCase.height {
          for column in 0..<kernelCase.width {
            var value = pooled(sample, output, row, column)
            if hasBaseSum {
              let place = (output * kernelCase.height + row) * kernelCase.width + column
              value += Double(baseSums[sample * stage.outputShape.count + place])
            }
            answers.append(
              isEntering
                ? max(0, Double(scales[output]) * value + Double(shifts[output])) : value)
            sum += value
            squares += value * value
          }
        }
        if hasBaseSum && !isEntering { moments += [sum, squares] }
      }
    }
    return answers + moments
  }

  /// Rounds to the nearest bf16 number, of two to the even one.
  private func rounded(_ value: Float) -> Double {
    guard kernelCase.method == .pairs else { return Double(value) }
    let bits = value.bitPattern
    let up = bits &+ 0x7FFF &+ (bits >> 16 & 1)
    return Double(Float(bitPattern: up & 0xFFFF_0000))
  }

  private func pooled(_ sample: Int, _ output: Int, _ row: Int, _ column: Int) -> Double {
    guard kernelCase.isFolded else { return convolved(sample, output, row, column) }
    let sum = (0..<4).reduce(0.0) {
      $0 + convolved(sample, output, 2 * row + $1 / 2, 2 * column + $1 % 2)
    }
    return sum / 4
  }

  private func convolved(_ sample: Int, _ output: Int, _ row: Int, _ column: Int) -> Double {
    let input = stage.inputShape
    let padding = kernelCase.kernel.map { ($0 - 1) / 2 } ?? 0
    var sum = 0.0
    for channel in kernelCase.channels {
      for ky in 0..<side.height {
        for kx in 0..<side.width {
          let (y, x) = (row + ky - padding, column + kx - padding)
          guard (0..<input.height).contains(y), (0..<input.width).contains(x) else { continue }
          let weight = ((output * input.channels + channel) * side.height + ky) * side.width + kx
          let value = ((sample * input.channels + channel) * input.height + y) * input.width + x
          sum += rounded(weights[weight]) * rounded(values[value])
        }
      }
    }
    return sum
  }
}

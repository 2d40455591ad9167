import RSONumerics

/// The targets of one block, as the kernels read them.
enum BlockTargets {
  /// [lane]
  case classes(UnsafePointer<Int32>)
  /// Labels or numbers, [output][lane].
  case numbers(Floats)
}

/// The targets of minibatches, block by block.
struct TargetStorage: ~Copyable {
  private let classes: AlignedBuffer<Int32>
  private let numbers: AlignedBuffer<Float>
  private let lanes: Int
  private let outputs: Int

  /// The elements of 4 bytes that a sample's targets take.
  static func size(_ task: LearningTask, outputs: Int) -> Int {
    task == .classification ? 1 : outputs
  }

  /// - Parameter blocks: Blocks of all minibatches together.
  init(task: LearningTask, outputs: Int, blocks: Int, lanes: Int) {
    let count = blocks * lanes * Self.size(task, outputs: outputs)
    classes = AlignedBuffer(count: task == .classification ? count : 0)
    numbers = AlignedBuffer(count: task == .classification ? 0 : count)
    self.lanes = lanes
    self.outputs = outputs
  }

  /// The targets of a block.
  func block(_ index: Int) -> BlockTargets {
    numbers.count == 0
      ? .classes(classes.pointer + index * lanes)
      : .numbers(numbers.pointer + index * lanes * outputs)
  }

  /// Takes the targets of a block's samples from those of all samples.
  func store(_ targets: Targets, in block: Int, sample: (_ lane: Int) -> Int) {
    switch targets {
    case .classes(let all):
      let out = classes.pointer + block * lanes
      for lane in 0..<lanes { out[lane] = Int32(all[sample(lane)]) }
    case .labels(let all, _):
      storeNumbers(in: block, sample) { Float(all[$0]) }
    case .numbers(let all, _):
      storeNumbers(in: block, sample) { all[$0] }
    }
  }

  private func storeNumbers(
    in block: Int, _ sample: (_ lane: Int) -> Int, _ target: (_ element: Int) -> Float
  ) {
    let out = numbers.pointer + block * lanes * outputs
    for lane in 0..<lanes {
      let first = sample(lane) * outputs
      for output in 0..<outputs { out[output * lanes + lane] = target(first + output) }
    }
  }
}

import RSODevices
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
  private let classes: KernelStorage<Int32>
  private let numbers: KernelStorage<Float>
  private let lanes: Int
  private let outputs: Int

  /// The elements of 4 bytes that a sample's targets take.
  static func size(_ task: LearningTask, outputs: Int) -> Int {
    task == .classification ? 1 : outputs
  }

  /// - Parameter blocks: Blocks of all minibatches together.
  init(task: LearningTask, outputs: Int, blocks: Int, lanes: Int, on device: DeviceSession?) {
    let count = blocks * lanes * Self.size(task, outputs: outputs)
    let (classCount, numberCount) = task == .classification ? (count, 0) : (0, count)
    classes = KernelStorage(count: classCount, on: device, isShared: true)
    numbers = KernelStorage(count: numberCount, on: device, isShared: true)
    self.lanes = lanes
    self.outputs = outputs
  }

  /// The targets of a block.
  func block(_ index: Int) -> BlockTargets {
    numbers.count == 0
      ? .classes(classes.pointer + index * lanes)
      : .numbers(numbers.pointer + index * lanes * outputs)
  }

  /// Takes the targets of samples from those of all samples.
  ///
  /// - Parameter first: The place of the samples' first block.
  func store(_ targets: Targets, of order: SampleOrder, from first: Int) {
    switch targets {
    case .classes(let all):
      for block in 0..<order.blocks {
        let (indices, out) = (order.block(block), classes.pointer + (first + block) * lanes)
        for lane in 0..<lanes { out[lane] = Int32(all[Int(indices[lane])]) }
      }
      classes.changed((first * lanes)..<((first + order.blocks) * lanes))
    case .labels(let all, _): storeNumbers(of: order, from: first) { Float(all[$0]) }
    case .numbers(let all, _): storeNumbers(of: order, from: first) { all[$0] }
    }
  }

  private func storeNumbers(
    of order: SampleOrder, from first: Int, _ target: (_ element: Int) -> Float
  ) {
    let size = lanes * outputs
    for block in 0..<order.blocks {
      let (indices, out) = (order.block(block), numbers.pointer + (first + block) * size)
      for lane in 0..<lanes {
        let start = Int(indices[lane]) * outputs
        for output in 0..<outputs { out[output * lanes + lane] = target(start + output) }
      }
    }
    numbers.changed((first * size)..<((first + order.blocks) * size))
  }
}

import RSOSystem
import RSOTensorFiles

/// Tasks that several threads share.
enum Work {
  /// Returns the result of each task, in their order.
  static func results<Value: Sendable>(
    _ tasks: [Pieces.Task], threads: Int,
    _ body: @escaping @Sendable (Pieces.Task) throws(TensorFileError) -> Value
  ) -> [Result<Value, TensorFileError>] {
    ParallelWork.results(tasks.count, threads: threads) { index in
      Result { () throws(TensorFileError) in try body(tasks[index]) }
    }
  }
}

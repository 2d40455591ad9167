import RSONetworks

extension WorkerPool {
  /// Returns the results of `body` for every index below `count`, in order.
  func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each call writes its own element.
      run(count) { index, _ in buffer[index] = body(index) }
    }
    return results.compactMap { $0 }
  }
}

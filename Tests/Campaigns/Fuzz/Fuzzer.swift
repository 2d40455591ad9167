#if FUZZING
  import Foundation

  // Built with `-sanitize=fuzzer,address -D FUZZING`: libFuzzer has the main function, and calls this.

  private let target = FuzzTarget(
    rawValue: ProcessInfo.processInfo.environment["RSO_FUZZ_TARGET"] ?? "")

  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else { preconditionFailure("RSO_FUZZ_TARGET names no target") }
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
#endif

import HDF5Isolation
import Testing

@Suite struct ContentsProgramTests {
  /// Other arguments would set limits for the process of the tests.
  @Test(
    "arguments that no caller gives are refused before anything is limited or read",
    arguments: [
      [], ["-1"], ["x"], ["4294967297"], ["1", "all"], ["1", "converting", "2"], ["converting"],
    ])
  func refused(arguments: [String]) {
    #expect(ContentsProgram.run(arguments) == 64)
  }
}

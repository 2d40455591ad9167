import HDF5Isolation
import Testing

@Suite struct ContentsProgramTests {
  /// Other arguments would set limits for the process of the tests.
  @Test(
    "arguments that no caller gives are refused before anything is limited or read",
    arguments: [
      [], ["-1"], ["x"], ["4294967297"], ["1", "all"], ["1", "converting", "2"], ["converting"],
      ["1@2"], ["1@"], ["@1", "arrays"], ["1@2@3", "arrays"], ["1@-1", "arrays"], ["1", "array"],
      ["1", "array", "x", "y"],
    ])
  func refused(arguments: [String]) {
    #expect(ContentsProgram.run(arguments) == 64)
  }
}

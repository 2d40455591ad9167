import RSODatasets
import RSOExporters
import RSOTensorFiles
import TestSupport
import Testing

@Suite("A data set as named arrays")
struct DataFileTests {
  /// Names of classes, as texts: numbers that keep their text or lose it, in the order of texts and of numbers.
  static let names = [
    ["1", "2", "3"], ["01", "10", "9"], ["10", "9"], ["+1", "2"], ["-1", "-2", "0"], ["a", "b"],
    ["1", "b"],
    ["1.0", "2.0"], ["9223372036854775808", "9223372036854775809"],
  ]

  @Test(
    "classes whose names look like numbers are the same after writing and reading",
    arguments: names, ["npz", "h5"])
  func classes(names: [String], suffix: String) throws {
    let directory = try TemporaryDirectory()
    let samples = NamedTensor(
      name: "X", shape: [names.count * 2, 1], values: (0..<names.count * 2).map { Float($0) })
    try directory.write(
      NPZWriter.encode(
        TensorList(tensors: [samples]), texts: [("y", [names.count * 2], names + names)]),
      to: "texts.npz")
    let dataset = try ArraysReader().load(directory("texts.npz"), DataRequest())
    #expect(dataset.outputNames == names)
    let format = try #require(DataFile.Format(rawValue: suffix))
    try directory.write(DataFile.encode(dataset, as: format), to: "again.\(suffix)")
    let again = try ArraysReader().load(directory("again.\(suffix)"), DataRequest())
    #expect(again.outputNames == names)
    #expect(again.identity.differences(from: dataset.identity).isEmpty)
  }
}

import Foundation
import RSODatasets
import RSONumerics
import RSOTensorFiles
import TestSupport
import Testing

/// Layouts of public data sets, read from files made by the libraries that define the formats; see
/// `Fixtures/datasets`.
@Suite struct ArraysReaderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: String
    var request = DataRequest()
    var shape: String
    /// Training, validation and test samples; 0 for a part that is not there.
    var counts = [9, 0, 0]
    var kind = SampleStorage.Kind.bytes
    var outputs = 3
    var names: [String] = []
    /// The classes of the first training samples.
    var labels: [UInt16]? = [0, 1, 2, 0, 1, 2]
    /// An element of the stored array to the sample's number.
    var value: @Sendable (Int) -> Double = { Double($0) }
    /// The place in the stored sample of an element (channel, y, x), by the shape C, H, W.
    var place: @Sendable (Int, Int, Int, ImageShape) -> Int = { c, y, x, shape in
      (c * shape.height + y) * shape.width + x
    }
  }

  private static func request(_ change: (inout DataRequest) -> Void) -> DataRequest {
    var request = DataRequest()
    change(&request)
    return request
  }

  @Sendable private static func channelLast(c: Int, y: Int, x: Int, shape: ImageShape) -> Int {
    (y * shape.width + x) * shape.channels + c
  }

  static let rows: [Row] = [
    Row(
      testDescription: "Keras' npz", file: "keras.npz", shape: "1 x 4 x 5", counts: [9, 0, 6]),
    Row(
      testDescription: "MedMNIST in colour", file: "medmnist.npz", shape: "3 x 6 x 5",
      counts: [9, 3, 6], place: channelLast),
    Row(
      testDescription: "MedMNIST with 14 labels", file: "chestmnist.npz", shape: "1 x 4 x 5",
      counts: [9, 3, 6], outputs: 14, labels: nil),
    Row(
      testDescription: "KMNIST's four npz", file: "kmnist", shape: "1 x 4 x 5", counts: [9, 0, 6]),
    Row(
      testDescription: "KMNIST by one of its files", file: "kmnist/kmnist-train-imgs.npz",
      shape: "1 x 4 x 5", counts: [9, 0, 6]),
    Row(
      testDescription: "a directory of npy files", file: "npy", shape: "4 x 1 x 1",
      counts: [9, 0, 6], kind: .floats),
    Row(
      testDescription: "an npy file with those beside it", file: "npy/X_train.npy",
      shape: "4 x 1 x 1", counts: [9, 0, 6], kind: .floats),
    Row(
      testDescription: "features of 64 bits, classes of any integers", file: "features.npz",
      shape: "4 x 1 x 1", kind: .floats, names: ["-9", "3", "5"], labels: [1, 2, 0, 1, 2, 0],
      value: { Double($0) / 8 }),
    Row(
      testDescription: "scikit-learn's names, big-endian", file: "sklearn.npz", shape: "4 x 1 x 1",
      kind: .floats),
    Row(
      testDescription: "arrays by their order, 16 bits", file: "positional.npz", shape: "4 x 1 x 1",
      kind: .floats),
    Row(
      testDescription: "classes that are texts", file: "texts.npz", shape: "4 x 1 x 1",
      kind: .floats, names: ["deep blue", "green", "red"], labels: [2, 1, 0, 2, 1, 0]),
    Row(
      testDescription: "classes that are byte strings", file: "bytes.npz", shape: "4 x 1 x 1",
      kind: .floats, names: ["blue", "green", "red"], labels: [2, 1, 0, 2, 1, 0]),
    Row(
      testDescription: "truth values", file: "booleans.npz", shape: "1 x 4 x 5", kind: .floats,
      outputs: 2, labels: [1, 0, 1, 0], value: { $0 > 100 ? 1 : 0 }),
    Row(
      testDescription: "X_train, y_train, X_test, y_test", file: "saved.npz", shape: "4 x 1 x 1",
      counts: [9, 0, 6], kind: .floats),
    Row(
      testDescription: "names of classes and features", file: "named.npz", shape: "4 x 1 x 1",
      kind: .floats, names: ["setosa", "versicolor", "azure"]),
    Row(
      testDescription: "names of classes in HDF5", file: "named.h5", shape: "1 x 4 x 5",
      names: ["setosa", "versicolor", "azure"]),
    Row(
      testDescription: "Fortran order, one-hot labels, channels by request", file: "fortran.npz",
      request: request { $0.layout = .nchw }, shape: "2 x 4 x 5"),
    Row(
      testDescription: "channels last by request", file: "fortran.npz",
      request: request { $0.layout = .nhwc }, shape: "5 x 2 x 4", place: channelLast),
    Row(
      testDescription: "channels first", file: "channels-first.npz", shape: "3 x 4 x 5"),
    Row(
      testDescription: "height and width exchanged", file: "channels-first.npz",
      request: request { $0.transpose = true }, shape: "3 x 5 x 4",
      place: { c, y, x, shape in (c * shape.width + x) * shape.height + y }),
    Row(
      testDescription: "a number to predict", file: "regression.npz", shape: "4 x 1 x 1",
      outputs: 1,
      labels: nil),
    Row(
      testDescription: "two numbers to predict", file: "outputs.npz", shape: "4 x 1 x 1",
      outputs: 2,
      labels: nil),
    Row(
      testDescription: "classes as numbers to predict", file: "features.npz",
      request: request { $0.task = .regression }, shape: "4 x 1 x 1", kind: .floats, outputs: 1,
      labels: nil, value: { Double($0) / 8 }),
    Row(
      testDescription: "a column of the labels", file: "columns.npz",
      request: request { $0.label = "-1" }, shape: "4 x 1 x 1", names: ["5", "6", "7"]),
    Row(
      testDescription: "the only column of the labels", file: "sklearn.npz",
      request: request { $0.label = "1" }, shape: "4 x 1 x 1", kind: .floats),
    Row(
      testDescription: "arrays by request", file: "other-names.npz",
      request: request { ($0.inputs, $0.labels) = ("a", "b") }, shape: "4 x 1 x 1"),
    Row(
      testDescription: "one of several arrays by request", file: "several.npz",
      request: request { $0.inputs = "images" }, shape: "1 x 4 x 5"),
    Row(
      testDescription: "USPS' HDF5", file: "usps.h5", shape: "16 x 1 x 1", counts: [9, 0, 6],
      kind: .floats, value: { Double($0) / 256 }),
    Row(
      testDescription: "PatchCamelyon's six files", file: "pcam", shape: "3 x 6 x 5",
      counts: [9, 3, 6], outputs: 2, labels: [0, 1, 0, 1], place: channelLast),
    Row(
      testDescription: "EMNIST by one of its files, turned", file: letters,
      request: request { $0.transpose = true }, shape: "1 x 5 x 4", counts: [9, 0, 6],
      names: ["1", "2", "3"], place: { _, y, x, shape in x * shape.height + y }),
    Row(
      testDescription: "QMNIST, class in the first of eight columns", file: "qmnist",
      shape: "1 x 4 x 5", counts: [9, 0, 6]),
  ]

  private static let letters = "emnist/emnist-letters-train-images-idx3-ubyte.gz"

  private static func path(_ name: String) -> String { Fixtures.url("datasets/\(name)").path }

  @Test("a layout is read as it is", arguments: rows)
  func layout(_ row: Row) throws {
    let path = Self.path(row.file)
    #expect(ArraysReader().recognition(of: path) == .recognized)
    let data = try ArraysReader().load(path, row.request)
    #expect(data.name == URL(fileURLWithPath: path).lastPathComponent)
    #expect(data.training.shape.description == row.shape)
    #expect(
      [data.training.count, data.validation?.count ?? 0, data.test?.count ?? 0] == row.counts)
    #expect(data.training.samples.kind == row.kind)
    #expect(data.training.outputs == row.outputs)
    #expect(data.outputNames == row.names)
    if let labels = row.labels {
      #expect(data.task == .classification)
      #expect(Array(data.training.labels.prefix(labels.count)) == labels)
    }
    for (part, first) in [(data.training, 0), (data.validation, 1000), (data.test, 2000)] {
      if let part { try check(part, first: first, row) }
    }
  }

  private func check(_ set: SampleSet, first: Int, _ row: Row) throws {
    let shape = set.shape
    let found: [Double]
    switch set.samples {
    case .bytes(let bytes): found = bytes.map(Double.init)
    case .floats(let floats): found = floats.map(Double.init)
    }
    var expected: [Double] = []
    for sample in 0..<set.count {
      for c in 0..<shape.channels {
        for y in 0..<shape.height {
          for x in 0..<shape.width {
            let element = sample * shape.count + row.place(c, y, x, shape)
            expected.append(row.value((31 * element + 7 + first) % 251))
          }
        }
      }
    }
    #expect(found == expected)
  }

  @Test("each array is listed with its type, its shape, and what it was taken as")
  func listing() throws {
    let named = try ArraysReader().load(Self.path("named.npz"), DataRequest())
    #expect(named.channelNames == ["length", "width", "height", "weight"])
    #expect(
      named.arrays == [
        ListedArray(name: "data", type: "float32", shape: [9, 4], use: .inputs),
        ListedArray(name: "target", type: "int64", shape: [9], use: .labels),
        ListedArray(name: "DESCR", type: "text", shape: []),
        ListedArray(name: "target_names", type: "text", shape: [3], use: .outputNames),
        ListedArray(name: "feature_names", type: "text", shape: [4], use: .featureNames),
      ])
    let parts = try ArraysReader().load(Self.path("medmnist.npz"), DataRequest())
    #expect(
      parts.arrays.map(\.use) == [
        .inputs, .labels, .validationInputs, .validationLabels, .testInputs, .testLabels,
      ])
    var request = DataRequest()
    (request.inputs, request.testData) = ("images", Self.path("several.npz"))
    let several = try ArraysReader().load(Self.path("several.npz"), request)
    #expect(
      several.arrays.map(\.file) == [nil, nil, nil] + Array(repeating: "several.npz", count: 3))
    #expect(several.arrays.map(\.use) == [nil, .inputs, .labels, nil, .testInputs, .testLabels])
  }

  @Test(
    "names that do not fit are left out, and it is told",
    arguments: [
      (["a", "b"], "'class_names' is not used: it has 2 names, and 3 different ones are needed"),
      (
        ["a", "b", "a"],
        "'class_names' is not used: it has 3 names, and 3 different ones are needed"
      ),
      (
        ["a", "", "c"], "'class_names' is not used: it has 3 names, and 3 different ones are needed"
      ),
      (["a", "b", "c"], nil),
    ] as [([String], String?)])
  func names(names: [String], remark: String?) throws {
    let directory = try TemporaryDirectory()
    let labels = NamedTensor(name: "y", shape: [3], integers: [1, 2, 3])
    let samples = NamedTensor(name: "X", shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
    try directory.write(
      NPZWriter.encode(
        TensorList(tensors: [samples, labels]), texts: [("class_names", [names.count], names)]),
      to: "a.npz")
    let data = try ArraysReader().load(directory("a.npz"), DataRequest())
    #expect(data.remarks == (remark.map { [$0] } ?? []))
    #expect(data.outputNames == (remark == nil ? names : ["1", "2", "3"]))
  }

  @Test("a run whose data had no names keeps them so, and finds its data")
  func earlierRuns() throws {
    let path = Self.path("named.npz")
    let source = DatasetSource(dataDirectory: nil, program: nil, workingDirectory: "/")
    let dataset = try source.load(path)
    var identity = dataset.identity
    identity.outputNames = nil
    #expect(try source.load(matching: identity, from: path).identity == identity)
    #expect(try source.load(matching: identity, from: nil, recorded: [path]).identity == identity)
    identity.outputNames = ["other", "names", "here"]
    #expect(throws: DatasetError.self) { try source.load(matching: identity, from: path) }
  }

  @Test("targets of other tasks are the stored ones")
  func targets() throws {
    let chest = try ArraysReader().load(Self.path("chestmnist.npz"), DataRequest())
    let fifths = (0..<126).map { index -> UInt8 in index % 5 == 0 ? 1 : 0 }
    #expect(chest.training.targets == .labels(fifths, count: 14))
    #expect(chest.validation?.targets == .labels(Array(fifths.prefix(42)), count: 14))
    let one = try ArraysReader().load(Self.path("regression.npz"), DataRequest())
    #expect(one.training.targets == .numbers((0..<9).map { Float($0) / 4 - 1 }, count: 1))
    let two = try ArraysReader().load(Self.path("outputs.npz"), DataRequest())
    #expect(two.training.targets == .numbers((0..<18).map { Float($0) / 4 }, count: 2))
    var request = DataRequest()
    request.task = .multiLabel
    let hot = try ArraysReader().load(
      Self.path("fortran.npz"),
      {
        request.layout = .nchw
        return request
      }())
    let flags = (0..<27).map { index -> UInt8 in index % 3 == index / 3 % 3 ? 1 : 0 }
    #expect(hot.training.targets == .labels(flags, count: 3))
  }

  @Test(
    "every number type of HDF5 is read, in both byte orders",
    arguments: [
      "f2", "f4", "big-f4", "f8", "big-f8", "i1", "u1", "i2", "big-i2", "u2", "i4", "u4", "i8",
      "big-u8", "u8",
    ])
  func kinds(name: String) throws {
    var request = DataRequest()
    (request.inputs, request.labels) = (name, "y")
    let data = try ArraysReader().load(Self.path("kinds.h5"), request)
    let values = (0..<36).map { (31 * $0 + 7) % 251 / 2 }
    if name == "u1" {
      #expect(data.training.samples == .bytes(values.map(UInt8.init)))
    } else {
      #expect(data.training.samples == .floats(values.map(Float.init)))
    }
    #expect(data.outputNames == ["blue", "green", "red"])
    #expect(data.training.labels == [2, 1, 0, 2, 1, 0, 2, 1, 0])
  }

  @Test("a virtual dataset has the elements of its source, which is in the same directory")
  func virtual() throws {
    var request = DataRequest()
    (request.inputs, request.labels) = ("f4", "y")
    let source = try ArraysReader().load(Self.path("kinds.h5"), request)
    let data = try ArraysReader().load(Self.path("virtual.h5"), DataRequest())
    #expect(data.training.samples == source.training.samples)
  }

  @Test("h5py's truth values are classes; its lzf compression and its texts are read")
  func h5py() throws {
    var request = DataRequest()
    (request.inputs, request.labels) = ("u1", "flags")
    let flags = try ArraysReader().load(Self.path("kinds.h5"), request)
    #expect(flags.training.labels == [1, 0, 1, 1, 0, 1, 1, 0, 1])
    let packed = try ArraysReader().load(Self.path("lzf.h5"), DataRequest())
    var expected: [UInt8] = []
    for row in 0..<9 {
      for column in 0..<512 {
        let element = row * 64 + column % 64
        expected.append(UInt8((31 * element + 7) % 251))
      }
    }
    #expect(packed.training.samples == .bytes(expected))
    #expect(packed.outputNames == ["deep blue", "green", "red"])
  }

  @Test(
    "every element type of IDX is read", arguments: ["byte", "short", "int", "float", "double"])
  func idx(type: String) throws {
    let data = try ArraysReader().load(Self.path("idx-\(type)"), DataRequest())
    #expect(data.training.shape.description == "3 x 2 x 2")
    guard case .floats(let floats) = data.training.samples else {
      Issue.record("not floats")
      return
    }
    for (index, float) in floats.enumerated() {
      let (sample, c, pixel) = (index / 12, index % 12 / 4, index % 4)
      let element = sample * 12 + pixel * 3 + c
      #expect(float == Float((31 * element + 7) % 251 / 2))
    }
  }

  @Test("test data may be in another file, with the same classes")
  func testData() throws {
    var request = DataRequest()
    request.testData = Self.path("test-only.npz")
    let data = try ArraysReader().load(Self.path("features.npz"), request)
    #expect(data.test?.labels == [2, 1, 0, 2, 1, 0])
    let values = (0..<24).map { Float((31 * $0 + 2007) % 251) / 8 }
    #expect(data.test?.samples == .floats(values))
  }
}

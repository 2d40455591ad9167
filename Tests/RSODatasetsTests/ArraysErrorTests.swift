import Foundation
import HDF5
import RSODatasets
import RSOTensorFiles
import TestSupport
import Testing

/// Files of arrays that are not a data set: each is refused with what it holds and what to type.
@Suite struct ArraysErrorTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: String
    var request = DataRequest()
    /// The message, in which `P` stands for the path.
    var message: String
  }

  private static func request(_ change: (inout DataRequest) -> Void) -> DataRequest {
    var request = DataRequest()
    change(&request)
    return request
  }

  static let fixtures: [Row] = [
    Row(
      testDescription: "names that tell nothing", file: "other-names.npz",
      message: "cannot use 'P': no array is named like the samples; it has: a (uint8, 9 x 4), "
        + "b (int64, 9); name the right ones with --inputs and --labels"),
    Row(
      testDescription: "a name that is not there", file: "keras.npz",
      request: request { ($0.inputs, $0.labels) = ("x", "y_train") },
      message: "cannot use 'P': no array named 'x'; it has: x_train (uint8, 9 x 4 x 5), "
        + "y_train (uint8, 9), x_test (uint8, 6 x 4 x 5), y_test (uint8, 6); name one of them with "
        + "--inputs"),
    Row(
      testDescription: "two arrays for the samples", file: "several.npz",
      message: "cannot use 'P': 'data' and 'images' can both be the samples; it has: "
        + "data (uint8, 9 x 20), images (uint8, 9 x 4 x 5), target (int64, 9); choose with --inputs"
    ),
    Row(
      testDescription: "several data sets in a directory", file: "emnist",
      message:
        "cannot use 'P': it holds several data sets: 'emnist-digits', 'emnist-letters'; name "
        + "one of the files with --data"),
    Row(
      testDescription: "channels in an unknown place", file: "fortran.npz",
      message:
        "cannot use 'P': the samples in 'X' have the shape 2 x 4 x 5, without a dimension of 1, "
        + "3 or 4 for channels; say which is the channel with --layout nchw (first) or --layout nhwc "
        + "(last)"),
    Row(
      testDescription: "labels that are neither one-hot nor flags", file: "columns.npz",
      message: "cannot use 'P': the labels are N x 2 integers, neither one-hot nor only 0 and 1; "
        + "choose one of these columns with --label, or predict all with --task regression"),
    Row(
      testDescription: "a column that is not there", file: "columns.npz",
      request: request { $0.label = "3" },
      message: "cannot use 'P': there is no label column '3'; name one of 1 to 2 with --label"),
    Row(
      testDescription: "a column of labels that have one", file: "several.npz",
      request: request { ($0.inputs, $0.label) = ("data", "images") },
      message: "cannot use 'P': the labels in 'target' have one column, so there is no column "
        + "'images'; for the array of this name use --labels images"),
    Row(
      testDescription: "a second column of labels that have one", file: "features.npz",
      request: request { $0.label = "2" },
      message:
        "cannot use 'P': the labels in 'y' have one column, so there is no column '2'; leave "
        + "out --label, or name another array with --labels"),
    Row(
      testDescription: "labels of one class", file: "one-class.npz",
      message:
        "cannot use 'P': all training samples have the label '0'; at least 2 classes are needed"
    ),
    Row(
      testDescription: "fewer labels than samples", file: "unequal.npz",
      message: "cannot use 'P': 'X' has 9 samples, but there are 8 labels"),
    Row(
      testDescription: "a value that is not finite", file: "not-finite.npz",
      message:
        "cannot use 'P': row 0, column 1 of 'X', counted from 0, is nan, not a finite number; "
        + "leave out or replace such values first"),
    Row(
      testDescription: "pickled objects as labels", file: "objects.npz",
      message:
        "cannot read 'P': array 'y': it holds pickled objects, which are not read; give the array "
        + "a type, such as with y.astype(str) or y.astype(int), and save it again"
    ),
    Row(
      testDescription: "fractions as classes", file: "regression.npz",
      request: request { $0.task = .classification },
      message: "cannot use 'P': the labels are numbers with a fraction, not classes; use --task "
        + "regression"),
    Row(
      testDescription: "texts as numbers", file: "texts.npz",
      request: request { $0.task = .regression },
      message: "cannot use 'P': the labels are texts, not numbers; use --task classification"),
    Row(
      testDescription: "classes as flags", file: "features.npz",
      request: request { $0.task = .multiLabel },
      message: "cannot use 'P': the labels are not only 0 and 1, as --task multi-label needs"),
    Row(
      testDescription: "several labels as one class", file: "chestmnist.npz",
      request: request { $0.task = .classification },
      message: "cannot use 'P': the labels of training sample 0 are not one-hot; use --task "
        + "multi-label, or choose one of these columns with --label"),
    Row(
      testDescription: "a test label that training never showed", file: "features.npz",
      request: request { $0.testData = Fixtures.url("datasets/unknown-label.npz").path },
      message: "cannot use 'P': the label '4' of test sample 4 does not occur in the training set; "
        + "leave out such samples, or add some to the training set"),
    Row(
      testDescription: "test samples of another shape", file: "features.npz",
      request: request { $0.testData = Fixtures.url("datasets/usps.h5").path },
      message: "cannot use 'P': the training samples are 4, but the test samples 16"),
    Row(
      testDescription: "a validation set besides its own", file: "medmnist.npz",
      request: request { $0.validation = .share(0.1) },
      message:
        "cannot use 'P': it has a validation set of its own; --validation, now or when the run "
        + "began, is for data without one"),
    Row(
      testDescription: "a test set besides its own", file: "keras.npz",
      request: request { $0.test = .count(2) },
      message: "cannot use 'P': it has a test set of its own; --test, now or when the run began, "
        + "is for data without one"),
    Row(
      testDescription: "a validation set that is too large", file: "features.npz",
      request: request { $0.validation = .count(7) },
      message:
        "cannot use 'P': cannot set aside 7 samples as the validation set: at most 6 leave the "
        + "training set a sample of each class"),
    Row(
      testDescription: "texts as samples", file: "kinds.h5",
      request: request { ($0.inputs, $0.labels) = ("y", "u1") },
      message: "cannot use 'P': the samples in 'y' are texts, not numbers; name other arrays with "
        + "--inputs"),
    Row(
      testDescription: "a virtual dataset without all its sources", file: "../hdf5/virtual.h5",
      request: request { ($0.inputs, $0.labels) = ("gap", "own") },
      message: "cannot read 'P': array 'gap': it is virtual, and parts of it have no source"),
    Row(
      testDescription: "a dataset that was never written", file: "kinds.h5",
      request: request { ($0.inputs, $0.labels) = ("never", "y") },
      message: "cannot read 'P': array 'never': its elements were never written, or most of them"),
    Row(
      testDescription: "complex numbers", file: "kinds.h5",
      request: request { ($0.inputs, $0.labels) = ("complex", "y") },
      message: "cannot read 'P': array 'complex': it holds complex numbers"),
  ]

  @Test("a file that is no data set is refused with what to type", arguments: fixtures)
  func fixture(_ row: Row) throws {
    let path = Fixtures.url("datasets/\(row.file)").standardizedFileURL.path
    try refuse(path, row.request, row.message)
  }

  private func refuse(_ path: String, _ request: DataRequest, _ message: String) throws {
    let source = DatasetSource(dataDirectory: nil, program: nil, workingDirectory: "/")
    let error = #expect(throws: DatasetError.self) { try source.load(path, request: request) }
    #expect(error?.description.replacingOccurrences(of: "'\(path)'", with: "'P'") == message)
  }

  /// An npy file.
  private static func npy(_ type: String, _ shape: String, _ bytes: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + bytes
  }

  private static func littleEndian(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(value.bitPattern >> ($0 * 8) & 0xFF) } }
  }

  @Test(
    "a finite number that no 32-bit float holds, and samples without features, are told as such")
  func numbers() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Self.npy("|u1", "(2,)", [0, 1]), to: "y.npy")
    let samples = [
      (
        "(2, 1)", Self.littleEndian([1, 1e300]), "is 1e+300, more than a 32-bit float holds; scale"
      ),
      ("(2, 1)", Self.littleEndian([1, .infinity]), "is inf, not a finite number; leave out"),
      ("(2, 0)", [], "has the shape 2 x 0, so its samples have no features"),
    ]
    for (shape, bytes, message) in samples {
      try directory.write(Self.npy("<f8", shape, bytes), to: "X.npy")
      let error = #expect(throws: ArraysError.self) {
        try ArraysReader().load(directory("X.npy"), DataRequest())
      }
      #expect("\(try #require(error))".contains(message))
    }
  }

  @Test("of a file without labels, the file and its own array are named")
  func withoutLabels() throws {
    let directory = try TemporaryDirectory()
    let samples = NamedTensor(name: "X", shape: [2, 1], values: [1, 2])
    try directory.write(NPZWriter.encode(TensorList(tensors: [samples])), to: "alone.npz")
    #expect(
      throws: ArraysError.unknownRole(
        path: directory("alone.npz"), option: "labels", candidates: [],
        arrays: ["X (float32, 2 x 1)"])
    ) { try ArraysReader().load(directory("alone.npz"), DataRequest()) }
  }

  @Test("texts are too many classes, and a text is no integer, in words that help")
  func texts() throws {
    let mapped = { (training: RawTargets, test: RawTargets) throws(AssemblyError) -> Dataset in
      func part(_ targets: RawTargets) -> RawPart {
        RawPart(
          samples: RawSamples(
            storage: .bytes([UInt8](repeating: 0, count: targets.count)), shape: [targets.count],
            name: "X"), targets: targets)
      }
      return try DatasetAssembly.dataset(
        RawDataset(training: part(training), test: part(test)), named: "d", DataRequest())
    }
    for (training, test, message) in [
      (
        RawTargets.texts((0...1000).map { "\($0)" }), .texts(["0"]),
        "the training set has 1001 different labels, more than 1000 classes; choose other labels, or save "
          + "numbers to predict as numbers instead of texts"
      ),
      (
        .integers(Array(0...1000), columns: 1), .integers([0], columns: 1),
        "the training set has 1001 different labels, more than 1000 classes; for numbers to predict use "
          + "--task regression"
      ),
      (
        .integers([0, 1], columns: 1), .texts(["0", "x"]),
        "the label '0' of test sample 0 is a text, but those of the training set are integers; save both as "
          + "the same type"
      ),
    ] as [(RawTargets, RawTargets, String)] {
      let error = #expect(throws: AssemblyError.self) { try mapped(training, test) }
      #expect(error?.description == message)
    }
  }

  @Test("a run's label column is left out of labels that have one")
  func recordedLabel() throws {
    let path = Fixtures.url("datasets/features.npz").path
    let source = DatasetSource(dataDirectory: nil, program: nil, workingDirectory: "/")
    let identity = try source.load(path).identity
    let recorded = Self.request { $0.label = "kind" }
    let again = try source.load(matching: identity, from: path, request: recorded)
    #expect(again.identity == identity && again.request == recorded)
    func other(_ label: String?) throws -> Dataset {
      try source.load(
        path, forRunOn: identity, readAs: recorded, classNames: identity.outputNames,
        request: Self.request { $0.label = label })
    }
    #expect(try other(nil).identity == identity)
    #expect(try other("-1").identity == identity)
    #expect(throws: DatasetError.self) { try other("size") }
  }

  @Test("a file with test arrays alone is told as such, and measures a network")
  func testAlone() throws {
    let directory = try TemporaryDirectory()
    let samples = NamedTensor(name: "X_test", shape: [2, 1], values: [1, 2])
    let labels = NamedTensor(name: "y_test", shape: [2], integers: [0, 1])
    try directory.write(
      NPZWriter.encode(TensorList(tensors: [samples, labels])), to: "test.npz")
    #expect(
      throws: ArraysError.noTraining(
        path: directory("test.npz"),
        arrays: ["X_test (float32, 2 x 1)", "y_test (int64, 2)"])
    ) { try ArraysReader().load(directory("test.npz"), DataRequest()) }
    var request = DataRequest()
    request.isToMeasure = true
    let measured = try ArraysReader().load(directory("test.npz"), request)
    #expect(measured.training.count == 2 && measured.test == nil)
  }

  /// A file by its bytes, and what is said about it.
  struct Malformed: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// The message, in which `P` stands for the path.
    var message: String
  }

  private static let idx = IDX.header(0x0802, 2, 3) + [1, 2, 3, 4, 5, 6]
  private static let short =
    "its IDX header announces 2 x 3 elements of 1 bytes, which it does not have"

  /// A zip archive with an empty file of this name.
  private static func archive(of name: String) -> [UInt8] {
    let sizes = [UInt8](repeating: 0, count: 12) + [UInt8(name.utf8.count), 0, 0, 0]
    let local = Array("PK".utf8) + [3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + Array(name.utf8)
    let central =
      Array("PK".utf8) + [1, 2, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes
      + [UInt8](repeating: 0, count: 14) + Array(name.utf8)
    let end = [UInt8(central.count), 0, 0, 0, UInt8(local.count), 0, 0, 0, 0, 0]
    return local + central + Array("PK".utf8) + [5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + end
  }

  static let malformed: [Malformed] = [
    Malformed(
      testDescription: "an IDX file without its last byte", bytes: idx.dropLast(),
      message: "cannot read 'P': \(short)"),
    Malformed(
      testDescription: "an IDX file with a byte too many", bytes: idx + [0],
      message: "cannot read 'P': \(short)"),
    Malformed(
      testDescription: "a gzip IDX file without its last byte", bytes: Gzip.stored(idx.dropLast()),
      message: "cannot read 'P': \(short)"),
    Malformed(
      testDescription: "a gzip IDX file with a byte too many", bytes: Gzip.stored(idx + [0]),
      message: "cannot read 'P': \(short)"),
    Malformed(
      testDescription: "a gzip IDX file with a changed byte",
      bytes: Gzip.stored(idx).replacing(at: 28, with: 99),
      message: "cannot read 'P': gzip data is corrupt: incorrect data check"),
    Malformed(
      testDescription: "an IDX header that ends early", bytes: Array(idx.prefix(9)),
      message: "cannot read 'P': its IDX header ends early"),
    Malformed(
      testDescription: "an IDX header beyond 64 bits",
      bytes: IDX.header(0x0E04, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF),
      message: "cannot read 'P': its IDX header announces 4294967295 x 4294967295 x 4294967295 x "
        + "4294967295 elements of 8 bytes, which it does not have"),
    Malformed(
      testDescription: "an npy file that is cut",
      bytes: Array(
        "\u{93}NUMPY".unicodeScalars.map {
          UInt8($0.value)
        }) + [1, 0, 200, 0],
      message: "cannot read 'P': not a good npy file: its header ends early, or is too long"),
    Malformed(
      testDescription: "a zip archive that is cut", bytes: Array("PK".utf8) + [3, 4, 0, 0],
      message: "cannot read 'P': not a good npz file: it has no directory; its end may be missing"),
    Malformed(
      testDescription: "an Excel workbook", bytes: archive(of: "[Content_Types].xml"),
      message: "cannot read 'P': it is an Excel workbook; save the sheet as CSV"),
    Malformed(
      testDescription: "a zip archive of a table", bytes: archive(of: "iris.csv"),
      message:
        "cannot read 'P': it is a zip archive without arrays, but with 'iris.csv'; unpack it "
        + "with unzip"),
    Malformed(
      testDescription: "an HDF5 file that is cut",
      bytes: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0],
      message:
        "cannot read 'P': HDF5 file: cannot open a file in memory"),
    Malformed(
      testDescription: "an HDF5 file in gzip",
      bytes: Gzip.stored([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]),
      message: "cannot read 'P': it is compressed with gzip; unpack it first with gunzip"),
    Malformed(
      testDescription: "a zip archive in gzip",
      bytes: Gzip.stored(Array("PK".utf8) + [3, 4, 0, 0]),
      message: "cannot read 'P': it is compressed with gzip; unpack it first with gunzip"),
    Malformed(
      testDescription: "a pickle", bytes: [0x80, 4, 0x95, 0],
      message:
        "cannot read 'P': it is a Python pickle, which is not read because reading it runs code; "
        + "if it holds a pair of arrays and you trust it, convert it with: python3 -c \"import pickle, "
        + "numpy; X, y = pickle.load(open('P', 'rb')); numpy.savez('data.npz', X=X, y=y)\""),
    Malformed(
      testDescription: "a text", bytes: Array("nothing of numbers".utf8),
      message: "cannot read 'P': not a file of arrays: npz, npy, HDF5 or IDX"),
    Malformed(
      testDescription: "nothing", bytes: [],
      message: "cannot read 'P': not a file of arrays: npz, npy, HDF5 or IDX"),
  ]

  @Test("malformed bytes are refused with their reason", arguments: malformed)
  func bytes(_ row: Malformed) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(row.bytes, to: "file").path
    let error = #expect(throws: ArraysError.self) {
      try ArraysReader().samples(at: path, DataRequest())
    }
    let message = error?.description.replacingOccurrences(of: path, with: "P")
    // libhdf5's own words follow.
    #expect(message?.hasPrefix(row.message) == true, "\(message ?? "")")
    #expect(message == row.message || row.bytes.starts(with: [0x89]))
  }

  static let foreign: [(String, [UInt8], String)] = [
    (
      "a web page", Array("<!DOCTYPE html>".utf8),
      "a web page, as a server sends instead of a file; download it again"
    ),
    (
      "a web page, packed", Gzip.stored(Array("<html>".utf8)),
      "a web page, as a server sends instead of a file; download it again"
    ),
    (
      "a pointer of git-lfs", Array("version https://git-lfs.github.com/spec/v1".utf8),
      "a pointer of git-lfs; get the file with 'git lfs pull'"
    ),
    (
      "gzip in gzip", Gzip.stored(Gzip.stored(idx)),
      "compressed twice; unpack it once with gunzip"
    ),
    ("a text", Array("length,width".utf8), "not such a file"),
  ]

  @Test("files that are often found instead of data are called by their name", arguments: foreign)
  func recognition(name: String, bytes: [UInt8], reason: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(bytes, to: "file").path
    #expect(ArraysReader().recognition(of: path) == .unknown(reason: reason))
  }

  @Test("an array without labels tells what is there")
  func alone() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.idx, to: "file").path
    let (shape, samples) = try ArraysReader().samples(at: path, DataRequest())
    #expect(shape.description == "3 x 1 x 1")
    #expect(samples == .bytes([1, 2, 3, 4, 5, 6]))
    try refuse(
      path, DataRequest(),
      "cannot use 'P': no array is named like the samples; it has: "
        + "file (uint8, 2 x 3); name the right ones with --inputs and --labels")
  }

  @Test("an array that is larger than the limit is refused before memory is taken")
  func limit() throws {
    let path = Fixtures.url("datasets/keras.npz").path
    let error = #expect(throws: ArraysError.self) {
      try ArraysReader(limit: 719).load(path, DataRequest())
    }
    #expect(
      error
        == .tooLarge(path: path, array: "x_train", bytes: 720, limit: 719))
    #expect(try ArraysReader(limit: 720).load(path, DataRequest()).training.count == 9)
  }

  @Test("descriptions of arrays are the same after encoding; others are refused")
  func descriptions() throws {
    var plain = HDF5Array(path: "d", shape: [2], type: "float32", element: .float32)
    plain.offset = 2048
    var virtual = HDF5Array(path: "e", shape: [2], type: "bool", element: .bool)
    (virtual.isVirtual, virtual.isConverted, virtual.sources) = (true, true, ["a.h5", "b.h5"])
    let arrays = [
      HDF5Array(path: "a/b", shape: [3, 4], type: "float16", element: .float32),
      HDF5Array(path: "c", shape: nil, type: "other", element: .uint8, problem: "not read"),
      plain, virtual,
    ]
    let bytes = HDF5Array.encode(.success(arrays))
    #expect(try HDF5Array.decode(bytes)?.get() == arrays)
    for count in bytes.indices { #expect(HDF5Array.decode(Array(bytes[..<count])) == nil) }
    #expect(HDF5Array.decode(bytes + [0]) == nil)
  }
}

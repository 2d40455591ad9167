import Foundation
import RSODatasets
import RSONumerics
import TestSupport
import Testing

@Suite("Folders of pictures")
struct FolderReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func put(_ picture: String, as name: String) throws {
    try directory.write(Array(try Fixtures.data("pictures/\(picture)")), to: name)
  }

  private func load(_ request: (inout DataRequest) -> Void = { _ in }) throws -> Dataset {
    var asked = DataRequest()
    request(&asked)
    return try FolderReader().load(directory("pets"), asked)
  }

  /// The planes that Pillow reads from a picture of `kinds`, by its number.
  private func planes(_ number: Int) throws -> [UInt8] {
    let all = Array(try Fixtures.data("pictures/pixels.bin"))
    return Array(all[((number - 1) * 1440)..<(number * 1440)])
  }

  private static let color = "kinds/01-color.png"
  private static let half = "kinds/10-half.jpg"
  private static let grey = "kinds/03-grey.png"

  @Test("directories are classes, in the order of their names, and so are the pictures in them")
  func classes() throws {
    try put(Self.half, as: "pets/dogs/b.jpg")
    try put(Self.color, as: "pets/dogs/a.PNG")
    try put(Self.color, as: "pets/cats/z.png")
    try directory.write([1], to: "pets/cats/notes.txt")
    try directory.write([1], to: "pets/.hidden/x.png")
    try directory.write([1], to: "pets/README")
    #expect(FolderReader().recognition(of: directory("pets")) == .recognized)
    let dataset = try load()
    #expect(dataset.name == "pets" && dataset.outputNames == ["cats", "dogs"])
    #expect(dataset.training.shape == ImageShape(channels: 3, height: 24, width: 20))
    #expect(dataset.training.targets == .classes([0, 1, 1]))
    #expect(
      dataset.training.samples == .bytes(try planes(1) + planes(1) + planes(10)))
    #expect(dataset.remarks == [])
  }

  @Test("numbers as names of classes are in the order of the numbers")
  func numbers() throws {
    for name in ["10", "9", "1"] { try put(Self.color, as: "pets/\(name)/a.png") }
    #expect(try load().outputNames == ["1", "9", "10"])
  }

  @Test(
    "train, test and one of the names of a validation set are the sets",
    arguments: ["val", "valid", "validation"])
  func sets(validation: String) throws {
    for set in ["train", "test", validation] {
      for name in ["a", "b"] { try put(Self.color, as: "pets/\(set)/\(name)/1.png") }
    }
    try put(Self.half, as: "pets/test/b/2.jpg")
    let dataset = try load()
    #expect(dataset.training.targets == .classes([0, 1]))
    #expect(dataset.validation?.targets == .classes([0, 1]))
    #expect(dataset.test?.targets == .classes([0, 1, 1]))
    #expect(dataset.test?.samples == .bytes(try planes(1) + planes(1) + planes(10)))
  }

  @Test("grey pictures stay grey alone, and become coloured among coloured ones")
  func grey() throws {
    try put(Self.grey, as: "pets/a/1.png")
    try put("kinds/12-grey.JPG", as: "pets/b/1.jpg")
    #expect(try load().training.shape.channels == 1)
    try put(Self.color, as: "pets/b/2.png")
    let dataset = try load()
    #expect(dataset.training.samples == .bytes(try planes(3) + planes(12) + planes(1)))
    #expect(
      dataset.remarks == [
        "grey became red, green and blue of the same value in 2 pictures, the first of them "
          + "'\(directory("pets/a/1.png"))'"
      ])
  }

  @Test("what is left out of pictures is told")
  func remarks() throws {
    try put("kinds/02-color-alpha.png", as: "pets/a/1.png")
    try put("kinds/08-sixteen-bits.png", as: "pets/b/1.png")
    let remarks = try load().remarks
    #expect(
      remarks.contains(
        "transparency was dropped in 1 picture, the first of them '\(directory("pets/a/1.png"))'"))
    #expect(
      remarks.contains(
        "16 bits per channel were reduced to the upper 8 in 1 picture, the first of them "
          + "'\(directory("pets/b/1.png"))'"))
  }

  @Test("pictures that are not read are named")
  func leftOut() throws {
    for name in ["a/1.png", "b/1.png", "b/more/2.png", "stray.png"] {
      try put(Self.color, as: "pets/\(name)")
    }
    try directory.write([1], to: "pets/a/2.webp")
    try directory.write([1], to: "pets/b/3.gif")
    let dataset = try load()
    #expect(dataset.training.count == 2)
    #expect(
      dataset.remarks == [
        "left out: pictures that are neither PNG nor JPEG, 2 in all, the first '\(directory("pets/a/2.webp"))'",
        "left out: directories in those of the classes, 1 in all, the first '\(directory("pets/b/more"))'",
        "left out: pictures beside the directories of the classes, 1 in all, the first "
          + "'\(directory("pets/stray.png"))'",
      ])
  }

  @Test("names of sets may be in upper case; a directory of another name is to be named")
  func upperCase() throws {
    for set in ["Training", "TEST"] {
      for name in ["a", "b"] { try put(Self.color, as: "pets/\(set)/\(name)/1.png") }
    }
    #expect(FolderReader().recognition(of: directory("pets")) == .recognized)
    #expect(try load().test?.count == 2)
    try FileManager.default.removeItem(atPath: directory("pets/Training"))
    try FileManager.default.moveItem(
      atPath: directory("pets/TEST"), toPath: directory("pets/seg_train"))
    #expect(
      FolderReader().recognition(of: directory("pets"))
        == .unknown(
          reason:
            "its directory 'seg_train' has directories with pictures: name that, and test pictures with "
            + "--test-data"))
  }

  @Test("a directory of pictures is a class, whatever its name")
  func train() throws {
    for name in ["Bus", "Train"] { try put(Self.color, as: "pets/\(name)/1.png") }
    #expect(FolderReader().recognition(of: directory("pets")) == .recognized)
    #expect(try load().outputNames == ["Bus", "Train"])
  }

  @Test("test pictures may be in another folder")
  func testData() throws {
    for name in ["a", "b"] {
      try put(Self.color, as: "pets/\(name)/1.png")
      try put(Self.half, as: "new/\(name)/1.jpg")
    }
    let dataset = try load { $0.testData = directory("new") }
    #expect(dataset.training.count == 2)
    #expect(dataset.test?.samples == .bytes(try planes(10) + planes(10)))
  }

  @Test("many pictures are in order, whatever process decodes them")
  func many() throws {
    for index in 0..<1200 {
      let name = index % 2 == 0 ? Self.color : Self.half
      try put(name, as: "pets/\(index % 3)/\(index).png")
    }
    let dataset = try load()
    guard case .bytes(let pixels) = dataset.training.samples else { return }
    let (even, odd) = (try planes(1), try planes(10))
    let files = (0..<3).flatMap { label in
      stride(from: label, to: 1200, by: 3).map { "\($0)" }.sorted()
    }
    // In a directory, names are sorted as text, with their suffix: "12.png" is before "120.png".
    for (place, file) in files.enumerated() {
      let picture = pixels[(place * 1440)..<((place + 1) * 1440)]
      #expect(picture.elementsEqual((Int(file) ?? 0) % 2 == 0 ? even : odd), "\(file)")
    }
  }

  @Test("samples without labels are the pictures of a directory, or of those in it")
  func samples() throws {
    try put(Self.half, as: "new/b.jpg")
    try put(Self.color, as: "new/a.png")
    let (shape, samples) = try FolderReader().samples(at: directory("new"), DataRequest())
    #expect(shape == ImageShape(channels: 3, height: 24, width: 20))
    #expect(samples == .bytes(try planes(1) + planes(10)))
    #expect(
      try FolderReader().samples(at: directory("."), DataRequest()).samples == samples)
  }

  @Test("pictures without classes are recognised, but have no labels to train on")
  func flat() throws {
    try put(Self.color, as: "new/a.png")
    for name in ["new", "new/a.png"] {
      #expect(FolderReader().recognition(of: directory(name)) == .recognized)
      #expect(
        try FolderReader().samples(at: directory(name), DataRequest()).samples
          == .bytes(try planes(1)))
      #expect(throws: FolderError.noClasses(path: directory(name))) {
        try FolderReader().load(directory(name), DataRequest())
      }
    }
    try directory.write("1,0\n2,1\n".utf8, to: "new/train.csv")
    #expect(FolderReader().recognition(of: directory("new")) != .recognized)
  }

  @Test("a test set with other classes than training has samples")
  func testSamples() throws {
    for name in ["train/a", "train/b"] { try put(Self.color, as: "pets/\(name)/1.png") }
    try put(Self.half, as: "pets/test/c/1.jpg")
    #expect(
      try FolderReader().samples(at: directory("pets"), DataRequest()).samples
        == .bytes(try planes(10)))
  }

  @Test("a grey picture alone has the colours of the run's data")
  func greyAlone() throws {
    try put(Self.grey, as: "new/a.png")
    var request = DataRequest()
    request.features = 3 * 24 * 20
    #expect(try FolderReader().samples(at: directory("new"), request).shape.channels == 3)
    request.features = 24 * 20
    #expect(try FolderReader().samples(at: directory("new"), request).shape.channels == 1)
  }

  // MARK: Errors

  @Test("pictures of two sizes are refused with the first two, and what to type")
  func sizes() throws {
    try put(Self.color, as: "pets/a/1.png")
    try put("narrow.png", as: "pets/b/1.png")
    try expectError(
      "cannot use '\(directory("pets/a/1.png"))' with '\(directory("pets/b/1.png"))': the first has "
        + "20 x 24 pixels, the second 19 x 24; make all of one size, such as with: mogrify -resize "
        + "'20x24!' FILES")
  }

  @Test("a bad picture is named")
  func badPicture() throws {
    try put(Self.color, as: "pets/a/1.png")
    try directory.write("<html>".utf8, to: "pets/b/1.png")
    try put(Self.color, as: "pets/b/2.png")
    try expectError(
      "cannot read '\(directory("pets/b/1.png"))': it is neither a PNG nor a JPEG file; replace or "
        + "remove the picture")
  }

  @Test("a directory without pictures, and one with pictures of other kinds")
  func noPictures() throws {
    try put(Self.color, as: "pets/a/1.png")
    try directory.write([1], to: "pets/b/readme.txt")
    try expectError(
      "cannot use '\(directory("pets/b"))': no PNG or JPEG pictures in it; remove the directory if "
        + "it is not a class")
    try directory.write([1], to: "pets/b/1.webp")
    try expectError(
      "cannot use '\(directory("pets/b/1.webp"))': only PNG and JPEG pictures are read; convert it "
        + "and those like it, such as with 'mogrify -format png FILES'")
  }

  @Test("one class, a class that training never shows, and options for arrays")
  func classesOfSets() throws {
    try put(Self.color, as: "pets/train/a/1.png")
    try expectError(
      "cannot use '\(directory("pets"))': all training samples have the label 'a'; at least 2 classes "
        + "are needed")
    try put(Self.color, as: "pets/train/b/1.png")
    try put(Self.color, as: "pets/test/c/1.png")
    try expectError(
      "cannot use '\(directory("pets"))': the label 'c' of test sample 0 does not occur in the "
        + "training set; leave out such samples, or add some to the training set")
    #expect(
      throws: FolderError.notForFolders(path: directory("pets"), option: "--label")
    ) { try load { $0.label = "1" } }
  }

  @Test("a picture that vanishes or is no file is told as such")
  func noFile() throws {
    try put(Self.color, as: "pets/a/1.png")
    try put(Self.color, as: "pets/b/1.png")
    try directory.makeDirectory("pets/b/2.png")
    do throws(FolderError) {
      _ = try FolderReader().load(directory("pets"), DataRequest())
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "cannot open '\(directory("pets/b/2.png"))': not a regular file")
      #expect(error.cause == .notFound)
    }
  }

  private func expectError(_ message: String, at location: SourceLocation = #_sourceLocation) throws
  {
    do throws(FolderError) {
      _ = try FolderReader().load(directory("pets"), DataRequest())
      Issue.record("accepted", sourceLocation: location)
    } catch {
      #expect("\(error)" == message, sourceLocation: location)
    }
  }
}

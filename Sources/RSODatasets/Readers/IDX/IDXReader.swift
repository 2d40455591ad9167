import RSONumerics
import RSOSystem

/// Reads a directory with four IDX files, each plain or gzip, as MNIST is published.
///
/// Files of other element types are read as any arrays.
///
/// The number of classes is the largest label + 1. It is open: a network may have more classes,
/// because a part of a data set may lack some labels.
package struct IDXReader: DatasetReader {
  /// SHA-256 of MNIST's 60,000 training images and their labels, without headers.
  package static let mnistTrainingSHA256 =
    "edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b"

  /// Test labels below this are always accepted: a small training set may lack a digit.
  private static let digits = 10

  package init() {}

  package var kind: String { "IDX files as MNIST's" }

  package var published: [PublishedDataset] {
    [
      PublishedDataset(
        name: "mnist", shape: ImageShape(channels: 1, height: 28, width: 28),
        advice: DatasetSource.standardAdvice
          + "; 'make install-mnist' installs it beside an installed program")
    ]
  }

  package func recognition(of path: String) -> Recognition {
    guard FileSystem.isDirectory(path) else { return .unknown(reason: "not a directory") }
    let names = Self.names("train", .images)
    guard names.contains(where: { FileSystem.exists(Path.joined(path, $0)) }) else {
      return .unknown(reason: "no '\(names[0])' or '\(names[0]).gz' in it")
    }
    return .recognized
  }

  package func load(_ path: String, _ request: DataRequest) throws(IDXError) -> Dataset {
    do throws(IDXError) {
      if !request.hasChoices { return try published(path) }
    } catch {
      guard error.isOtherElementType else { throw error }
    }
    do throws(ArraysError) { return try ArraysReader().load(path, request) } catch {
      throw .arrays(error)
    }
  }

  /// The images of the test set, or of the training set if there is no test set. Their labels may be missing.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(IDXError) -> (shape: ImageShape, samples: SampleStorage) {
    do throws(IDXError) {
      if !request.hasChoices { return try Self.images(of: path) }
    } catch {
      guard error.isOtherElementType else { throw error }
    }
    do throws(ArraysError) { return try ArraysReader().samples(at: path, request) } catch {
      throw .arrays(error)
    }
  }

  private static func images(
    of path: String
  ) throws(IDXError) -> (shape: ImageShape, samples: SampleStorage) {
    let hasTest = names("t10k", .images).contains {
      FileSystem.exists(Path.joined(path, $0))
    }
    let images = try IDXFile(
      .images, at: try Self.path(hasTest ? "t10k" : "train", .images, in: path))
    let shape = ImageShape(
      channels: 1, height: images.dimensions[1], width: images.dimensions[2])
    return (shape, .bytes(images.bytes))
  }

  /// The data set of the four files.
  private func published(_ path: String) throws(IDXError) -> Dataset {
    let (images, labels) = try Self.files("train", in: path)
    let (testImages, testLabels) = try Self.files("t10k", in: path)
    let largest = { (file: IDXFile) in Int(file.bytes.max() ?? 0) }
    let known = max(Self.digits, largest(labels.file) + 1)
    let classes = max(largest(labels.file), largest(testLabels.file)) + 1
    if let index = testLabels.file.bytes.firstIndex(where: { $0 >= known }) {
      throw .labelOutOfRange(
        path: testLabels.path, index: index, label: Int(testLabels.file.bytes[index]),
        classes: known)
    }
    let training = Self.samples(images.file, labels.file, classes: classes)
    let test = Self.samples(testImages.file, testLabels.file, classes: classes)
    guard test.shape == training.shape else {
      throw .shapeMismatch(
        training: images.path, trainingShape: "\(training.shape)",
        test: testImages.path, testShape: "\(test.shape)")
    }
    let isMNIST = training.sha256 == Self.mnistTrainingSHA256
    return Dataset(
      name: isMNIST ? "mnist" : Path.name(of: Path.absolute(path)), training: training, test: test,
      hasOpenClasses: true)
  }

  private typealias Located = (path: String, file: IDXFile)

  /// Reads the images and labels of the training or test set. Their numbers must be equal.
  private static func files(
    _ half: String, in directory: String
  ) throws(IDXError) -> (images: Located, labels: Located) {
    let imagePath = try path(half, .images, in: directory)
    let labelPath = try path(half, .labels, in: directory)
    let images = try IDXFile(.images, at: imagePath)
    let labels = try IDXFile(.labels, at: labelPath)
    guard images.dimensions[0] == labels.bytes.count else {
      throw .countMismatch(
        images: imagePath, imageCount: images.dimensions[0], labels: labelPath,
        labelCount: labels.bytes.count)
    }
    return ((imagePath, images), (labelPath, labels))
  }

  private static func samples(
    _ images: IDXFile, _ labels: IDXFile, classes: Int
  ) -> SampleSet {
    SampleSet(
      shape: ImageShape(
        channels: 1, height: images.dimensions[1], width: images.dimensions[2]),
      classes: classes, pixels: images.bytes, labels: labels.bytes)
  }

  /// The accepted names of a file. The first one is the published name.
  private static func names(_ half: String, _ kind: IDXFile.Kind) -> [String] {
    let plain = ["-", "."].map { "\(half)-\(kind)\($0)idx\(kind.rank)-ubyte" }
    return plain.flatMap { [$0, $0 + ".gz"] }
  }

  private static func path(
    _ half: String, _ kind: IDXFile.Kind, in directory: String
  ) throws(IDXError) -> String {
    let names = names(half, kind)
    for name in names {
      let path = Path.joined(directory, name)
      if FileSystem.exists(path) { return path }
    }
    throw .fileMissing(directory: directory, name: names[0])
  }
}

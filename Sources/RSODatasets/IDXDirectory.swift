import Foundation
import RSONumerics

/// A directory that holds a data set as MNIST is published: four IDX files, each plain or gzip.
package struct IDXDirectory: Sendable {
  /// SHA-256 of MNIST's 60,000 training images and their labels, without headers.
  package static let mnistTrainingSHA256 =
    "edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b"

  package let url: URL

  package init(_ url: URL) {
    self.url = url
  }

  /// Whether the training images are here.
  package var holdsData: Bool { (try? file("train", .images)) != nil }

  /// Reads and checks all four files.
  package func load(_ reader: IDXReader = IDXReader()) throws(DatasetError) -> Dataset {
    let training = try samples("train", reader)
    let test = try samples("t10k", reader, classes: training.classes)
    guard test.shape == training.shape else {
      throw .shapeMismatch(
        training: try file("train", .images).path, trainingShape: "\(training.shape)",
        test: try file("t10k", .images).path, testShape: "\(test.shape)")
    }
    let isMNIST = training.sha256 == Self.mnistTrainingSHA256
    return Dataset(
      name: isMNIST ? "mnist" : url.standardizedFileURL.lastPathComponent,
      training: training, test: test)
  }

  /// One half of the set. Without a number of classes its labels tell it: ten, or as many as the
  /// largest needs.
  private func samples(
    _ half: String, _ reader: IDXReader, classes given: Int? = nil
  ) throws(DatasetError) -> LabeledImages {
    let imageFile = try file(half, .images)
    let labelFile = try file(half, .labels)
    let images = try reader.read(.images, at: imageFile)
    let labels = try reader.read(.labels, at: labelFile).bytes
    let dimensions = images.dimensions
    guard dimensions[0] == labels.count else {
      throw .countMismatch(
        images: imageFile.path, imageCount: dimensions[0], labels: labelFile.path,
        labelCount: labels.count)
    }
    let classes = given ?? max(10, labels.reduce(0) { max($0, Int($1)) } + 1)
    if let index = labels.firstIndex(where: { $0 >= classes }) {
      throw .labelOutOfRange(
        path: labelFile.path, index: index, label: Int(labels[index]), classes: classes)
    }
    return LabeledImages(
      shape: ImageShape(channels: 1, height: dimensions[1], width: dimensions[2]),
      classes: classes, pixels: images.bytes, labels: labels)
  }

  /// The file of one half and kind, under any of the names that it goes by.
  private func file(_ half: String, _ kind: IDXReader.Kind) throws(DatasetError) -> URL {
    let name = "\(half)-\(kind)-idx\(kind.rank)-ubyte"
    let dotted = "\(half)-\(kind).idx\(kind.rank)-ubyte"
    for candidate in [name, name + ".gz", dotted, dotted + ".gz"] {
      let file = url.appendingPathComponent(candidate)
      if FileManager.default.fileExists(atPath: file.path) { return file }
    }
    var isDirectory: ObjCBool = false
    if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) {
      throw .cannotOpen(path: url.path, code: ENOENT)
    }
    if !isDirectory.boolValue { throw .cannotOpen(path: url.path, code: ENOTDIR) }
    throw .fileMissing(directory: url.path, name: name)
  }
}

import Pictures
import RSOSystem

/// Decodes many pictures of one size, in several processes at the same time.
///
/// *Memory:* the pixels, once; beside them some MiB for each processor.
struct PictureCollector {
  private static let batchFiles = 256
  private static let batchBytes = 1 << 23

  /// 1 is grey; 3 is red, green and blue, as soon as one picture has colours.
  private(set) var channels = 1
  private(set) var height = 0
  private(set) var width = 0
  /// *Shape:* N x channels x height x width.
  private(set) var pixels: [UInt8] = []
  /// The first picture whose transparency was dropped, and the number of them; the same for reduced
  /// 16 bits, and for grey pictures among coloured ones.
  private(set) var alpha = Remark()
  private(set) var depth = Remark()
  private(set) var grey = Remark()

  struct Remark: Equatable {
    var first: String?
    var count = 0

    mutating func add(_ path: String) {
      first = first ?? path
      count += 1
    }
  }

  private let folder: String
  private let process: PictureProcess
  private let limit: Int
  private var first: String?
  private var count = 0

  /// - Parameters:
  ///   - folder: The directory, for messages.
  ///   - limit: The most bytes of all pixels.
  init(folder: String, process: PictureProcess = PictureProcess(), limit: Int = 1 << 34) {
    self.folder = folder
    self.process = process
    self.limit = limit
  }

  /// Decodes files and adds their pixels, in this order.
  ///
  /// *Throws:* `FolderError` for the first file that cannot be used.
  mutating func add(_ files: [String], threads: Int = ParallelWork.processors) throws(FolderError) {
    var start = 0
    while start < files.count {
      let end = min(files.count, start + threads * 2 * Self.batchFiles)
      let batches = stride(from: start, to: end, by: Self.batchFiles).map { first in
        Array(files[first..<min(end, first + Self.batchFiles)])
      }
      let process = process
      let results = ParallelWork.results(batches.count, threads: threads) { index in
        Result { () throws(FolderError) in try Self.decode(batches[index], by: process) }
      }
      for (batch, result) in zip(batches, results) {
        for (path, picture) in zip(batch, try result.get()) {
          switch picture {
          case .success(let picture): try add(picture, path: path)
          case .failure(let error): throw error
          }
        }
      }
      if start == 0 { reserve(files.count) }
      start = end
    }
  }

  /// Reads and decodes some files. A file that cannot be read or decoded has a failure, after which there
  /// are no more results.
  private static func decode(
    _ paths: [String], by process: PictureProcess
  ) throws(FolderError) -> [Result<Picture, FolderError>] {
    var results: [Result<Picture, FolderError>] = []
    while results.count < paths.count {
      var files: [[UInt8]] = []
      var failure: FolderError?
      var bytes = 0
      for path in paths[results.count...] where failure == nil && bytes < batchBytes {
        do throws(FileReadError) {
          files.append(
            try InputFile.contents(of: path, maximumBytes: PictureProcess.maximumFileBytes))
          bytes += files[files.count - 1].count
        } catch {
          failure = .file(error)
        }
      }
      do throws(PictureProcess.Failure) {
        for picture in try process.pictures(of: files) {
          let path = paths[results.count]
          results.append(picture.mapError { .badPicture(path: path, reason: $0.reason) })
        }
      } catch {
        throw .noProgram(path: error.program, reason: error.reason)
      }
      if let failure {
        results.append(.failure(failure))
        return results
      }
    }
    return results
  }

  private mutating func add(_ picture: Picture, path: String) throws(FolderError) {
    if let first {
      guard picture.width == width, picture.height == height else {
        throw .differentSizes(
          path: first, size: "\(width) x \(height)", other: path,
          otherSize: "\(picture.width) x \(picture.height)",
          advice: "mogrify -resize '\(width)x\(height)!' FILES")
      }
    } else {
      (first, width, height) = (path, picture.width, picture.height)
      channels = picture.channels
    }
    if picture.channels > channels { spread() }
    guard pixels.count + width * height * channels <= limit else {
      throw .tooLarge(path: folder, limit: limit)
    }
    if picture.channels < channels {
      for _ in 0..<channels { pixels += picture.bytes }
      grey.add(path)
    } else {
      pixels += picture.bytes
    }
    count += 1
    if picture.hadAlpha { alpha.add(path) }
    if picture.hadDepth { depth.add(path) }
  }

  /// Makes three equal channels of the grey pictures so far.
  mutating func spread() {
    guard channels == 1 else { return }
    var spread: [UInt8] = []
    spread.reserveCapacity(pixels.count * 3)
    let area = width * height
    for start in stride(from: 0, to: pixels.count, by: area) {
      for _ in 0..<3 { spread += pixels[start..<(start + area)] }
    }
    pixels = spread
    channels = 3
    if count > 0 {
      grey.first = first
      grey.count = count
    }
  }

  private mutating func reserve(_ count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: width * height * channels)
    if !overflow, bytes <= limit { pixels.reserveCapacity(bytes) }
  }
}

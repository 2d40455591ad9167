import RSODatasets
import RSONumerics
import RSOSystem

/// A training set, and if there are any a validation set and a test set.
///
/// Without a validation set, the best cycle of a run is the one with the least training loss.
public struct Dataset: Sendable {
  /// The shape of one sample.
  public struct Shape: Sendable, Hashable {
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) {
      self.channels = channels
      self.height = height
      self.width = width
    }

    /// Samples that are rows of numbers.
    public static func features(_ count: Int) -> Shape {
      Shape(channels: count, height: 1, width: 1)
    }

    /// The numbers of a sample.
    public var count: Int { channels * height * width }
  }

  /// The correct answers.
  public enum Targets: Sendable {
    /// A class of each sample, 0 ..< `count`.
    case classes([Int], count: Int)
    /// For each sample and each of `count` labels, row by row, whether it applies.
    case labels([Bool], count: Int)
    /// `count` numbers for each sample, row by row.
    case numbers([Float], count: Int)
  }

  /// A set of samples with their targets.
  public struct Part: Sendable {
    fileprivate let set: SampleSet

    /// Samples in units of their own; a run normalises them.
    ///
    /// - Parameters:
    ///   - values: Finite numbers. *Shape:* samples x channels x height x width, row-major.
    ///   - shape: The shape of a sample.
    ///   - targets: The correct answers, one for each sample.
    ///
    /// - Throws: An error that says which count does not fit, or which number is out of range.
    public init(_ values: [Float], shape: Shape, targets: Targets) throws {
      guard values.allSatisfy(\.isFinite) else {
        throw LibraryError("a sample has a number that is not finite")
      }
      set = try Self.set(.floats(values), shape, targets)
    }

    /// Images, one byte for each element.
    ///
    /// - Throws: as above.
    public init(bytes: [UInt8], shape: Shape, targets: Targets) throws {
      set = try Self.set(.bytes(bytes), shape, targets)
    }

    private static func set(
      _ samples: SampleStorage, _ shape: Shape, _ targets: Targets
    ) throws -> SampleSet {
      let (converted, outputs) = try converted(targets)
      guard shape.channels > 0, shape.height > 0, shape.width > 0, converted.count > 0,
        samples.count % shape.count == 0, samples.count / shape.count == converted.count
      else {
        throw LibraryError(
          "\(samples.count) numbers of samples of \(shape.channels) x \(shape.height) x "
            + "\(shape.width), and targets of \(converted.count): expected as many samples as targets, at "
            + "least one")
      }
      return SampleSet(
        shape: ImageShape(channels: shape.channels, height: shape.height, width: shape.width),
        outputs: outputs, samples: samples, targets: converted)
    }

    private static func converted(
      _ targets: Targets
    ) throws -> (RSONumerics.Targets, outputs: Int) {
      let (all, count): (Int, Int) =
        switch targets {
        case .classes(let classes, let count): (classes.count * count, count)
        case .labels(let labels, let count): (labels.count, count)
        case .numbers(let numbers, let count): (numbers.count, count)
        }
      let most = RSONumerics.Targets.maximumOutputs
      guard (1...most).contains(count), all % count == 0 else {
        throw LibraryError(
          "\(count) outputs for each sample; expected 1 to \(most), for every sample")
      }
      switch targets {
      case .classes(let classes, _):
        guard classes.allSatisfy((0..<count).contains) else {
          throw LibraryError("a class that is not in 0 ..< \(count)")
        }
        return (.classes(classes.map(UInt16.init)), count)
      case .labels(let labels, _): return (.labels(labels.map { $0 ? 1 : 0 }, count: count), count)
      case .numbers(let numbers, _):
        guard numbers.allSatisfy(\.isFinite) else {
          throw LibraryError("a target is a number that is not finite")
        }
        return (.numbers(numbers, count: count), count)
      }
    }
  }

  var content: RSODatasets.Dataset

  /// Makes a data set of samples in memory.
  ///
  /// - Parameters:
  ///   - name: The name by which a run calls the data; it recognises them by their content.
  ///   - training: The samples that candidates are compared on.
  ///   - validation: The samples that the best cycle is chosen on; nil if there are none.
  ///   - test: The samples that are measured after each cycle if there is no validation set.
  ///
  /// - Throws: An error if the parts have other shapes or targets.
  public init(
    name: String, training: Part, validation: Part? = nil, test: Part? = nil
  ) throws {
    for part in [validation, test].compactMap({ $0?.set }) {
      let first = training.set
      guard part.shape == first.shape, part.outputs == first.outputs,
        part.targets.task == first.targets.task, part.samples.kind == first.samples.kind
      else { throw LibraryError("the parts of data set '\(name)' are of different kinds") }
    }
    content = RSODatasets.Dataset(
      name: name, training: training.set, validation: validation?.set, test: test?.set)
  }

  /// Reads a file or directory of any kind that `--data` of `rso train` reads.
  ///
  /// HDF5 files and pictures are parsed by a process of the program `rso`, which must then be in the directory of
  /// this program.
  ///
  /// - Throws: An error that names the path and the fault.
  public init(contentsOf path: String) throws {
    content = try DatasetSource(
      dataDirectory: nil, program: nil, workingDirectory: FileSystem.workingDirectory() ?? "/"
    ).load(path.contains("/") ? path : "./" + path)
  }
}

import RSONetworks
import RSONumerics
import RSOSystem

/// The bytes of the messages to a program that computes an objective: rso-objective(5). All numbers are
/// little-endian.
package enum ObjectiveMessages {
  /// The first bytes of both greetings.
  package static let magic = Array("rso-obj\n".utf8)
  /// The version of the protocol.
  package static let version: UInt32 = 1
  /// Bytes of the program's greeting: the magic bytes, its version, and four bytes that are zero.
  static let greetingSize = 16

  /// The kinds of requests.
  enum Kind: UInt32 {
    /// The targets of samples, which later requests name by a number. It has no answer.
    case targets = 1
    /// The objective of a training minibatch.
    case minibatch = 2
    case validationSet = 3
    case testSet = 4
  }

  /// rso's greeting.
  static func greeting(task: LearningTask, outputs: Int, rso: String) -> [UInt8] {
    let text = Array(rso.utf8)
    let (code, type): (UInt32, UInt32) =
      switch task {
      case .classification: (0, 0)
      case .multiLabel: (1, 1)
      case .regression: (2, 2)
      }
    let numbers = [
      version, UInt32(32 + text.count), code, UInt32(outputs), type, UInt32(text.count),
    ]
    return magic + numbers.flatMap(bytes) + text
  }

  /// The first 24 bytes of a request.
  ///
  /// - Parameters:
  ///   - number: The number of the samples' targets.
  ///   - following: The bytes after these.
  static func header(
    _ kind: Kind, number: UInt32, samples: Int, candidates: Int, following: Int
  ) -> [UInt8] {
    [kind.rawValue, number, UInt32(samples), UInt32(candidates)].flatMap(bytes)
      + bytes(UInt64(following))
  }

  /// The targets of samples: a class as int32, labels as bytes, numbers as float32.
  static func targets(of samples: ObjectiveSamples) -> [UInt8] {
    switch samples.targets {
    case .classes(let classes):
      samples.indices.flatMap { bytes(Int32(classes[Int($0)])) }
    case .labels(let labels, let count):
      samples.indices.flatMap { labels[(Int($0) * count)..<((Int($0) + 1) * count)] }
    case .numbers(let numbers, let count):
      samples.indices.flatMap { index in
        numbers[(Int(index) * count)..<((Int(index) + 1) * count)].flatMap {
          bytes($0.bitPattern)
        }
      }
    }
  }

  /// The kind of a request for samples, and the number of their targets.
  static func place(of purpose: ObjectiveSamples.Purpose) -> (Kind, number: UInt32) {
    switch purpose {
    case .validationSet: (.validationSet, 0)
    case .testSet: (.testSet, 1)
    case .minibatch(let slot): (.minibatch, UInt32(slot + 2))
    }
  }

  /// The version in a program's greeting; nil for a greeting that does not begin with the magic bytes.
  static func version(in greeting: [UInt8]) -> UInt32? {
    guard greeting.starts(with: magic) else { return nil }
    return greeting[magic.count..<magic.count + 4].reversed()
      .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }

  /// The numbers in an answer.
  static func values(in answer: [UInt8]) -> [Double] {
    answer.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 8).map {
        Double(
          bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
        )
      }
    }
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

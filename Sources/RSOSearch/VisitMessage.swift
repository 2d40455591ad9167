/// The message of a group of ranks to the others after a wave of a parallel search.
///
/// Ranks have compared their versions before the first one is sent, so its layout is that of the program's own
/// numbers.
enum VisitMessage {
  case visits([NeuronVisit])
  case abandoned
  case failed(reason: String)

  init(_ result: Result<[NeuronVisit]?, any Error>) {
    switch result {
    case .success(let visits?): self = .visits(visits)
    case .success(nil): self = .abandoned
    case .failure(let error): self = .failed(reason: "\(error)")
    }
  }

  var bytes: [UInt8] {
    var message = MessageWriter()
    switch self {
    case .visits(let visits):
      message.put([0, visits.count])
      for visit in visits { visit.write(to: &message) }
    case .abandoned:
      message.put([1])
    case .failed(let reason):
      message.put([2])
      message.put(Array(reason.utf8))
    }
    return message.bytes
  }

  init(bytes: [UInt8]) {
    var message = MessageReader(bytes)
    let kind: [Int] = message.take()
    switch kind[0] {
    case 0: self = .visits((0..<kind[1]).map { _ in NeuronVisit(from: &message) })
    case 1: self = .abandoned
    default: self = .failed(reason: String(decoding: message.take() as [UInt8], as: UTF8.self))
    }
  }
}

/// Bytes of arrays, each after the number of its elements.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Element: BitwiseCopyable>(_ elements: [Element]) {
    withUnsafeBytes(of: elements.count) { bytes.append(contentsOf: $0) }
    elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// Takes arrays in the order in which `MessageWriter` has put them.
struct MessageReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take<Element: BitwiseCopyable>() -> [Element] {
    let count: Int = one()
    return (0..<count).map { _ in one() }
  }

  private mutating func one<Element: BitwiseCopyable>() -> Element {
    defer { position += MemoryLayout<Element>.size }
    return bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: position, as: Element.self)
    }
  }
}

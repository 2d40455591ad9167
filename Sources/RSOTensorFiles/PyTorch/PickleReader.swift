import RSOSystem

/// Reads a pickle as data. It never runs code: calls of the few functions that tensors need are understood,
/// others become objects with their names.
///
/// *Memory:* in proportion to the bytes of the pickle, and less than 1 GiB: each instruction adds at most one
/// value, and there are at most `mostInstructions` and `mostContainers`.
///
/// *Source:* Python's `pickletools.py`, protocols 2 to 5.
struct PickleReader {
  private static let mostInstructions = 1 << 23
  private static let mostContainers = 1 << 22

  private var reader: ByteReader
  private var stack: [PickleValue] = []
  /// The heights of the stack at the open marks.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  private let heap: PickleHeap

  private init(_ bytes: ArraySlice<UInt8>, _ heap: PickleHeap) {
    reader = ByteReader(bytes)
    self.heap = heap
  }

  /// Returns the value of a pickle, which is good as long as the heap.
  ///
  /// *Throws:* `PickleError`.
  static func value(
    of bytes: ArraySlice<UInt8>, in heap: PickleHeap
  ) throws(PickleError) -> PickleValue {
    var reader = PickleReader(bytes, heap)
    for _ in 0..<mostInstructions {
      let code = try reader.number(1)
      if code == UInt8(ascii: ".") { return try reader.pop() }
      try reader.step(UInt8(truncatingIfNeeded: code))
      if heap.count > mostContainers { break }
    }
    throw PickleError(problem: "its pickle has more instructions than are read")
  }

  private static let damaged = PickleError(problem: "its pickle is damaged")

  // MARK: Instructions

  private mutating func step(_ code: UInt8) throws(PickleError) {
    if try constant(code) { return }
    if try container(code) { return }
    if try call(code) { return }
    switch code {
    case 0x80: _ = try number(1)  // PROTO
    case 0x95: _ = try bytes(8)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "q"): memo[try number(1)] = try top()
    case UInt8(ascii: "r"): memo[try number(4)] = try top()
    case 0x94: memo[memo.count] = try top()  // MEMOIZE
    case UInt8(ascii: "h"): try recall(try number(1))
    case UInt8(ascii: "j"): try recall(try number(4))
    default:
      throw PickleError(problem: "its pickle has the instruction \(code), which is not read")
    }
  }

  /// Instructions that name classes, functions and storages, and call them.
  private mutating func call(_ code: UInt8) throws(PickleError) -> Bool {
    switch code {
    case UInt8(ascii: "c"): stack.append(.global("\(try line()).\(try line())"))
    case 0x93:  // STACK_GLOBAL
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw Self.damaged
      }
      stack.append(.global("\(module).\(name)"))
    case UInt8(ascii: "Q"): stack.append(TorchCall.storage(try pop()))
    case UInt8(ascii: "R"), 0x81:  // REDUCE, NEWOBJ
      let arguments = try pop()
      stack.append(TorchCall(heap: heap).result(of: try pop(), arguments))
    case 0x92:  // NEWOBJ_EX
      _ = try pop()
      let arguments = try pop()
      stack.append(TorchCall(heap: heap).result(of: try pop(), arguments))
    case UInt8(ascii: "b"):
      let state = try pop()
      if case .container(let container) = try top() { container.state = state }
    default: return false
    }
    return true
  }

  /// Instructions that push a number, a text or another value without parts.
  private mutating func constant(_ code: UInt8) throws(PickleError) -> Bool {
    switch code {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): stack.append(.integer(try number(1)))
    case UInt8(ascii: "M"): stack.append(.integer(try number(2)))
    case 0x8A: stack.append(Self.integer(try bytes(try number(1))))
    case 0x8B: stack.append(Self.integer(try bytes(try number(4))))
    case UInt8(ascii: "G"):
      let pattern = try bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.float(Double(bitPattern: pattern)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(try text(try number(4)))
    case 0x8C, UInt8(ascii: "U"): stack.append(try text(try number(1)))
    case 0x8D: stack.append(try text(try longNumber()))
    case UInt8(ascii: "C"): stack.append(try opaqueBytes(try number(1)))
    case UInt8(ascii: "B"): stack.append(try opaqueBytes(try number(4)))
    case 0x8E, 0x96: stack.append(try opaqueBytes(try longNumber()))
    default: return false
    }
    return true
  }

  /// Instructions that make and fill tuples, lists, dictionaries and sets.
  private mutating func container(_ code: UInt8) throws(PickleError) -> Bool {
    switch code {
    case UInt8(ascii: ")"): stack.append(.container(heap.make(.tuple)))
    case 0x85, 0x86, 0x87:
      let count = Int(code) - 0x84
      guard stack.count >= count + (marks.last ?? 0) else { throw Self.damaged }
      let parts = Array(stack.suffix(count))
      stack.removeLast(count)
      stack.append(.container(heap.make(.tuple, parts)))
    case UInt8(ascii: "t"): stack.append(.container(heap.make(.tuple, try popMark())))
    case UInt8(ascii: "}"): stack.append(.container(heap.make(.dictionary)))
    case UInt8(ascii: "]"), 0x8F: stack.append(.container(heap.make(.list)))
    case UInt8(ascii: "l"), 0x91: stack.append(.container(heap.make(.list, try popMark())))
    case UInt8(ascii: "d"):
      let dictionary = heap.make(.dictionary)
      try Self.set(try popMark(), in: dictionary)
      stack.append(.container(dictionary))
    case UInt8(ascii: "a"):
      let value = try pop()
      try topContainer().append(value)
    case UInt8(ascii: "e"), 0x90:
      let values = try popMark()
      let list = try topContainer()
      for value in values { list.append(value) }
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try topContainer().members.append((key, value))
    case UInt8(ascii: "u"):
      let pairs = try popMark()
      try Self.set(pairs, in: try topContainer())
    default: return false
    }
    return true
  }

  private static func set(
    _ pairs: [PickleValue], in dictionary: PickleContainer
  ) throws(PickleError) {
    guard pairs.count.isMultiple(of: 2) else { throw damaged }
    for index in stride(from: 0, to: pairs.count, by: 2) {
      dictionary.members.append((pairs[index], pairs[index + 1]))
    }
  }
}

extension PickleReader {
  // MARK: Stack

  private mutating func pop() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw Self.damaged }
    return value
  }

  private func top() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw Self.damaged }
    return value
  }

  private func topContainer() throws(PickleError) -> PickleContainer {
    guard case .container(let container) = try top() else {
      throw PickleError(problem: "its pickle fills something that is no container")
    }
    return container
  }

  private mutating func popMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Self.damaged }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ index: Int) throws(PickleError) {
    guard let value = memo[index] else { throw Self.damaged }
    stack.append(value)
  }

  // MARK: Bytes

  private mutating func bytes(_ count: Int) throws(PickleError) -> ArraySlice<UInt8> {
    guard let bytes = reader.take(count) else {
      throw PickleError(problem: "its pickle ends early")
    }
    return bytes
  }

  private mutating func number(_ size: Int) throws(PickleError) -> Int {
    try bytes(size).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func longNumber() throws(PickleError) -> Int {
    guard let number = reader.takeLongInteger() else { throw Self.damaged }
    return number
  }

  private mutating func line() throws(PickleError) -> String {
    guard let end = reader.remaining.firstIndex(of: 10) else { throw Self.damaged }
    let line = try bytes(end - reader.remaining.startIndex)
    _ = try bytes(1)
    guard let text = String(validating: line, as: UTF8.self) else { throw Self.damaged }
    return text
  }

  private mutating func text(_ count: Int) throws(PickleError) -> PickleValue {
    let bytes = try bytes(count)
    return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .opaque("bytes")
  }

  private mutating func opaqueBytes(_ count: Int) throws(PickleError) -> PickleValue {
    _ = try bytes(count)
    return .opaque("bytes")
  }

  /// A signed integer, least significant byte first.
  private static func integer(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    let sign: UInt64 = bytes.last.map { $0 >= 0x80 } == true ? .max : 0
    let bits = bytes.prefix(8).reversed().reduce(sign) { $0 << 8 | UInt64($1) }
    if bytes.count <= 8 { return .integer(Int(truncatingIfNeeded: bits)) }
    // An unsigned number of 64 bits, such as the seed of a generator.
    return bytes.count == 9 && bytes.last == 0 ? .text("\(bits)") : .opaque("integer")
  }
}

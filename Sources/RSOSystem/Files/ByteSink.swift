/// Takes the bytes of a file from the first to the last, one part after the other.
package typealias ByteSink = (UnsafeRawBufferPointer) throws -> Void

/// Returns everything that is given to the sink.
package func collectedBytes(_ body: (ByteSink) throws -> Void) rethrows -> [UInt8] {
  var bytes: [UInt8] = []
  try body { bytes.append(contentsOf: $0) }
  return bytes
}

extension Array where Element == UInt8 {
  package func write(to sink: ByteSink) throws { try withUnsafeBytes(sink) }
}

import RSOTensorFiles
import Testing

@Suite("Writing files of tensors")
struct RoundTripTests {
  private static let file = TensorList(
    tensors: [
      NamedTensor(name: "conv1.weight", shape: [2, 1, 1, 2], values: [0.5, -0, .infinity, 1e-42]),
      NamedTensor(name: "bias \"x\"", shape: [1], values: [Float(3)]),
      NamedTensor(name: "mean", shape: [2], doubles: [0.1, 0.2]),
      NamedTensor(name: "none", shape: [0, 3], values: [Float]()),
      NamedTensor(name: "scalar", shape: [], values: [Float(7)]),
    ], metadata: ["format": "pt", "text": "a \"b\" / ü \u{1F600}"])

  @Test("safetensors comes back as it was")
  func safetensors() throws {
    let bytes = try SafetensorsWriter.encode(Self.file)
    #expect(try TensorList(safetensors: bytes) == Self.file)
    #expect(try SafetensorsWriter.encode(Self.file) == bytes)
  }

  @Test("npz comes back as it was")
  func npz() throws {
    let bytes = try NPZWriter.encode(Self.file)
    #expect(try TensorList(npz: bytes) == Self.file)
    #expect(try NPZWriter.encode(Self.file) == bytes)
  }

  @Test("the bytes of a safetensors file are these")
  func exactSafetensors() throws {
    let file = TensorList(
      tensors: [NamedTensor(name: "w", shape: [1, 2], values: [1, -2] as [Float])],
      metadata: ["a": "b"])
    let header =
      #"{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    #expect(header.utf8.count == 81)
    #expect(
      try SafetensorsWriter.encode(file)
        == [88, 0, 0, 0, 0, 0, 0, 0] + Array((header + "       ").utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("the bytes of an npz file are these")
  func exactNPZ() throws {
    let file = TensorList(tensors: [NamedTensor(name: "w", shape: [2], values: [1, -2] as [Float])])
    let literal = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    let header = Array(literal.utf8) + [UInt8](repeating: 0x20, count: 60) + [0x0A]
    let array =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + header
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(array.count == 136)
    let bytes = try NPZWriter.encode(file)
    // CRC-32 by Python's zlib.
    let shared: [UInt8] =
      [0, 0, 0, 0, 0, 0, 0x21, 0] + Self.checksum + [136, 0, 0, 0, 136, 0, 0, 0, 5, 0, 0, 0]
    let name = Array("w.npy".utf8)
    #expect(
      bytes == Array("PK\u{3}\u{4}".utf8) + [10, 0] + shared + name + array
        + Array("PK\u{1}\u{2}".utf8) + [10, 0, 10, 0] + shared + [UInt8](repeating: 0, count: 10)
        + [0, 0, 0, 0] + name + Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 1, 0, 1, 0]
        + [51, 0, 0, 0, 171, 0, 0, 0, 0, 0])
  }

  private static let checksum: [UInt8] = [0xBA, 0x49, 0x13, 0x0A]
}

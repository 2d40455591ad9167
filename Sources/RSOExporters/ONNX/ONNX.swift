/// The messages and fields of ONNX that rso writes, with ONNX's names.
///
/// *Source:* https://onnx.ai, `onnx/onnx.proto`, IR version 8: the names and numbers of the fields.
enum ONNX {
  struct Model {
    var irVersion: Int64 = 0
    var producerName = ""
    var graph: Graph?
    var opsetImport: [OperatorSet] = []
    var metadataProps: [Entry] = []
  }

  struct OperatorSet {
    var version: Int64
  }

  struct Entry {
    var key = ""
    var value = ""
  }

  struct Graph {
    var node: [Node] = []
    var name = ""
    var initializer: [Tensor] = []
    var input: [ValueInfo] = []
    var output: [ValueInfo] = []
  }

  struct Node {
    var input: [String]
    var output: [String]
    var name: String
    var opType: String
    var attribute: [Attribute] = []
  }

  struct Attribute {
    enum Value {
      case float(Float)
      case int(Int64)
      case ints([Int64])
      case text(String)
    }

    var name: String
    var value: Value
  }

  struct Tensor {
    enum DataType: Int64 {
      case float = 1
      case uint8 = 2
      case int8 = 3
      case uint16 = 4
      case int16 = 5
      case int32 = 6
      case int64 = 7
      case string = 8
      case bool = 9
      case float16 = 10
      case double = 11
      case uint32 = 12
      case uint64 = 13
      case complex64 = 14
      case complex128 = 15
      case bfloat16 = 16
      case float8E4M3 = 17
      case float8E4M3FNUZ = 18
      case float8E5M2 = 19
      case float8E5M2FNUZ = 20
      case float8E8M0 = 24
    }

    var dims: [Int64] = []
    /// A `DataType`.
    var dataType: Int64 = 0
    var stringData: [String] = []
    var name = ""
    var rawData: ArraySlice<UInt8> = []
  }

  /// The name, type and shape of a value of the graph.
  struct ValueInfo {
    enum Dimension {
      case number(Int64)
      case name(String)
    }

    var name: String
    var elementType: Tensor.DataType
    var shape: [Dimension]
  }
}

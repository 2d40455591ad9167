import FoundationEssentials
import RSOSystem

/// The index of a model in several files: `model.safetensors.index.json`.
///
/// *Source:* `huggingface_hub/serialization/_base.py` of huggingface_hub.
struct ShardIndex {
  /// The most bytes of an index.
  static let largest = 1 << 26

  /// The names of tensors by the file that has them.
  var names: [String: [String]] = [:]
  /// Texts and numbers by name.
  var metadata: [String: String] = [:]

  /// Returns nil for a JSON text of another kind.
  ///
  /// *Throws:* `TensorFileError` where its list of tensors is not one.
  init?(_ json: [UInt8]) throws(TensorFileError) {
    guard json.firstRange(of: "\"weight_map\"".utf8) != nil else { return nil }
    let index: Stored
    do {
      index = try JSONDecoder().decode(Stored.self, from: Data(json))
    } catch DecodingError.keyNotFound(let key, _) where key.stringValue == "weight_map" {
      return nil
    } catch {
      throw TensorFileError(
        format: "index", problem: "its weight_map is not a list of tensors with their files")
    }
    for (name, file) in index.weightMap { names[file, default: []].append(name) }
    for file in names.keys { names[file]?.sort() }
    metadata = (index.metadata ?? [:]).compactMapValues(\.text)
  }

  private struct Stored: Decodable {
    var weightMap: [String: String]
    var metadata: [String: Value]?

    enum CodingKeys: String, CodingKey {
      case metadata
      case weightMap = "weight_map"
    }
  }

  private struct Value: Decodable {
    /// The value as text; nil for a list or an object.
    var text: String?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        text = "\(flag)"
      } else if let number = try? container.decode(Int.self) {
        text = "\(number)"
      } else if let number = try? container.decode(Double.self) {
        text = "\(number)"
      } else {
        text = try? container.decode(String.self)
      }
    }
  }
}

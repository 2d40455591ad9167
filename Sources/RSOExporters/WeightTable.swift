/// A network's numbers as CSV, one per row: the tensor's name in PyTorch, the number's index in it, and
/// the shortest decimal that reads back as the same Float.
enum WeightTable {
  private static let columns = ["out", "in", "row", "column"]

  static func text(_ network: TrainedNetwork) throws -> String {
    let dictionary = try network.stateDictionary()
    var text = "tensor,\(columns.joined(separator: ",")),value\n"
    for entry in dictionary.entries {
      var place = [Int](repeating: 0, count: entry.shape.count)
      let empty = String(repeating: ",", count: columns.count - entry.shape.count)
      for value in dictionary.values(of: entry, in: network) {
        text += "\(entry.name),\(place.map(String.init).joined(separator: ","))\(empty),\(value)\n"
        var axis = place.count - 1
        while axis >= 0 {
          place[axis] += 1
          if place[axis] < entry.shape[axis] { break }
          place[axis] = 0
          axis -= 1
        }
      }
    }
    return text
  }
}

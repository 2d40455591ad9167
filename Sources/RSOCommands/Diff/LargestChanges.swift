import RSORuns

/// The five numbers of each layer that changed most.
struct LargestChanges {
  private struct Element {
    let name: String
    let change: ElementDifference
  }

  private var layers: [(name: String, elements: [Element])] = []

  var isEmpty: Bool { layers.isEmpty }

  /// Adds the elements of an object: `conv3/weight`, or an array of another file.
  mutating func add(_ object: String, _ changes: [ElementDifference]) {
    let parts = object.split(separator: "/")
    let isParameter = parts.count == 2
    let layer = isParameter ? String(parts[0]) : object
    let name = isParameter && parts[1] != "weight" ? "\(layer).\(parts[1])" : layer
    let elements = changes.map { change in
      let place = change.place.map(String.init).joined(separator: ",")
      return Element(name: place.isEmpty ? name : "\(name)[\(place)]", change: change)
    }
    if layers.last?.name == layer {
      layers[layers.count - 1].elements += elements
    } else {
      layers.append((layer, elements))
    }
  }

  /// A row for each element: `conv3[7,2,1,1]`, `conv3.gamma[7]`.
  var table: Table {
    var table = Table(
      columns: [.left("most changed"), .right(""), .left(""), .right("")], indent: 2)
    for layer in layers {
      let sorted = layer.elements.enumerated()
        .sorted { ($1.element.change.size, $0.offset) < ($0.element.change.size, $1.offset) }
      for (_, element) in sorted.prefix(5) {
        table.add([
          element.name, Numbers.value(element.change.first), "->",
          Numbers.value(element.change.second),
        ])
      }
    }
    return table
  }
}

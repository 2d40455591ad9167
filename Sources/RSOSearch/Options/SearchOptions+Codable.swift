/// A plan's options as JSON, as `SearchOption.all` lists them.
///
/// A missing key means the default: the plan was made before there was such an option. An unknown key is
/// refused: a search that ignored it would be another search.
extension SearchOptions: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SearchOption.Key.self)
    let known = Set(SearchOption.all.map(\.key.stringValue))
    for key in container.allKeys where !known.contains(key.stringValue) {
      throw SearchError.unknownOption(key.stringValue)
    }
    self.init()
    for option in SearchOption.all { try option.decode(from: container, into: &self) }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SearchOption.Key.self)
    for option in SearchOption.all { try option.encode(self, to: &container) }
  }
}

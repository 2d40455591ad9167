/// Why a search cannot begin or go on.
package enum SearchError: Error, Equatable {
  case invalidOption(name: String, value: String, expected: String)
  /// An option of a plan made by a later version.
  case unknownOption(String)
  /// Two options that say different things.
  case incompatibleOptions(String, String, reason: String)
  case dataMismatch(what: String, architecture: String, data: String)
  case unusableNormalization(channels: Int)
  case stateMismatch(what: String, expected: String, found: String)
  case cyclesAlreadyDone(requested: Int, finished: Int)
  /// Not one of a step's three losses is finite; `cycle` is 1 for the first.
  case lossNotFinite(layer: String, cycle: Int)
}

extension SearchError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidOption(let name, let value, let expected):
      "invalid \(name) '\(value)': expected \(expected)"
    case .unknownOption(let name):
      "unknown option '\(name)': made by a later version of rso"
    case .incompatibleOptions(let first, let second, let reason):
      "\(first) cannot be combined with \(second): \(reason)"
    case .dataMismatch(let what, let architecture, let data):
      "the architecture's \(what) '\(architecture)' is not the data's '\(data)': "
        + "choose an architecture made for this data"
    case .unusableNormalization(let channels):
      "unusable normalisation: expected a finite mean and deviation for each of the data's "
        + "\(channels) channels"
    case .stateMismatch(let what, let expected, let found):
      "the search state does not fit its plan: \(what) '\(found)', expected \(expected)"
    case .cyclesAlreadyDone(let requested, let finished):
      "cannot end after cycle \(requested): cycle \(finished) is finished; ask for more"
    case .lossNotFinite(let layer, let cycle):
      "no candidate has a finite loss in layer '\(layer)' of cycle \(cycle): "
        + "begin with smaller weights, or with a smaller --deviation-scale"
    }
  }
}

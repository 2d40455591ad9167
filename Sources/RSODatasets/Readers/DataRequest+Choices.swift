extension DataRequest {
  /// The options about the form of the data that were given: not those about splits.
  var choices: [String] {
    var choices: [String] = []
    if inputs != nil { choices.append("inputs") }
    if labels != nil { choices.append("labels") }
    if label != nil { choices.append("label") }
    if layout != nil { choices.append("layout") }
    if task != nil { choices.append("task") }
    if testData != nil { choices.append("test-data") }
    if transpose == true { choices.append("transpose") }
    return choices
  }

  /// True if an option about the form of the data was given.
  var hasChoices: Bool { !choices.isEmpty }

  /// Refuses options about the form of data whose form is fixed.
  ///
  /// *Throws:* `CIFARError.assembly`.
  func refuseChoices(of path: String) throws(CIFARError) {
    if let option = choices.first {
      throw .assembly(path: path, .fixedForm(option: option))
    }
  }
}

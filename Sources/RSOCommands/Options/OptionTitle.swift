/// The titles under which help lists options, in the order of `rso train --help`.
enum OptionTitle {
  static let network = "What is trained"
  static let data = "How data are read"
  static let length = "How long"
  static let judging = "What a change is judged on"
  static let drawing = "How changes are drawn"
  static let files = "Files"
  static let machine = "Machine"
  static let knobs = "The paper's knobs"
}

/// The role of an array in a data set, guessed by its name: `x_train`, `test_labels`, `train/data`,
/// `kmnist-train-imgs`.
struct ArrayRole: Hashable {
  enum Part: Hashable {
    case training, validation, test
  }

  enum Content: Hashable {
    case samples, targets
  }

  /// The part that the name tells; nil if it tells none.
  var part: Part?
  var content: Content?
  /// The other words of the name. Arrays of one data set have the same.
  var group: [String]

  private static let parts: [String: Part] = [
    "train": .training, "training": .training, "tr": .training,
    "val": .validation, "valid": .validation, "validation": .validation, "dev": .validation,
    "test": .test, "testing": .test, "t10k": .test, "te": .test,
  ]

  private static let contents: [String: Content] = [
    "x": .samples, "image": .samples, "images": .samples, "img": .samples, "imgs": .samples,
    "data": .samples, "input": .samples, "inputs": .samples, "features": .samples,
    "samples": .samples,
    "y": .targets, "label": .targets, "labels": .targets, "target": .targets, "targets": .targets,
    "class": .targets, "classes": .targets, "output": .targets, "outputs": .targets,
  ]

  /// - Parameter name: The names of file and array, if they are apart; the last word about a role
  ///   counts.
  init(of name: String) {
    var group: [String] = []
    for word in Self.words(of: name) {
      if let part = Self.parts[word] {
        self.part = part
      } else if let content = Self.contents[word] {
        self.content = content
      } else if let first = word.first, let content = Self.contents[String(first)],
        let part = Self.parts[String(word.dropFirst())]
      {
        // xtrain, ytest
        (self.part, self.content) = (part, content)
      } else {
        group.append(word)
      }
    }
    self.group = group
  }

  /// The words of a name in lower case: runs of letters and digits; `trainX` has two.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var last: Character = " "
    for character in name {
      let startsWord = character.isUppercase && last.isLowercase
      if startsWord || !(character.isLetter || character.isNumber) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if character.isLetter || character.isNumber { word += character.lowercased() }
      last = character
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}

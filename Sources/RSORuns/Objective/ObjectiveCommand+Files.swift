import RSOSearch
import RSOSystem

extension ObjectiveCommand {
  /// The command with digests of the files that its words name now. Words that name no readable file have none.
  package var withDigests: ObjectiveCommand {
    var digested = self
    digested.files = []
    for word in (try? CommandWords.split(command)) ?? [] {
      guard !digested.files.contains(where: { $0.name == word }),
        let digest = try? SHA256.digest(ofFile: word)
      else { continue }
      digested.files.append(File(name: word, sha256: digest))
    }
    return digested
  }
}

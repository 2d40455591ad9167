import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Synopses of manuals, and what --help says")
  struct SynopsisTests {
    /// An option and the name of its value.
    private struct Option: Hashable {
      var name: String
      var value: String?
    }

    private static let usual: Set<String> = ["help", "version"]

    @Test("every verb of the package has a page, and every page a verb")
    func pages() async throws {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: Fixtures.repository.appendingPathComponent("man").path)
      let pages = names.filter { $0.hasPrefix("rso-") && $0.hasSuffix(".1") }
        .map { String($0.dropFirst(4).dropLast(2)) }
      #expect(Set(pages) == Set(HelpTests.verbs))
      let listed = try await Programs.rso(["--list-verbs"]).output
      #expect(Set(listed.split(separator: "\n").map(String.init)) == Set(HelpTests.verbs))
    }

    @Test(
      "a synopsis has the options of --help with their values, and the same arguments",
      arguments: HelpTests.verbs)
    func synopsis(verb: String) async throws {
      let help = try await Programs.rso([verb, "--help"]).output
      let page = try String(
        contentsOf: Fixtures.repository.appendingPathComponent("man/rso-\(verb).1"), encoding: .utf8
      )
      let (options, shorts) = Self.options(of: help)
      let synopsis = try #require(page.firstMatch(of: #/\n\.Sh SYNOPSIS\n([\s\S]*?)\n\.Sh\s/#)?.1)
      let found = Self.options(inSynopsis: String(synopsis), shorts: shorts)
      #expect(found == options)

      let arguments = help.matches(of: /\n  <([^>]+)>/).map { String($0.1) }
      let form = String(synopsis.split(separator: ".Nm rso \(verb)\n")[0])
      let inSynopsis = form.split(separator: "\n").filter { $0.hasPrefix(".Ar ") }
        .map { String($0.dropFirst(4).prefix { $0 != " " }) }
      #expect(inSynopsis == arguments)
    }

    /// From the lists of `--help`.
    private static func options(of help: String) -> (Set<Option>, [String: String]) {
      var (options, shorts) = (Set<Option>(), [String: String]())
      for line in help.split(separator: "\n") {
        guard let match = line.firstMatch(of: /^  (?:-([a-z]), )?--([a-z-]+)(?: <([^>]+)>)?/)
        else { continue }
        let name = String(match.2)
        if let short = match.1 { shorts[String(short)] = name }
        if usual.contains(name) { continue }
        options.insert(Option(name: name, value: match.3.map(String.init)))
      }
      return (options, shorts)
    }

    private static func options(
      inSynopsis text: String, shorts: [String: String]
    ) -> Set<Option> {
      Set(
        text.matches(of: /Fl (-?[a-z-]+)(?: Ar ([^\s]+))?/).map { match in
          let word = String(match.1)
          let name = word.hasPrefix("-") ? String(word.dropFirst()) : shorts[word] ?? word
          return Option(name: name, value: match.2.map(String.init))
        })
    }
  }
}

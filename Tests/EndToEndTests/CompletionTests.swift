import Foundation
import Testing

extension EndToEndOnFiles {
  @Suite("Completions, by the shells themselves")
  struct CompletionTests {
    private func script(_ shell: String, in sandbox: Sandbox) async throws -> String {
      let outcome = try await Programs.rso(["--generate-completion-script", shell])
      try #require(outcome.status == 0, "\(outcome.errors)")
      try sandbox.write(outcome.output, to: shell)
      return sandbox.path(shell)
    }

    private func bash(_ line: String) async throws -> Set<String> {
      let sandbox = try Sandbox()
      let file = try await script("bash", in: sandbox)
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let outcome = try await Programs.run(
        "/bin/bash",
        [
          "-c",
          """
          source '\(file)'
          COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
          COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
          function=$(complete -p rso | sed -E 's/.*-F ([^ ]+).*/\\1/')
          "$function" rso "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          printf '%s\\n' "${COMPREPLY[@]}"
          """,
        ], in: sandbox.url)
      #expect(outcome.errors == "")
      return Set(
        outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test("bash completes verbs, options of a verb, and values of an option")
    func bash() async throws {
      let verbs = try await bash("rso ")
      #expect(verbs.isSuperset(of: ["train", "resume", "eval", "inspect", "diff", "history"]))
      #expect(try await bash("rso ins") == ["inspect"])
      #expect(try await bash("rso inspect --sp") == ["--spectrum"])
      #expect(try await bash("rso inspect --color ").isSuperset(of: ["auto", "always", "never"]))
      #expect(try await bash("rso eval inspect/ru").isEmpty)
      #expect(try await bash("rso eval run --bat") == ["--batch"])
      #expect(try await bash("rso resume dat") == ["data"])
    }

    @Test("zsh reads its script")
    func zsh() async throws {
      let sandbox = try Sandbox()
      let file = try await script("zsh", in: sandbox)
      let outcome = try await Programs.run("/usr/bin/env", ["zsh", "-n", file])
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
      let text = String(decoding: try sandbox.data("zsh"), as: UTF8.self)
      #expect(text.hasPrefix("#compdef rso\n") && text.contains("_rso_inspect"))
    }

    @Test("fish completes verbs and options of a verb")
    func fish() async throws {
      let sandbox = try Sandbox()
      let file = try await script("fish", in: sandbox)
      func complete(_ line: String) async throws -> [String] {
        let outcome = try await Programs.run(
          "/usr/bin/env", ["fish", "-c", "source '\(file)'; complete -C '\(line)'"],
          in: sandbox.url, environment: ["HOME": sandbox.url.path])
        return outcome.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
      }
      #expect(try await complete("rso ins") == ["inspect"])
      #expect(try await complete("rso inspect --sp") == ["--spectrum"])
    }

    @Test("another shell is refused", arguments: [[], ["tcsh"]])
    func unknown(shell: [String]) async throws {
      let outcome = try await Programs.rso(["--generate-completion-script"] + shell)
      #expect(outcome.status == 64 && outcome.errors.contains("bash, fish, zsh"))
    }
  }
}

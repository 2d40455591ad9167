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

    /// Types lines and a tab into an interactive shell, and returns what then is on its line.
    private func typed(_ shell: String, _ lines: [String]) async throws -> [String] {
      let sandbox = try completedFiles()
      let file = try await script(shell, in: sandbox)
      try FileManager.default.createDirectory(
        atPath: sandbox.path("functions"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: file, toPath: sandbox.path("functions/_rso"))
      let setup =
        shell == "bash"
        ? """
        bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; source '\(file)'
        report() { printf '%s\\n' "$READLINE_LINE" >>answers; READLINE_LINE=; }
        bind -x '"\\C-xr": report'
        """
        : """
        fpath=(functions $fpath); autoload -Uz compinit; compinit -u -D; setopt no_beep
        report() { print -r -- "$BUFFER" >>answers; BUFFER= }; zle -N report
        bindkey '^Xr' report
        """
      try sandbox.write(setup + "\necho read''y\n", to: "setup")
      try sandbox.write(Self.typist, to: "typist.py")
      let command =
        shell == "bash"
        ? ["/bin/bash", "--norc", "--noprofile", "-i"] : ["/usr/bin/zsh", "-f", "-i"]
      let outcome = try await Programs.run(
        "/usr/bin/python3", ["typist.py", lines.joined(separator: "\n")] + command,
        in: sandbox.url, environment: ["HOME": sandbox.url.path, "TERM": "dumb"])
      #expect(outcome.status == 0, "\(outcome)")
      let answers = String(decoding: try sandbox.data("answers"), as: UTF8.self)
      return answers.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        // A space after a word that is complete, '=' after an option of zsh's, and bash's quoting of colons.
        String(" =".contains($0.last ?? "x") ? $0.dropLast() : $0).replacing("\\:", with: ":")
      }
    }

    /// A data set, and a run with a few checkpoints; no file of a known data set.
    private func completedFiles() throws -> Sandbox {
      let sandbox = try Sandbox()
      try sandbox.write("", to: "mine.npz")
      try FileManager.default.createDirectory(
        atPath: sandbox.path("runs/a"), withIntermediateDirectories: true)
      for name in ["best", "last", "ckpt-000000", "ckpt-000012", "ckpt-100000"] {
        try sandbox.write("", to: "runs/a/\(name).h5")
      }
      try FileManager.default.createDirectory(
        atPath: sandbox.path("runs/a b"), withIntermediateDirectories: true)
      for name in ["best", "last"] { try sandbox.write("", to: "runs/a b/\(name).h5") }
      return sandbox
    }

    /// Types into a shell on a terminal of its own: line, tab, and the keys that report the line.
    private static let typist = """
      import os, pty, select, sys, time

      lines, command = sys.argv[1].split("\\n"), sys.argv[2:]
      child, terminal = pty.fork()
      if child == 0:
          os.execv(command[0], command)
      output = b""

      def wait(done):
          global output
          end = time.monotonic() + 60
          while not done():
              if time.monotonic() > end:
                  sys.exit("no answer: " + output.decode(errors="replace")[-2000:])
              if select.select([terminal], [], [], 0.02)[0]:
                  output += os.read(terminal, 65536)

      def answers():
          return open("answers").read().count("\\n") if os.path.exists("answers") else 0

      os.write(terminal, b". ./setup\\r")
      wait(lambda: b"ready" in output)
      for number, line in enumerate(lines):
          os.write(terminal, line.encode() + b"\\t\\x18r")
          wait(lambda: answers() > number)
      os.kill(child, 9)
      """

    private static let completed: [(line: String, expected: String)] = [
      ("rso ins", "rso inspect"),
      ("rso help dev", "rso help devices"),
      ("rso --li", "rso --list-verbs"),
      ("rso --gen", "rso --generate-completion-script"),
      ("rso --generate-completion-script f", "rso --generate-completion-script fish"),
      ("rso inspect --sp", "rso inspect --spectrum"),
      ("rso inspect --color al", "rso inspect --color always"),
      ("rso train --data min", "rso train --data mine.npz"),
      ("rso train --data cifar100", "rso train --data cifar100"),
      ("rso train --data mn", "rso train --data mnist"),
      ("rso train --data=min", "rso train --data=mine.npz"),
      ("rso train --arch au", "rso train --arch auto"),
      ("rso train --arch mlp", "rso train --arch mlp.json"),
      ("rso train --preset=mnist-fa", "rso train --preset=mnist-fast"),
      ("rso train --loss=cross", "rso train --loss=cross-entropy"),
      ("rso train --precision f32-d", "rso train --precision f32-direct"),
      ("rso train --class-weights bal", "rso train --class-weights balanced"),
      ("rso train --class-weights ml", "rso train --class-weights mlp.json"),
      ("rso train --cost-matrix ml", "rso train --cost-matrix mlp.json"),
      ("rso train --device opencl", "rso train --device opencl:0"),
      ("rso train --perf-log ml", "rso train --perf-log mlp.json"),
      ("rso train --test-data=min", "rso train --test-data=mine.npz"),
      ("rso export runs/a@b", "rso export runs/a@best"),
      ("rso eval runs/a@l", "rso eval runs/a@last"),
      ("rso eval runs/a@12", "rso eval runs/a@12"),
      ("rso eval runs/a@100", "rso eval runs/a@100000"),
      ("rso diff runs/a@best runs/a@0", "rso diff runs/a@best runs/a@0"),
      ("rso eval --data=mine.npz runs/a@la", "rso eval --data=mine.npz runs/a@last"),
      ("rso export -o mi", "rso export -o mine.npz"),
      ("rso bench --weights runs/a@be", "rso bench --weights runs/a@best"),
      ("rso import min", "rso import mine.npz"),
    ]

    @Test(
      "words, values, files and states are completed as they are typed", arguments: ["bash", "zsh"])
    func typing(shell: String) async throws {
      let answers = try await typed(shell, Self.completed.map(\.line))
      try #require(answers.count == Self.completed.count)
      for (answer, row) in zip(answers, Self.completed) {
        #expect(answer == row.expected, "\(shell): \(row.line)")
      }
    }

    @Test("a run whose name has a blank is completed in bash, with and without quotes")
    func blanks() async throws {
      let lines = [
        #"rso eval runs/a\ b@be"#, "rso eval 'runs/a b@be", "rso eval \"runs/a b@la",
        "rso eval 'runs/a ",
      ]
      #expect(
        try await typed("bash", lines) == [
          #"rso eval runs/a\ b@best"#, "rso eval 'runs/a b@best'", "rso eval \"runs/a b@last\"",
          "rso eval 'runs/a b'/",
        ])
    }

    @Test("fish offers verbs, options, values, files and states")
    func fish() async throws {
      let sandbox = try completedFiles()
      let file = try await script("fish", in: sandbox)
      for (line, expected) in Self.completed {
        let outcome = try await Programs.run(
          "/usr/bin/env", ["fish", "-c", "source '\(file)'; complete -C '\(line)'"],
          in: sandbox.url, environment: ["HOME": sandbox.url.path])
        let offered = outcome.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
        let word = expected.split(separator: " ").last ?? ""
        #expect(offered.contains(word), "\(line): \(outcome)")
      }
    }

    @Test("each state of a run is offered, and no other")
    func states() async throws {
      let sandbox = try completedFiles()
      let file = try await script("fish", in: sandbox)
      let outcome = try await Programs.run(
        "/usr/bin/env", ["fish", "-c", "source '\(file)'; complete -C 'rso eval runs/a@'"],
        in: sandbox.url, environment: ["HOME": sandbox.url.path])
      #expect(
        Set(outcome.output.split(separator: "\n").map(String.init))
          == Set(["best", "last", "0", "12", "100000"].map { "runs/a@\($0)" }))
    }

    /// Options whose values are numbers or free text.
    private static let free: Set = [
      "--anneal-to", "--atol", "--augment", "--average", "--batch", "--batch-factors",
      "--batch-size", "--cell", "--cycles", "--deviation-scale", "--focal-gamma", "--hold",
      "--ignore", "--inputs", "--jobs", "--keep-every", "--keep-last", "--label",
      "--label-smoothing", "--labels", "--layer", "--layers", "--map", "--max-time", "--objective",
      "--objective-timeout", "--only", "--patience", "--phase-samples", "--quantile",
      "--rank-groups", "--replay", "--rtol", "--samples", "--save-interval", "--seconds", "--seed",
      "--split-seed", "--test", "--test-samples", "--threads", "--top-k", "--validation",
      "--weight-decay",
    ]

    @Test("every option with a value has completions, except numbers and free text")
    func values() async throws {
      let sandbox = try Sandbox()
      let file = try await script("bash", in: sandbox)
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
      let options = text.matches(of: /\n    '(-[^)]*)'\)\n +(\S+)/)
      #expect(options.count > 100)
      let without = options.filter { $0.2 == "return" }.map { String($0.1) }
      let layers = text.contains("'--layers')\n        __rso_add")
      #expect(
        layers, "the order of layers of rso train has words; the layers of rso bench are text")
      #expect(Set(without) == Self.free)
      #expect(!text.contains("RSO_RUNS") && !text.contains("RSO_FILES"))
    }

    @Test("another shell is refused", arguments: [[], ["tcsh"]])
    func unknown(shell: [String]) async throws {
      let outcome = try await Programs.rso(["--generate-completion-script"] + shell)
      #expect(outcome.status == 64 && outcome.errors.contains("bash, fish, zsh"))
    }
  }
}

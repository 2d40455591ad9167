import Foundation
import Testing

extension EndToEndOnFiles {
  @Suite("The dispatcher, from the command line")
  struct DispatchTests {
    @Test("lists the verbs that it finds, those on PATH too, past a broken entry")
    func list() async throws {
      let sandbox = try Sandbox()
      try script("echo greetings \"$@\"; exit 7", named: "rso-greet", in: sandbox)
      let path = "/nowhere::/etc/passwd:\(sandbox.url.path)"
      let help = try await Programs.rso(["--help"], environment: ["PATH": path])
      #expect(help.status == 0)
      for line in [
        "  train    Train", "  resume   Continue", "  eval     Measure",
        "  greet    Run the program rso-greet.",
      ] {
        #expect(help.output.contains(line), "\(line)")
      }
      let run = try await Programs.rso(["greet", "--a", "b c"], environment: ["PATH": path])
      #expect(run.status == 7)
      #expect(run.output == "greetings --a b c\n")
    }

    @Test("an unknown verb has status 64 and names the nearest")
    func unknown() async throws {
      let outcome = try await Programs.rso(["trian"])
      #expect(outcome.status == 64)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("'train'"))
      #expect(try await Programs.rso([]).status == 64)
    }

    @Test("a program that cannot be run has status 126")
    func cannotRun() async throws {
      let sandbox = try Sandbox()
      try script("", named: "rso-broken", in: sandbox, interpreter: "/nowhere/sh")
      let outcome = try await Programs.rso(["broken"], environment: ["PATH": sandbox.url.path])
      #expect(outcome.status == 126)
      #expect(outcome.errors.contains("rso-broken"))
    }

    @Test("the process becomes the verb, so that a signal reaches it")
    func becomes() async throws {
      let sandbox = try Sandbox()
      try script("echo $$ > pid; exec sleep 60", named: "rso-wait", in: sandbox)
      let running = try RunningProgram(
        Programs.path("rso"), ["wait"], in: sandbox.url,
        environment: ["PATH": "\(sandbox.url.path):/usr/bin:/bin"])
      #expect(try await running.runs { sandbox.exists("pid") })
      running.send(SIGTERM)
      #expect(try await running.end(within: 5).signal == SIGTERM)
    }

    @Test("rso under the name rso-VERB is that verb")
    func byName() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("rso-diff"), withDestinationPath: Programs.path("rso"))
      let help = try await Programs.run(sandbox.path("rso-diff"), ["--help"])
      #expect(help.output.contains("USAGE: rso diff"))
      let failed = try await Programs.run(sandbox.path("rso-diff"), ["/nowhere/a", "/nowhere/b"])
      #expect(failed.status == 2)
      #expect(failed.errors.hasPrefix("rso-diff: cannot open '/nowhere/a'"), "\(failed.errors)")
    }

    @Test("what is installed finds its verbs and its data, through a link too")
    func install() async throws {
      let sandbox = try Sandbox()
      let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let prefix = sandbox.path("prefix")
      let make = [
        "make", "install", "install-mnist", "PREFIX=\(prefix)", "BIN=\(Programs.directory.path)",
      ]
      let installed = try await Programs.run("/usr/bin/env", make, in: repository)
      try #require(installed.status == 0, "\(installed.errors)")
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("rso"), withDestinationPath: prefix + "/bin/rso")
      let outcome = try await Programs.run(
        sandbox.path("rso"), ["train", "--dry-run"], in: sandbox.url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("60,000"))
      #expect(sandbox.exists("prefix/share/man/man1/rso-train.1"))
      let completions = [
        "bash-completion/completions/rso", "fish/vendor_completions.d/rso.fish",
        "zsh/site-functions/_rso",
      ]
      for file in completions { #expect(sandbox.exists("prefix/share/\(file)"), "\(file)") }
      let removed = try await Programs.run(
        "/usr/bin/env", ["make", "uninstall", "PREFIX=\(prefix)"], in: repository)
      #expect(removed.status == 0, "\(removed.errors)")
      for file in completions { #expect(!sandbox.exists("prefix/share/\(file)"), "\(file)") }
      #expect(!sandbox.exists("prefix/bin/rso") && !sandbox.exists("prefix/share/rso"))
    }

    private func script(
      _ body: String, named name: String, in sandbox: Sandbox, interpreter: String = "/bin/sh"
    ) throws {
      try sandbox.write("#!\(interpreter)\n\(body)\n", to: name)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: sandbox.path(name))
    }
  }
}

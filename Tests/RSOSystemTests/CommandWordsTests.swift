import RSOSystem
import Testing

@Suite("words of a command") struct CommandWordsTests {
  @Test(
    "white space separates words, and quotes keep it",
    arguments: [
      ("python3 f1.py", ["python3", "f1.py"]), ("  a \t b  ", ["a", "b"]),
      ("'a b' c", ["a b", "c"]), (#"a\ b"#, ["a b"]), (#""a \"b\" \n" ''"#, [#"a "b" \n"#, ""]),
      (#"a'b'"c"\d"#, ["abcd"]),
      ("sh -c 'exec ./x | tee y; $z'", ["sh", "-c", "exec ./x | tee y; $z"]),
      ("a~b#c", ["a~b#c"]), ("ä 'ö'", ["ä", "ö"]), (#"'\'"#, [#"\"#]),
      ("a=b --c=d", ["a=b", "--c=d"]),
    ])
  func words(command: String, words: [String]) throws {
    #expect(try CommandWords.split(command) == words)
  }

  @Test(
    "what is no command, or needs a shell, is refused",
    arguments: [
      ("", CommandWords.Fault.empty), ("  ", .empty), ("''", .empty), ("'a", .openQuote("'")),
      ("a \"b", .openQuote("\"")), ("a\\", .openBackslash), ("\"a\\", .openBackslash),
      ("a | b", .onlyInShell("|")), ("a && b", .onlyInShell("&")), ("a; b", .onlyInShell(";")),
      ("$HOME/a", .onlyInShell("$")), ("a \"$b\"", .onlyInShell("$")), ("~/a", .onlyInShell("~")),
      ("a *.py", .onlyInShell("*")), ("a >b", .onlyInShell(">")), ("#a", .onlyInShell("#")),
      ("`a`", .onlyInShell("`")),
    ])
  func faults(command: String, fault: CommandWords.Fault) {
    #expect(throws: fault) { try CommandWords.split(command) }
  }
}

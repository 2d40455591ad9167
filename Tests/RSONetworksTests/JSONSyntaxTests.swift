import Foundation
import RSONetworks
import Testing

@Suite("The syntax of JSON")
struct JSONSyntaxTests {
  static let errors: [(text: String, complaint: String)] = [
    ("", "line 1, column 1: expected a value, found the end of the text"),
    (" \n\t ", "line 2, column 3: expected a value, found the end of the text"),
    ("{", "line 1, column 2: expected a key in quotes, found the end of the text"),
    ("{a: 1}", "line 1, column 2: expected a key in quotes, found 'a'"),
    ("{'a': 1}", "line 1, column 2: expected a key in quotes, found '''"),
    (#"{"a" 1}"#, "line 1, column 6: expected ':', found '1'"),
    (#"{"a": }"#, "line 1, column 7: expected a value, found '}'"),
    ("{\"a\": 1,\r\n,}", "line 2, column 1: expected a key in quotes, found ','"),
    (#"{"a": 1 "b": 2}"#, "line 1, column 9: expected ',' or '}', found '\"'"),
    ("[1, 2", "line 1, column 6: expected ',' or ']', found the end of the text"),
    ("[,]", "line 1, column 2: expected a value, found ','"),
    ("[1,, ]", "line 1, column 4: expected a value, found ','"),
    ("[1, ]", "line 1, column 5: expected a value, found ']'"),
    ("{\"a\": 1,\r\n}", "line 2, column 1: expected a key in quotes, found '}'"),
    ("[1 2]", "line 1, column 4: expected ',' or ']', found '2'"),
    ("[1}", "line 1, column 3: expected ',' or ']', found '}'"),
    ("[]\n[]", "line 2, column 1: expected the end of the text, found '['"),
    ("{} x", "line 1, column 4: expected the end of the text, found 'x'"),
    ("True", "line 1, column 1: expected a value, found 'True'"),
    ("[nullx]", "line 1, column 2: expected a value, found 'nullx'"),
    ("// n\n{}", "line 1, column 1: expected a value, found '/'"),
    ("\u{7}", "line 1, column 1: expected a value, found byte 7"),
    ("01", "line 1, column 2: expected the end of the text, found '1'"),
    ("+1", "line 1, column 1: expected a value, found '+'"),
    ("[-]", "line 1, column 3: expected a digit, found ']'"),
    ("[1.]", "line 1, column 4: expected a digit, found ']'"),
    ("[1e+]", "line 1, column 5: expected a digit, found ']'"),
    ("[.5]", "line 1, column 2: expected a value, found '.'"),
    ("\"abc", "line 1, column 5: expected the closing '\"', found the end of the text"),
    ("\"a\nb\"", "line 1, column 3: a line break or control character inside a string"),
    (#""a\x""#, #"line 1, column 4: expected one of "\/bfnrtu after '\', found 'x'"#),
    (#""\u12g4""#, #"line 1, column 6: expected four hexadecimal digits after '\u', found 'g4'"#),
    (#""\u123""#, #"line 1, column 7: expected four hexadecimal digits after '\u', found '"'"#),
    (#""\ud800""#, "line 1, column 2: half of a surrogate pair"),
    (#""\ud800\u0041""#, "line 1, column 2: half of a surrogate pair"),
    (#""\udc00""#, "line 1, column 2: half of a surrogate pair"),
    // Columns are scalars, not bytes; a byte order mark is none.
    ("[\"äöü€😀\", x]", "line 1, column 11: expected a value, found 'x'"),
    ("\u{FEFF}[x]", "line 1, column 2: expected a value, found 'x'"),
  ]

  @Test("the first error of a text is named with its place", arguments: errors)
  func firstError(text: String, complaint: String) {
    #expect(JSONSyntax.complaint(about: Data(text.utf8)) == ": " + complaint)
    #expect(
      hasTrailingComma(Data(text.utf8)) || (try? parse(Data(text.utf8))) == nil)
  }

  @Test("bytes that are not UTF-8 are an error where they lie")
  func bytes() {
    for wrong: [UInt8] in [
      [0xFF], [0xC3], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80],
    ] {
      let text = Data([UInt8]("{\n \"ä".utf8) + wrong + [UInt8]("\": 1}".utf8))
      #expect(JSONSyntax.complaint(about: text) == ": line 2, column 4: bytes that are not UTF-8")
    }
  }

  @Test("UTF-16 is named")
  func utf16() {
    for start: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
      #expect(
        JSONSyntax.complaint(about: Data(start + [0x7B, 0]))
          == ": line 1, column 1: expected a value, found UTF-16 text; convert it, such as with 'iconv -f UTF-16 -t UTF-8'"
      )
    }
  }

  @Test(
    "what is JSON is no error",
    arguments: [
      "{}", "[]", " [ ] ", "0", "-0", "-0.5e+10", "1E5", "1e-7", "true",
      "[false, null]", #""""#,
      #"{"a": {"b": [1, {"c": "d"}], "e": ""}, "f": [[], [[]]]}"#, "\u{FEFF}{}",
      #""\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00\uffff""#, "\"ä€😀\u{7F}\"", "\r\n{\t\"a\"\n:\r1}\n",
      String(repeating: "[", count: 512) + String(repeating: "]", count: 512),
    ])
  func valid(text: String) throws {
    #expect(JSONSyntax.complaint(about: Data(text.utf8)) == "")
    try parse(Data(text.utf8))
  }

  @Test("every text cut off or with another byte is right for both parsers, or for neither")
  func agreesWithFoundation() {
    let text = [UInt8](
      #"{"name": "nä\u00e4\n", "input": [1, -2.5e-3, 0], "bias": true, "from": null}"#.utf8)
    var count = 0
    func compare(_ bytes: [UInt8]) {
      let data = Data(bytes)
      let isRight = JSONSyntax.complaint(about: data).isEmpty
      let isAccepted = (try? parse(data)) != nil && !hasTrailingComma(data)
      #expect(isRight == isAccepted, "\(String(decoding: bytes, as: UTF8.self))")
      count += isRight ? 1 : 0
    }
    for place in text.indices {
      compare(Array(text[..<place]))
      for byte in Array("{}[]:,\"\\0-+.eEtux \n".utf8) {
        var other = text
        other[place] = byte
        compare(other)
      }
    }
    #expect(count > 100)
  }

  @Test("levels without end are an error at the limit")
  func depth() {
    for count in [513, 1_000_000] {
      let text = Data(repeating: UInt8(ascii: "["), count: count)
      #expect(
        JSONSyntax.complaint(about: text)
          == ": line 1, column 513: more than 512 objects and arrays inside one another")
    }
  }

  /// True if a comma stands before the end of an object or array, which Foundation takes and JSON has not.
  private func hasTrailingComma(_ text: Data) -> Bool {
    String(decoding: text, as: UTF8.self).contains(/,\s*[}\]]/)
  }

  private func parse(_ text: Data) throws {
    _ = try JSONSerialization.jsonObject(with: text, options: .fragmentsAllowed)
  }

  @Test(
    "the place of a value is the line and column at which it begins",
    arguments: [
      ("architecture", 1, 1), ("input", 1, 12), ("layers", 2, 12), ("layers[0]", 3, 5),
      ("layers[1]", 4, 1), ("layers[1].kernel", 4, 36),
    ])
  func places(path: String, line: Int, column: Int) {
    let text = """
      {"input" : [1, 2, 2],
       "layers": [
          {"type": "relu", "a": {"kernel": 1}},
      {"type": "conv\u{e4}", "\\u006bernel":   3}]}
      """
    let place = JSONSyntax.place(of: path, in: Data(text.utf8))
    #expect(place.map { [$0.line, $0.column] } == [line, column])
    let key = JSONSyntax.place(of: "layers[1]", key: "kernel", in: Data(text.utf8))
    #expect(key.map { [$0.line, $0.column] } == [4, 36])
    let root = JSONSyntax.place(of: "architecture", key: "layers", in: Data(text.utf8))
    #expect(root.map { [$0.line, $0.column] } == [2, 12])
    #expect(JSONSyntax.place(of: "layers[2]", in: Data(text.utf8)) == nil)
    #expect(JSONSyntax.place(of: "layers[0].kernel", in: Data(text.utf8)) == nil)
  }
}

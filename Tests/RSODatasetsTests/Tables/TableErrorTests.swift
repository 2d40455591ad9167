import RSODatasets
import TestSupport
import Testing

@Suite("Malformed tables")
struct TableErrorTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var message: String
    var label: String?

    init(_ name: String, _ text: String, label: String? = nil, _ message: String) {
      self.name = name
      self.text = text
      self.label = label
      self.message = message
    }

    var testDescription: String { name }
  }

  static let rows = [
    Row("nothing", "", "cannot use 'T': the file is empty"),
    Row("only a header", "a,b\n", "cannot use 'T': the table has no rows"),
    Row("only line ends", "\n\r\n \n", "cannot use 'T': the table has no rows"),
    Row(
      "an empty cell", "w,h,kind\n1,2,red\n3,,blue\n",
      "cannot use 'T': line 3, column 2 ('h') is empty; fill the cell, or remove the line"),
    Row(
      "a missing value", "w,h,kind\n1,NaN,red\n",
      "cannot use 'T': line 2, column 2 ('h') is 'NaN', a missing value; fill in a number, or remove "
        + "the line"),
    Row(
      "an infinite value", "1,-inf,0\n",
      "cannot use 'T': line 1, column 2 is '-inf', not a finite 32-bit number; scale the column, or "
        + "remove the line"),
    Row(
      "a number that is too large", "1,1e39,0\n",
      "cannot use 'T': line 1, column 2 is '1e39', not a finite 32-bit number; scale the column, or "
        + "remove the line"),
    Row(
      "a text among numbers", "1,2,0\n1,x2,0\n",
      "cannot use 'T': line 2, column 2 is 'x2', not a number; if the column is the label, use "
        + "--label 2, otherwise remove it or replace its texts by numbers"),
    Row(
      "a number with a unit", "1,2,0\n1,2cm,0\n",
      "cannot use 'T': line 2, column 2 is '2cm', not a number; if the column is the label, use "
        + "--label 2, otherwise remove it or replace its texts by numbers"),
    Row(
      "an exponent without digits", "1,2,0\n1,2e,0\n",
      "cannot use 'T': line 2, column 2 is '2e', not a number; if the column is the label, use "
        + "--label 2, otherwise remove it or replace its texts by numbers"),
    Row(
      "decimal commas", "1,5;2,5;0\n2,5;3,5;1\n",
      "cannot use 'T': line 1, column 1 is '1,5'; write numbers with a decimal point"),
    Row(
      "no label", "w,kind\n1,red\n2,\n",
      "cannot use 'T': line 3, column 2 ('kind') is empty; fill the cell, or remove the line"),
    Row(
      "too few cells", "1,2,0\n1,2\n3,4,5\n6,7,8\n",
      "cannot use 'T': line 2 has 2 cells, expected 3 as in the lines before; enclose cells that "
        + "contain the separator in quotes"),
    Row(
      "too many cells", "a,b\n1,0\n2,1,3\n",
      "cannot use 'T': line 3 has 3 cells, expected 2 as in the lines before; enclose cells that "
        + "contain the separator in quotes"),
    Row(
      "one column", "a\n1\n2\n",
      "cannot use 'T': the table has 1 column; it needs a label and at least one other column, "
        + "separated by ',', ';', tab or blanks"),
    Row(
      "a quote inside a cell", "w,kind\n1,5\" pipe\n",
      "cannot use 'T': line 2, column 2 ('kind') has a quote inside; enclose the cell in quotes and "
        + "write each inner quote twice"),
    Row(
      "text behind a quote", "w,kind\n1,\"a\"b\n",
      "cannot use 'T': line 2, column 2 ('kind') has a quote inside; enclose the cell in quotes and "
        + "write each inner quote twice"),
    Row(
      "an open quote", "w,kind\n1,\"a\n2,b\n",
      "cannot use 'T': line 2, column 2 ('kind') begins with a quote that is never closed"),
    Row(
      "no such column", "w,kind\n1,a\n", label: "size",
      "cannot use 'T': no column 'size'; it has 2 columns: w, kind; name one with --label, or give "
        + "its number counted from 1"),
    Row(
      "a name twice", "a,a,kind\n1,2,x\n", label: "a",
      "cannot use 'T': several columns are named 'a'; give the number of the label, counted from 1"),
    Row(
      "a name twice among several", "a,a,kind\n1,2,0\n", label: "kind,a",
      "cannot use 'T': several columns are named 'a'; give the number of the label, counted from 1"),
    Row(
      "no such number", "1,2\n3,4\n", label: "3",
      "cannot use 'T': no column '3'; it has 2 columns; name one with --label, or give its number "
        + "counted from 1"),
    Row(
      "a label twice", "a,b,c\n1,0,1\n", label: "b,b",
      "cannot use 'T': --label 'b,b' names column 'b' twice; name it once"),
    Row(
      "decimal commas", "a;b;kind\n0,5;1,5;x\n",
      "cannot use 'T': line 2, column 1 ('a') is '0,5'; write numbers with a decimal point"),
    Row(
      "column 0", "1,2\n3,4\n", label: "0",
      "cannot use 'T': no column '0'; it has 2 columns; name one with --label, or give its number "
        + "counted from 1"),
    Row(
      "scikit-learn with a missing row", "3,2,a,b\n1,2,0\n3,4,1\n",
      "cannot use 'T': its first line announces 3 rows, but it has 2"),
    Row(
      "UTF-16", "\u{FFFE}",
      "cannot read 'T' as a table: it is UTF-16 text; convert it, such as with "
        + "'iconv -f UTF-16 -t UTF-8'"),
    Row(
      "a byte of 0", "1,2\0,3\n", "cannot read 'T' as a table: it has bytes of 0, which no text has"
    ),
    Row(
      "a web page", "<!DOCTYPE html>\n",
      "cannot read 'T' as a table: it is a web page, as a server sends instead of a file; download it "
        + "again"),
    Row(
      "a pointer", "version https://git-lfs.github.com/spec/v1\n",
      "cannot read 'T' as a table: it is a pointer of git-lfs; get the file with 'git lfs pull'"),
    Row(
      "control characters in a text", "1,2,0\n1,\u{1B}[2J,0\n",
      "cannot use 'T': line 2, column 2 is '\\x1B[2J', not a number; if the column is the label, use "
        + "--label 2, otherwise remove it or replace its texts by numbers"),
  ]

  @Test("each is refused with its line, its column and advice", arguments: rows)
  func refused(row: Row) throws {
    let directory = try TemporaryDirectory()
    // UTF-16 begins with bytes that are no UTF-8.
    let bytes = row.name == "UTF-16" ? [0xFF, 0xFE, 0x31, 0] : Array(row.text.utf8)
    try directory.write(bytes, to: "t.csv")
    let path = directory("t.csv")
    do throws(TableError) {
      let table = try Table(path, labels: .columns(row.label))
      Issue.record("accepted: \(table.features)")
    } catch {
      #expect("\(error)" == row.message.replacingFirst("'T'", with: "'\(path)'"))
      #expect(error.cause == .content)
    }
  }

  @Test("text that is not UTF-8 is refused, so that no two labels become one")
  func latin() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Array("1,".utf8) + [0xE9] + Array("\n2,a\n".utf8), to: "t.csv")
    #expect(
      throws: TableError.cell(
        path: directory("t.csv"), place: "line 1, column 2",
        message: " is not UTF-8 text; convert the file, such as with 'iconv -f LATIN1 -t UTF-8'")
    ) { try Table(directory("t.csv")) }
  }

  @Test("a line without end is refused before it fills the memory")
  func longLine() throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      Array("1,2\n\"".utf8) + [UInt8](repeating: 0x61, count: 20_000), to: "t.csv")
    #expect(throws: TableError.longRecord(path: directory("t.csv"), limit: 16 << 10)) {
      try Table(directory("t.csv"), partSize: 1024)
    }
  }

  @Test("a damaged gzip file is told as such")
  func damagedGzip() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Gzip.stored(Array("1,2\n".utf8)).dropLast(9), to: "t.csv.gz")
    do throws(TableError) {
      _ = try Table(directory("t.csv.gz"))
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "cannot read '\(directory("t.csv.gz"))': gzip data ends early")
    }
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}

import RSOSystem
import Testing

@Suite("path operations") struct PathTests {
  @Test("name, parent and extension of a path") func parts() {
    let rows = [
      ("/a/b/c", "c", "/a/b", ""), ("/a/b/c/", "c", "/a/b", ""), ("c", "c", ".", ""),
      ("/c.h5", "c.h5", "/", "h5"), ("/", "/", "/", ""), ("a//b.tar.gz", "b.tar.gz", "a", "gz"),
      (".hidden", ".hidden", ".", ""), ("", "", ".", ""), ("a/\u{301}x", "\u{301}x", "a", ""),
    ]
    for (path, name, parent, fileExtension) in rows {
      #expect(Path.name(of: path) == name, "\(path)")
      #expect(Path.parent(of: path) == parent, "\(path)")
      #expect(Path.fileExtension(of: path) == fileExtension, "\(path)")
    }
  }

  @Test("an absolute path has no dots and no doubled slashes") func absolute() {
    #expect(Path.absolute("x/./y/../z//", in: "/a/b") == "/a/b/x/z")
    #expect(Path.absolute("../../../x", in: "/a") == "/x")
    #expect(Path.absolute("/", in: "/a") == "/")
    #expect(Path.absolute("") == FileSystem.workingDirectory())
  }

  @Test("joining takes a directory with and without a slash") func joined() {
    #expect(Path.joined("a", "b") == "a/b")
    #expect(Path.joined("a/", "b") == "a/b")
    #expect(Path.joined("a", "/b") == "/b")
    #expect(Path.joined("", "b") == "b")
  }
}

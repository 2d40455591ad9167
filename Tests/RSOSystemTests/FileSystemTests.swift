import Glibc
import RSOSystem
import Testing

@Suite("system calls on paths") struct FileSystemTests {
  /// Calls `body` with the path of an empty directory whose name is not UTF-8.
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let name = Array("/tmp/rso-system-\(UInt64.random(in: .min ... .max))-".utf8) + [0xFC]
    let path = PathText.text(of: name)
    try FileSystem.makeDirectory(path)
    defer { try? FileSystem.removeTree(path) }
    try body(path)
  }

  private func makeSymbolicLink(_ path: String, to target: String) {
    #expect(withPath(path) { path in withPath(target) { symlink($0, path) } } == 0)
  }

  @Test("files in a directory whose name is not UTF-8 are made, named, renamed and removed")
  func changes() throws {
    try withDirectory { directory in
      let file = Path.joined(directory, PathText.text(of: [0x61, 0xFF]))
      close(try FileSystem.open(file, O_WRONLY | O_CREAT))
      #expect(FileSystem.isFile(file) && !FileSystem.isDirectory(file))
      #expect(try FileSystem.names(in: directory).map(PathText.bytes) == [[0x61, 0xFF]])
      let other = Path.joined(directory, "b")
      try FileSystem.rename(file, to: other)
      #expect(!FileSystem.exists(file) && FileSystem.allows([.read, .write], other))
      makeSymbolicLink(file, to: other)
      #expect(FileSystem.linkTarget(of: file) == other)
      #expect(FileSystem.resolved(file) == other)
      #expect(try FileSystem.status(of: file, followingLinks: false).kind == .symbolicLink)
      #expect(try FileSystem.status(of: file).isSameFile(as: FileSystem.status(of: other)))
      let hard = Path.joined(directory, "c")
      #expect(withPath(hard) { hard in withPath(other) { link($0, hard) } } == 0)
      #expect(try FileSystem.status(of: hard).isSameFile(as: FileSystem.status(of: other)))
      try FileSystem.remove(file)
      #expect(try FileSystem.names(in: directory) == ["b", "c"])
    }
  }

  @Test("directories are made with those above them, and removed with their content")
  func directories() throws {
    try withDirectory { directory in
      let deep = Path.joined(directory, "a/b/c")
      try FileSystem.makeDirectories(deep)
      try FileSystem.makeDirectories(deep)
      #expect(FileSystem.isDirectory(deep))
      let link = Path.joined(directory, "a/link")
      makeSymbolicLink(link, to: directory)
      try FileSystem.removeTree(Path.joined(directory, "a"))
      #expect(try FileSystem.names(in: directory) == [])
    }
  }

  @Test("a failed call says which, of what, and why") func failures() throws {
    try withDirectory { directory in
      let missing = Path.joined(directory, "no")
      #expect(throws: SystemError(operation: .open, path: missing, code: ENOENT)) {
        try FileSystem.open(missing, O_RDONLY)
      }
      #expect(throws: SystemError(operation: .remove, path: directory, code: EISDIR)) {
        try FileSystem.remove(directory)
      }
      #expect(throws: SystemError(operation: .makeDirectory, path: directory, code: EEXIST)) {
        try FileSystem.makeDirectory(directory)
      }
      let error = SystemError(operation: .open, path: "x", code: ENOENT)
      #expect("\(error)" == "cannot open 'x': no such file or directory")
      #expect(error.isMissing)
    }
  }
}

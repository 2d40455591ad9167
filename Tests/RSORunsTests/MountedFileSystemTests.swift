import RSORuns
import TestSupport
import Testing

@Suite("MountedFileSystem")
struct MountedFileSystemTests {
  private static let list = #"""
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    23 22 0:21 / /proc rw shared:2 - proc proc rw
    24 22 0:30 / /srv rw shared:3 master:1 - nfs4 server:/srv rw,vers=4.2
    25 22 8:2 / /srv/a\040b ro,relatime - xfs /dev/sdb1 rw
    26 22 0:40 / /old rw - tmpfs tmpfs rw
    27 22 8:3 / /old rw - iso9660 /dev/sr0 ro
    damaged line
    """#

  @Test(
    "is the one at the deepest place above a path, and of several there the last",
    arguments: [
      ("/", "ext4", "/", false), ("/home/x", "ext4", "/", false), ("/srv", "nfs4", "/srv", false),
      ("/srv/runs", "nfs4", "/srv", false), ("/srvx", "ext4", "/", false),
      ("/srv/a b/c", "xfs", "/srv/a b", true), ("/old/x", "iso9660", "/old", true),
    ])
  func kinds(path: String, kind: String, place: String, isReadOnly: Bool) throws {
    let root = try TemporaryDirectory()
    try root.write(Self.list.utf8, to: "proc/self/mountinfo")
    #expect(
      MountedFileSystem.containing(path, root: root.path + "/")
        == MountedFileSystem(kind: kind, place: place, isReadOnly: isReadOnly))
  }

  @Test("is not known without /proc")
  func unknown() throws {
    let root = try TemporaryDirectory()
    #expect(MountedFileSystem.containing("/", root: root.path + "/") == nil)
  }

  @Test("the groups' limit of processes is the smallest one around the process")
  func processes() throws {
    let root = try TemporaryDirectory()
    #expect(MachineProcesses.limit(root: root.path + "/") == nil)
    try root.write("0::/a/b\n".utf8, to: "proc/self/cgroup")
    try root.write("max\n".utf8, to: "sys/fs/cgroup/a/b/pids.max")
    #expect(MachineProcesses.limit(root: root.path + "/") == nil)
    try root.write("512\n".utf8, to: "sys/fs/cgroup/a/pids.max")
    try root.write("4096\n".utf8, to: "sys/fs/cgroup/pids.max")
    #expect(MachineProcesses.limit(root: root.path + "/") == 512)
  }
}

import Glibc
import HDF5

/// Parses files one after the other, each in a copy of this process (fork(2)) that ends with the file.
///
/// This process passes bytes on and parses nothing. So a file that breaks libhdf5 ends its own copy, and
/// the next file finds nothing of it.
///
/// It reads from standard input, for each file, its size (8 bytes) and its bytes. It writes to standard
/// output the wait status of the copy (4 bytes), the size of the answer (8 bytes), and the answer.
/// Numbers are little-endian. It ends when its input ends.
enum Server {
  private static let chunkBytes = 1 << 16

  static func run() -> Never {
    // The descriptors: the standard streams and the two ends of one pair of sockets.
    guard ResourceLimits.lower([(RLIMIT_CORE, 0), (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 5)]) else {
      exit(71)
    }
    // Sets libhdf5 up once, before the first file, so that each copy finds it ready.
    guard (try? HDF5Library.version) != nil else { exit(71) }
    while let header = StandardStreams.read(8) {
      let size = header.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard size <= Parser.maximumSize, serve(Int(size)) else { exit(74) }
    }
    exit(0)
  }

  /// Parses one file. Returns false if the system does not let it, or the other side is gone.
  private static func serve(_ size: Int) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return false }
    let copy = fork()
    if copy == 0 {
      // The copy sees neither the next file nor the answers' stream.
      guard dup2(ends[1], STDIN_FILENO) >= 0, dup2(ends[1], STDOUT_FILENO) >= 0 else { _exit(71) }
      close(ends[0])
      close(ends[1])
      Parser.run(size: size, isConverting: false)
    }
    close(ends[1])
    defer { close(ends[0]) }
    guard copy > 0, pass(size, to: ends[0]) else { return false }
    let answer = receive(
      from: ends[0], maximumBytes: HDF5Contents.Limits(bytes: size).maximumAnswerBytes)
    if answer == nil { kill(copy, SIGKILL) }
    var status: Int32 = 0
    while waitpid(copy, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return StandardStreams.write(
      littleEndian(UInt32(bitPattern: status)) + littleEndian(UInt64(answer?.count ?? 0)))
      && StandardStreams.write(answer ?? [])
  }

  /// Passes a file on to the copy. If the copy has ended, the rest is read and dropped. Returns false if
  /// the input ends before the file does.
  private static func pass(_ size: Int, to socket: Int32) -> Bool {
    var left = size
    var isTaken = true
    while left > 0 {
      guard let bytes = StandardStreams.read(min(chunkBytes, left)) else { return false }
      left -= bytes.count
      if isTaken { isTaken = send(bytes, to: socket) }
    }
    shutdown(socket, Int32(SHUT_WR))
    return true
  }

  private static func send(_ bytes: [UInt8], to socket: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Receives everything up to the end; returns nil as soon as there are more than `maximumBytes`.
  private static func receive(from socket: Int32, maximumBytes: Int) -> [UInt8]? {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: chunkBytes)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(socket, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return answer }
      guard answer.count + count <= maximumBytes else { return nil }
      answer += buffer[..<count]
    }
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}

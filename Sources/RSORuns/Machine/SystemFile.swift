internal import Glibc

/// Files of proc(5) and sysfs(5): short texts whose size is not known before they are read.
enum SystemFile {
  private static let maximumBytes = 1 << 18

  /// The file's content; empty if it cannot be read.
  static func text(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: maximumBytes)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      filled += count
    }
    return String(decoding: bytes[..<filled], as: UTF8.self)
  }

  /// The first line as a number; nil for anything else, such as `max`.
  static func number(_ text: String) -> Int? {
    Int(text.split(separator: "\n").first ?? "")
  }
}

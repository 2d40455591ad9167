/// Tar archives, byte by byte (POSIX.1-2001, GNU tar, and Unix V7 before them).
enum Tar {
  enum Style: CaseIterable { case v7, ustar, gnu }

  /// A header block; `prefix` and `magic` where the style has them.
  static func header(
    _ name: String, size: Int, kind: Character = "0", prefix: String = "", style: Style = .ustar,
    sizeField: [UInt8]? = nil
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    put(name.utf8.prefix(100), at: 0)
    put("0000644\u{0}0001750\u{0}0001750\u{0}".utf8, at: 100)
    put(sizeField ?? Array((octal(size, 11) + "\u{0}").utf8), at: 124)
    put("14700000000\u{0}".utf8, at: 136)
    put([kind.asciiValue ?? 0], at: 156)
    switch style {
    case .v7: if kind == "0" { put([0], at: 156) }
    case .ustar:
      put("ustar\u{0}00".utf8, at: 257)
      put(prefix.utf8, at: 345)
    case .gnu: put("ustar  \u{0}".utf8, at: 257)
    }
    put("        ".utf8, at: 148)
    let sum = block.reduce(0) { $0 + Int($1) }
    put((octal(sum, 6) + "\u{0} ").utf8, at: 148)
    return block
  }

  /// A header, the content, and zeros to the end of its last block.
  static func member(
    _ name: String, _ content: [UInt8], kind: Character = "0", prefix: String = "",
    style: Style = .ustar
  ) -> [UInt8] {
    header(name, size: content.count, kind: kind, prefix: prefix, style: style) + padded(content)
  }

  static func padded(_ content: [UInt8]) -> [UInt8] {
    content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  /// A record of a pax header, its length in front.
  static func record(_ key: String, _ value: String) -> [UInt8] {
    let rest = " \(key)=\(value)\n".utf8.count
    var length = rest
    while "\(length)".utf8.count + rest != length { length = "\(length)".utf8.count + rest }
    return Array("\(length) \(key)=\(value)\n".utf8)
  }

  /// A size field in binary, as GNU tar writes those that octal digits do not hold.
  static func binary(_ size: Int) -> [UInt8] {
    [0x80, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }
  }

  static let end = [UInt8](repeating: 0, count: 1024)

  private static func octal(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// Data sets in CIFAR-10's binary form.
enum CIFAR {
  /// A record a label; pixel p of channel c in record i is 7 i + 64 c + p, modulo 256.
  static func records(_ labels: [UInt8], first: Int = 0) -> [UInt8] {
    labels.enumerated().flatMap { index, label in
      [label] + pixels(first + index)
    }
  }

  static func pixels(_ index: Int) -> [UInt8] {
    (0..<3072).map { UInt8((7 * index + 64 * ($0 / 1024) + $0 % 1024) & 255) }
  }

  /// Two training batches and the test images.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("data_batch_1.bin", records([3, 0])), ("data_batch_2.bin", records([9], first: 2)),
    ("test_batch.bin", records([1, 2], first: 3)),
  ]

  static let names =
    "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"
}

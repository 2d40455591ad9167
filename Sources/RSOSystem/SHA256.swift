internal import CCrypto

/// Computes a SHA-256 digest (FIPS 180-4) by the system's libcrypto.
package struct SHA256: ~Copyable {
  /// The number of bytes of a digest.
  package static let size = 32

  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto cannot compute SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto cannot compute SHA-256")
  }

  /// Adds bytes.
  package mutating func update(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      update(Array(bytes))
    }
  }

  /// Returns the digest of everything that was added.
  package consuming func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.size)
    let status = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(status == 1, "libcrypto cannot compute SHA-256")
    return digest
  }

  /// Returns the digest of everything that was added, as 64 lower-case hexadecimal digits.
  package consuming func finalizeHexadecimal() -> String { hexadecimal(finalize()) }
}

extension SHA256 {
  /// Returns the digest of a regular file's content, as 64 lower-case hexadecimal digits.
  ///
  /// *Throws:* `FileReadError`.
  package static func digest(ofFile path: String) throws(FileReadError) -> String {
    let file = try InputFile(path)
    var digest = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      if count < buffer.count { return digest.finalizeHexadecimal() }
    }
  }
}

/// Returns two lower-case hexadecimal digits for each byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

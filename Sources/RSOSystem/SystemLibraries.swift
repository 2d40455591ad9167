internal import CCrypto
internal import CZlib
internal import Glibc

/// The versions of the system's libraries, as they say themselves when the program runs.
package enum SystemLibraries {
  /// The version of zlib: `1.2.13`.
  package static var zlib: String { String(cString: zlibVersion()) }
  /// The name and version of libcrypto: `OpenSSL 3.0.17 1 Jul 2025`.
  package static var crypto: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
  /// The version of the C library: `2.36`; nil if it is not glibc.
  package static var glibc: String? {
    var bytes = [CChar](repeating: 0, count: 64)
    guard confstr(Int32(_CS_GNU_LIBC_VERSION), &bytes, bytes.count) > 0 else { return nil }
    let words = PathText.text(of: bytes).split(separator: " ")
    return words.count == 2 ? String(words[1]) : nil
  }
}

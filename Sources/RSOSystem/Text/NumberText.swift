internal import Glibc

/// Numbers as decimal text, as C's printf(3) writes them, whatever the locale.
package enum NumberText {
  /// Returns a number with a fixed number of decimals: `12.30`. *printf:* `%.Nf`.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    formatted("%.\(decimals)f", value)
  }

  /// Returns a number in scientific notation: `1.2e-05`. *printf:* `%.Ne`.
  package static func scientific(_ value: Double, decimals: Int) -> String {
    formatted("%.\(decimals)e", value)
  }

  private static func formatted(_ format: String, _ value: Double) -> String {
    withVaList([value]) { arguments in
      // 309 digits before the point, and as many decimals as anyone shows.
      String(unsafeUninitializedCapacity: 512) { buffer in
        buffer.withMemoryRebound(to: CChar.self) { characters in
          let count = vsnprintf(characters.baseAddress, characters.count, format, arguments)
          return max(0, min(Int(count), characters.count - 1))
        }
      }
    }
  }
}

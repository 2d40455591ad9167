import RSOSystem
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "the texts of RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func texts(plain: String, encoded: String) {
    #expect(base64(Array(plain.utf8)) == encoded)
  }

  @Test("all bytes")
  func bytes() {
    #expect(base64([0xFB, 0xEF, 0xFF]) == "++//")
    #expect(base64([0]) == "AA==")
  }
}

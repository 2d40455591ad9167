import RSOSystem
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// FIPS 180-4's examples, and the digest of nothing.
  @Test(
    "gives the published digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func published(text: String, digest: String) {
    var whole = SHA256()
    whole.update(Array(text.utf8))
    #expect(whole.finalizeHexadecimal() == digest)
    var parts = SHA256()
    for byte in text.utf8 { parts.update(CollectionOfOne(byte)) }
    #expect(parts.finalizeHexadecimal() == digest)
  }
}

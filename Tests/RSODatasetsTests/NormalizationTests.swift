import RSODatasets
import RSONumerics
import Testing

@Suite struct NormalizationTests {
  private let images = SampleSet(
    shape: ImageShape(channels: 2, height: 1, width: 2), classes: 3,
    pixels: [0, 255, 51, 51, 255, 0, 51, 51, 0, 255, 51, 51], labels: [2, 0, 1])

  @Test("mean and standard deviation are taken a channel each")
  func channels() {
    let normalization = Normalization(of: images)
    #expect(normalization.mean == [0.5, 0.2])
    #expect(normalization.standardDeviation == [0.5, 0])
  }

  @Test("the table holds each byte's value; a constant channel is only centred")
  func table() {
    let values = Normalization(of: images).values()
    #expect(values.count == 512)
    for byte in 0..<256 {
      #expect(values[byte] == Float((Double(byte) / 255 - 0.5) / 0.5))
      #expect(values[256 + byte] == Float(Double(byte) / 255 - 0.2))
    }
  }

  @Test("the SHA-256 is that of pixels followed by labels")
  func identity() {
    // printf '\0\377\063\063\377\0\063\063\0\377\063\063\002\0\001' | sha256sum
    #expect(images.sha256 == "8d5d31b0f0cb004daf921de1046311e16ef4f625bd1888032ef940be6c5ccaa8")
  }

  @Test("a prefix is a data set of its own")
  func prefix() {
    let two = images.prefix(2)
    #expect(two.labels == [2, 0])
    #expect(two.pixels == [0, 255, 51, 51, 255, 0, 51, 51])
    #expect(two.outputs == 3)
    #expect(two.sha256 != images.sha256)
    #expect(images.prefix(7) == images)
  }
}

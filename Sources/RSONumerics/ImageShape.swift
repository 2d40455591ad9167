/// The shape of one sample or of one activation: channels x height x width, row-major.
package struct ImageShape: Sendable, Hashable, Codable {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Pixels of one channel.
  package var area: Int { height * width }

  /// Elements of one sample.
  package var count: Int { channels * height * width }
}

extension ImageShape: CustomStringConvertible {
  package var description: String { "\(channels) x \(height) x \(width)" }
}

import RSONumerics

/// The scale and shift of each channel that stand for a stage's batch norm: 1 and 0 where the stage
/// has none.
///
/// A class: passes on several threads read it by pointer.
final class ChannelAffine {
  private let storage: FloatStorage
  let channels: Int

  init(channels: Int) {
    self.channels = channels
    storage = FloatStorage(count: 2 * channels)
    for channel in 0..<channels { set(channel, scale: 1, shift: 0) }
  }

  func set(_ channel: Int, scale: Float, shift: Float) {
    storage.pointer[channel] = scale
    storage.pointer[channels + channel] = shift
  }

  /// Sets one channel to a batch norm with the given moments.
  func set(
    _ channel: Int, mean: Double, variance: Double, gamma: Float, beta: Float, epsilon: Double
  ) {
    let scale = Double(gamma) / (variance + epsilon).squareRoot()
    set(channel, scale: Float(scale), shift: Float(Double(beta) - mean * scale))
  }

  var view: AffineView {
    AffineView(scales: Floats(storage.pointer), shifts: Floats(storage.pointer + channels))
  }

  func scale(_ channel: Int) -> Float { storage.pointer[channel] }
  func shift(_ channel: Int) -> Float { storage.pointer[channels + channel] }
}

/// The content of a `ChannelAffine`, valid while that lives. The innermost loops of Swift code read
/// this view, because each access to the object would count references.
struct AffineView {
  let scales: Floats
  let shifts: Floats
}

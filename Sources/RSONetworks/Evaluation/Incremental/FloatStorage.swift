import RSONumerics

/// Shared ownership of an aligned buffer of Float.
///
/// A class so that a cache may hold an array of them.
final class FloatStorage {
  private let buffer: AlignedBuffer<Float>

  init(count: Int) { buffer = AlignedBuffer(count: count) }

  var pointer: MutableFloats { buffer.pointer }
  var count: Int { buffer.count }
}

/// Large buffers between two uses: the layers of a network ask for much the same ones in turn, and
/// to have the system clear gigabytes anew for each of them costs a tenth of a cycle.
///
/// A class by nature: it owns the buffers that nobody uses.
final class StoragePool {
  private var free: [FloatStorage] = []

  /// A buffer of at least `count` elements, whose content is whatever it was.
  func take(_ count: Int) -> FloatStorage {
    if let place = Self.place(of: count, among: free.map(\.count)) {
      return free.remove(at: place)
    }
    // What does not fit is given back, so that two layers' memory is never held at once.
    free.removeAll()
    return FloatStorage(count: count)
  }

  func put(_ storage: [FloatStorage]) { free += storage }

  /// Which of the free buffers, of these sizes, serves for `count` elements without much of it being
  /// wasted: less than a quarter, or 128 MB.
  static func place(of count: Int, among sizes: [Int]) -> Int? {
    sizes.indices.filter {
      sizes[$0] >= count && sizes[$0] / 4 <= count && sizes[$0] - count <= max(count / 4, 1 << 25)
    }
    .min { sizes[$0] < sizes[$1] }
  }
}

/// The scale and shift a channel that stand for a stage's batch norm: 1 and 0 where it has none.
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

  /// Batch norm with the given moments of one channel.
  func set(
    _ channel: Int, mean: Double, variance: Double, gamma: Float, beta: Float, epsilon: Double
  ) {
    let scale = Double(gamma) / (variance + epsilon).squareRoot()
    set(channel, scale: Float(scale), shift: Float(Double(beta) - mean * scale))
  }

  var scales: Floats { Floats(storage.pointer) }
  var shifts: Floats { Floats(storage.pointer + channels) }
  func scale(_ channel: Int) -> Float { storage.pointer[channel] }
  func shift(_ channel: Int) -> Float { storage.pointer[channels + channel] }
}

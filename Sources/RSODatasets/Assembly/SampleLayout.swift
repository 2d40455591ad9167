import RSONumerics

/// The way from the samples of a file to N x C x H x W: the shape, and where each element of a sample goes.
struct SampleLayout: Equatable {
  /// The extents of a sample in the file.
  var extents: [Int]
  var shape: ImageShape
  /// For each element of a sample of C x H x W, its place in the file's sample; nil for no change.
  var places: [Int32]?

  /// The extents that count as channels.
  private static let channelCounts: Set = [1, 3, 4]

  /// Finds the layout by the rules of `docs/your-own-data.md`: F features are F channels of one
  /// element, so that each is normalised by itself; H x W is one channel; of three extents the one of 1,
  /// 3 or 4 is the channel.
  ///
  /// - Parameter request: The layout of three extents, if it was given; and if height and width change
  ///   places.
  ///
  /// *Throws:* `AssemblyError`.
  init(_ samples: RawSamples, _ request: DataRequest) throws(AssemblyError) {
    let (name, extents) = (samples.name, Array(samples.shape.dropFirst()))
    self.extents = extents
    var isLast = false
    switch extents.count {
    case 0: shape = ImageShape(channels: 1, height: 1, width: 1)
    case 1: shape = ImageShape(channels: extents[0], height: 1, width: 1)
    case 2: shape = ImageShape(channels: 1, height: extents[0], width: extents[1])
    case 3:
      isLast = try Self.isChannelLast(extents, name, request.layout)
      shape =
        isLast
        ? ImageShape(channels: extents[2], height: extents[0], width: extents[1])
        : ImageShape(channels: extents[0], height: extents[1], width: extents[2])
    default: throw .tooManyDimensions(name: name, shape: extents)
    }
    let transposes = request.transpose == true && extents.count > 1
    if transposes {
      shape = ImageShape(channels: shape.channels, height: shape.width, width: shape.height)
    }
    if transposes || (isLast && shape.channels > 1) {
      places = places(isChannelLast: isLast, isTransposed: transposes)
    }
  }

  private static func isChannelLast(
    _ extents: [Int], _ name: String, _ layout: DataRequest.Layout?
  ) throws(AssemblyError) -> Bool {
    if let layout { return layout == .nhwc }
    let canBe = (channelCounts.contains(extents[0]), channelCounts.contains(extents[2]))
    guard canBe.0 != canBe.1 else {
      throw .unknownLayout(name: name, shape: extents, isAmbiguous: canBe.0)
    }
    return canBe.1
  }

  private func places(isChannelLast: Bool, isTransposed: Bool) -> [Int32] {
    let (height, width) = (shape.height, shape.width)
    let step = isChannelLast ? shape.channels : 1
    let plane = isChannelLast ? 1 : shape.area
    var places: [Int32] = []
    places.reserveCapacity(shape.count)
    for channel in 0..<shape.channels {
      for y in 0..<height {
        for x in 0..<width {
          let pixel = isTransposed ? x * height + y : y * width + x
          places.append(Int32(channel * plane + pixel * step))
        }
      }
    }
    return places
  }

  /// Brings samples into the order C x H x W, one after the other, in place.
  func arrange(_ storage: inout SampleStorage) {
    guard let places else { return }
    switch storage {
    case .bytes(var bytes):
      storage = .bytes([])
      Self.arrange(&bytes, places)
      storage = .bytes(bytes)
    case .floats(var floats):
      storage = .floats([])
      Self.arrange(&floats, places)
      storage = .floats(floats)
    }
  }

  /// Brings the elements of every sample into another order, in place.
  static func arrange<Element: BitwiseCopyable>(
    _ elements: inout [Element], _ places: [Int32]
  ) {
    let size = places.count
    guard size > 0 else { return }
    var sample: [Element] = []
    sample.reserveCapacity(size)
    for start in stride(from: 0, to: elements.count, by: size) {
      sample.removeAll(keepingCapacity: true)
      sample += elements[start..<start + size]
      for (target, place) in places.enumerated() { elements[start + target] = sample[Int(place)] }
    }
  }
}

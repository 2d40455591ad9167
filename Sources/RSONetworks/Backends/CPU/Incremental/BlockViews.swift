/// A tensor of one block as a stage reads it: values before batch norm, and the batch norm.
struct TensorView {
  /// [channel][pixel][lane]
  var values: Floats
  var affine: AffineView

  init(values: Floats, affine: ChannelAffine) {
    self.values = values
    self.affine = affine.view
  }

  init(values: Floats, affine: AffineView) {
    self.values = values
    self.affine = affine
  }
}

/// One channel of a block, unchanged or with a change: values + amount * tap + offset, then the batch
/// norm.
struct ChannelView {
  var values: Floats
  var tap: Floats?
  var amount: Float = 0
  var offset: Float = 0
  var scale: Float
  var shift: Float

  init(values: Floats, scale: Float, shift: Float) {
    self.values = values
    self.scale = scale
    self.shift = shift
  }

  /// - Parameter stride: Floats from one channel of the tensor to the next.
  init(_ tensor: TensorView, channel: Int, stride: Int) {
    self.init(
      values: tensor.values + channel * stride, scale: tensor.affine.scales[channel],
      shift: tensor.affine.shifts[channel])
  }
}

/// The channels of a stage that a change reaches, in one block.
struct PartView {
  /// The searched channel with its change, in the searched stage.
  private var searched: ChannelView?
  private var tensor: TensorView
  private var stride: Int

  init(searched view: ChannelView) {
    searched = view
    tensor = TensorView(
      values: view.values, affine: AffineView(scales: view.values, shifts: view.values))
    stride = 0
  }

  /// - Parameter stride: Floats from one channel to the next.
  init(_ tensor: TensorView, stride: Int) {
    self.tensor = tensor
    self.stride = stride
  }

  @inline(__always)
  subscript(channel: Int) -> ChannelView {
    searched ?? ChannelView(tensor, channel: channel, stride: stride)
  }
}

import RSONetworks
import RSONumerics
import Testing

@Suite("Windows")
struct WindowTests {
  @Test(
    "places are floor((n + 2 padding - kernel) / stride) + 1",
    arguments: [
      (7, 3, 1, 1, 7), (7, 3, 2, 1, 4), (8, 3, 2, 1, 4), (7, 3, 2, 0, 3), (5, 2, 2, 0, 2),
      (1, 2, 2, 0, 0), (1, 63, 1, 31, 1), (4, 5, 1, 0, 0),
    ])
  func places(size: Int, kernel: Int, stride: Int, padding: Int, places: Int) {
    let high = Window(
      kernel: Extent(height: kernel, width: 1), stride: Extent(height: stride, width: 1),
      padding: Extent(height: padding, width: 0))
    #expect(high.places(on: Extent(height: size, width: 3)) == Extent(height: places, width: 3))
    let wide = Window(
      kernel: Extent(height: 1, width: kernel), stride: Extent(height: 1, width: stride),
      padding: Extent(height: 0, width: padding))
    #expect(wide.places(on: Extent(height: 3, width: size)) == Extent(height: 3, width: places))
  }

  @Test(
    "'same' has ceil(n / stride) places, and an odd row of padding goes below",
    arguments: [
      (7, 3, 1, 1, 1, 1), (7, 3, 2, 1, 1, 1), (8, 3, 2, 1, 0, 1), (8, 2, 1, 1, 0, 1),
      (9, 4, 3, 1, 0, 1), (5, 1, 2, 1, 0, 0), (6, 3, 1, 2, 2, 2), (7, 2, 2, 3, 1, 2),
      (1, 63, 1, 1, 31, 31),
    ])
  func samePadding(
    size: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int
  ) {
    let window = Window(
      kernel: Extent(height: kernel, width: 1), stride: Extent(height: stride, width: 1),
      dilation: Extent(height: dilation, width: 1), padding: .same)
    let plane = Extent(height: size, width: 4)
    let edges = Edges(top: before, left: 0, bottom: after, right: 0)
    #expect(window.edges(on: plane) == edges)
    #expect(window.places(on: plane) == Extent(height: (size + stride - 1) / stride, width: 4))
    let explicit = Window(
      kernel: window.kernel, stride: window.stride, dilation: window.dilation,
      padding: .edges(edges))
    #expect(explicit.places(on: plane) == window.places(on: plane))
    #expect((explicit == window) == (stride == 1))
  }

  @Test("an odd kernel of stride 1 keeps the size of the plane", arguments: [1, 3, 5, 63])
  func same(kernel: Int) {
    let plane = Extent(height: 9, width: 4)
    #expect(Convolution.same(kernel: kernel).window.places(on: plane) == plane)
  }
}

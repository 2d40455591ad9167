import Foundation
import Pictures
import TestSupport
import Testing

@Suite("Pictures in a process of their own")
struct PictureProcessTests {
  private static func kinds() throws -> [(name: String, bytes: [UInt8])] {
    let folder = Fixtures.url("pictures/kinds").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      (name, Array(try Fixtures.data("pictures/kinds/\(name)")))
    }
  }

  @Test("the pixels of every kind of PNG and JPEG are Pillow's")
  func pixels() throws {
    let expected = Array(try Fixtures.data("pictures/pixels.bin"))
    let kinds = try Self.kinds()
    let results = try PictureProcess().pictures(of: kinds.map(\.bytes))
    #expect(results.count == 13 && expected.count == 13 * 3 * 24 * 20)
    for (index, (kind, result)) in zip(kinds, results).enumerated() {
      let picture = try result.get()
      #expect(picture.width == 20 && picture.height == 24)
      let planes =
        picture.channels == 3
        ? picture.bytes : [picture.bytes, picture.bytes, picture.bytes].flatMap { $0 }
      #expect(planes == Array(expected[(index * 1440)..<((index + 1) * 1440)]), "\(kind.name)")
      #expect(picture.hadAlpha == kind.name.contains("alpha"), "\(kind.name)")
      #expect(picture.hadDepth == kind.name.contains("sixteen"), "\(kind.name)")
      let isGrey = ["grey", "one-bit", "sixteen"].contains { kind.name.contains($0) }
      #expect(picture.channels == (isGrey ? 1 : 3), "\(kind.name)")
    }
  }

  @Test("a PNG that is written here is read by libpng with the same pixels")
  func written() throws {
    let (width, height) = (7, 5)
    var pixels: [UInt8] = []
    var planes: [[UInt8]] = [[], [], []]
    for index in 0..<(width * height) {
      let colors = [UInt8(index * 3), UInt8(255 - index), UInt8(index % 2 * 99)]
      pixels += colors + [255]
      for part in 0..<3 { planes[part].append(colors[part]) }
    }
    let file = try #require(PNG.file(width: width, height: height, pixels: pixels))
    let picture = try #require(try PictureProcess().pictures(of: [file]).first).get()
    #expect(picture.width == width && picture.height == height && picture.channels == 3)
    #expect(picture.bytes == planes[0] + planes[1] + planes[2])
  }

  @Test("a bad picture changes nothing in the pictures before and after it")
  func neighbours() throws {
    let kinds = try Self.kinds().map(\.bytes)
    let good = try PictureProcess().pictures(of: kinds)
    var mixed: [[UInt8]] = []
    for picture in kinds { mixed += [picture, Array(picture.dropLast(picture.count / 3))] }
    let results = try PictureProcess().pictures(of: mixed)
    for (index, result) in results.enumerated() {
      if index % 2 == 0 {
        #expect(result == good[index / 2])
      } else {
        #expect(throws: PictureFailure.self) { try result.get() }
      }
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var reason: String

    var testDescription: String { name }
  }

  /// A PNG file that announces this many pixels and has none.
  private static func announcing(_ width: UInt32, _ height: UInt32) -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    let header = Array("IHDR".utf8) + word(width) + word(height) + [8, 2, 0, 0, 0]
    let checksum = ~header.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in
        rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
    let data = Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E]
    let end = Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + word(13) + header + word(checksum)
      + word(0) + data + word(0) + end
  }

  @Test("a bad picture is refused with its reason")
  func bad() throws {
    let png = Array(try Fixtures.data("pictures/kinds/01-color.png"))
    let jpeg = Array(try Fixtures.data("pictures/kinds/09-full.jpg"))
    var damaged = png
    // The checksum of the last chunk but one: 12 bytes of IEND are behind it.
    damaged[png.count - 14] ^= 1
    let rows = [
      Bad(name: "nothing", bytes: [], reason: "it is neither a PNG nor a JPEG file"),
      Bad(
        name: "a web page", bytes: Array("<html>".utf8),
        reason: "it is neither a PNG nor a JPEG file"),
      Bad(
        name: "a PNG that ends early", bytes: Array(png.dropLast(40)),
        reason: "the file ends early"),
      Bad(name: "a damaged PNG", bytes: damaged, reason: "IDAT: CRC error"),
      Bad(
        name: "a JPEG that ends early", bytes: Array(jpeg.dropLast(40)),
        reason: "Premature end of JPEG file"),
      Bad(
        name: "CMYK", bytes: Array(try Fixtures.data("pictures/cmyk.jpg")),
        reason: "it has neither grey nor red, green and blue (CMYK?)"),
      Bad(
        name: "far too many pixels", bytes: Self.announcing(60_000, 60_000),
        reason: "it has 60000 x 60000 pixels, more than are read"),
      Bad(
        name: "pixels that are not there", bytes: Self.announcing(3, 3),
        reason: "Not enough image data"),
      Bad(name: "no width", bytes: Self.announcing(0, 3), reason: "Invalid IHDR data"),
    ]
    let results = try PictureProcess().pictures(of: rows.map(\.bytes))
    for (row, result) in zip(rows, results) {
      #expect(result == .failure(PictureFailure(reason: row.reason)), "\(row.name)")
    }
  }

  @Test("a program that does not answer is told by name", arguments: ["/bin/false", "/nowhere"])
  func noProgram(path: String) throws {
    let png = Array(try Fixtures.data("pictures/kinds/01-color.png"))
    do throws(PictureProcess.Failure) {
      _ = try PictureProcess(program: path).pictures(of: [png])
      Issue.record("answered")
    } catch {
      #expect(error.program == path)
      #expect(
        error.reason
          == (path == "/nowhere" ? "no such file or directory" : "it ended with status 1"))
    }
  }
}

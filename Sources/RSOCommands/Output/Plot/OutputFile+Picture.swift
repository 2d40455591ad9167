import ArgumentParser
import RSOSystem

extension OutputFile {
  /// *Throws:* `ValidationError` unless the name ends in .svg or .png.
  static func checkPicture(_ path: String) throws {
    guard ["svg", "png"].contains(Path.fileExtension(of: path).lowercased()) else {
      throw ValidationError(
        "invalid plot '\(printable(path))': expected a name that ends in .svg or .png")
    }
  }

  /// Writes a picture in the form that the file's name has.
  func writePicture(_ svg: String) throws {
    let isPNG = Path.fileExtension(of: path).lowercased() == "png"
    try write(isPNG ? try PNGConversion.png(of: svg, for: path) : Array(svg.utf8))
  }
}

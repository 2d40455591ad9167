import RSOSystem

/// Turns SVG into PNG with rsvg-convert(1) of librsvg, which must be on PATH.
enum PNGConversion {
  private static let program = "rsvg-convert"
  /// More than any picture of a run has.
  private static let maximumBytes = 1 << 28

  /// - Parameter path: The file to write, for messages.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  static func png(of svg: String, for path: String) throws -> [UInt8] {
    let png: [UInt8]?
    let ending: ProcessEnding
    do throws(SystemError) {
      let process = try ChildProcess(
        program, ["--format", "png", "--zoom", "2"], streams: [.input, .output])
      png = process.exchange(Array(svg.utf8), maximumBytes: maximumBytes)
      if png == nil { process.terminate() }
      ending = process.reap()
    } catch {
      let advice =
        "PNG needs the program \(program) (Debian: librsvg2-bin); install it, or use .svg"
      throw CommandError.cannotWrite(path, reason: error.isMissing ? advice : error.reason)
    }
    guard ending == .exited(status: 0), let png, png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
      throw CommandError.cannotWrite(
        path, reason: "\(program) failed with status \(ending.shellStatus)")
    }
    return png
  }
}

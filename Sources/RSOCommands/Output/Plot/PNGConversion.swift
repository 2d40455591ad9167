import Glibc
import RSOSystem

/// Turns SVG into PNG with rsvg-convert(1) of librsvg, which must be on PATH.
enum PNGConversion {
  static let program = "rsvg-convert"
  /// More than any picture of a run has.
  private static let maximumBytes = 1 << 28

  /// The package of Debian that has the program.
  static let debianPackage = "librsvg2-bin"

  /// Returns the first line of what `rsvg-convert --version` prints.
  ///
  /// *Throws:* `SystemError` if it cannot be run.
  static func version() throws(SystemError) -> String {
    let process = try ChildProcess(program, ["--version"], streams: .output)
    let output = process.allOutput(maximumBytes: 1 << 12)
    if output == nil { process.terminate() }
    guard process.reap() == .exited(status: 0), let output,
      let line = String(decoding: output, as: UTF8.self).split(separator: "\n").first
    else { throw SystemError(operation: .run, path: program, code: ENOEXEC) }
    return String(line)
  }

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
        "PNG needs the program \(program) (Debian: \(debianPackage)); install it, or use .svg"
      throw CommandError.cannotWrite(path, reason: error.isMissing ? advice : error.reason)
    }
    guard ending == .exited(status: 0), let png, png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
      throw CommandError.cannotWrite(
        path, reason: "\(program) failed with status \(ending.shellStatus)")
    }
    return png
  }
}

import Foundation
import RSOSystem

/// Turns SVG into PNG with rsvg-convert(1) of librsvg, which must be on PATH.
enum PNGConversion {
  /// - Parameter path: The file to write, for messages.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  static func png(of svg: String, for path: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["rsvg-convert", "--format", "png", "--zoom", "2"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw CommandError.cannotWrite(path, reason: reason(error))
    }
    // The reader may end early; SIGPIPE is ignored, and its status tells.
    let writing = input.fileHandleForWriting
    Thread.detachNewThread {
      try? writing.write(contentsOf: Data(svg.utf8))
      try? writing.close()
    }
    let png = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0 where png.starts(with: [0x89, 0x50, 0x4E, 0x47]):
      return png
    case 127:
      throw CommandError.cannotWrite(
        path,
        reason: "PNG needs the program rsvg-convert (Debian: librsvg2-bin); install it, or use .svg"
      )
    default:
      throw CommandError.cannotWrite(
        path, reason: "rsvg-convert failed with status \(process.terminationStatus)")
    }
  }
}

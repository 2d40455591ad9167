internal import RSOSystem

/// The work of `rso picture-contents`: reads files of pictures from standard input and answers each with
/// its pixels. `PictureProcess` starts it; users do not.
///
/// Each file is decoded in a copy of the process, under limits of memory and time, that can open no
/// file and reach no stream. So a bad picture cannot change the pixels of another.
package enum PictureProgram {
  /// Does the work until standard input ends. Returns the exit status: 0, or 65 (a question is too
  /// long), 70 (a library does not work), 71 (no copy can be made), 74 (input or output).
  package static func run() -> Int32 {
    guard Picture.prepare() else { return 70 }
    while true {
      guard let length = StandardStream.read(8) else { return 74 }
      if length.isEmpty { return 0 }
      let size = PictureMessage.number(length[...])
      guard length.count == 8, (0...PictureMessage.maximumBytes).contains(size) else { return 65 }
      guard let file = StandardStream.read(size), file.count == size else { return 74 }
      guard let result = decode(file) else { return 71 }
      guard StandardStream.write(PictureMessage.answer(result)) else { return 74 }
    }
  }

  /// Decodes a file in a copy of this process; nil if there is none.
  private static func decode(_ file: [UInt8]) -> Result<Picture, PictureFailure>? {
    let most = maximumBytes(fileOf: file.count)
    // Memory: this process, the picture three times (rows, planes, answer) and as much for the
    // decoder's state. Time: a typical picture takes less than 1 ms, 1 MiB of pixels 10 ms.
    let limits = ResourceLimits(memory: 1 << 30 + 8 * most, processorTime: 2 + most >> 22)
    let work = ForkedWork.answer(limits, maximumBytes: most + PictureMessage.headerSize) {
      PictureMessage.answer(Picture.decode(file, maximumBytes: most))
    }
    guard let work else { return nil }
    if let answer = work.answer, work.ending == .exited(status: 0),
      let result = PictureMessage.result(answer[...])
    {
      return result
    }
    return .failure(PictureFailure(reason: reason(work.ending)))
  }

  /// The most bytes of a picture in a file of `size` bytes: deflate makes at most 1032 bytes of one;
  /// a small file of one colour can be any size up to 16 MiB.
  private static func maximumBytes(fileOf size: Int) -> Int {
    let (product, overflow) = size.multipliedReportingOverflow(by: 1032)
    return overflow
      ? PictureMessage.maximumBytes : min(PictureMessage.maximumBytes, max(1 << 24, product))
  }

  private static func reason(_ ending: ProcessEnding) -> String {
    switch ending {
    case .signalled(let signal) where ProcessEnding.isLimit(signal):
      "its content is hostile or damaged: decoding took too long"
    case .signalled(let signal):
      "its content is hostile or damaged: decoding crashed: \(ProcessEnding.text(ofSignal: signal))"
    default:
      "its content is hostile or damaged: decoding gave no picture"
    }
  }
}

import RSOExporters
import RSOSystem

/// The directory with the event files of one run.
///
/// Each process that trains the run writes a file of its own. TensorBoard reads the files in the order of their
/// names, `events.out.tfevents.SECONDS.HOST.RUN`: the time, the machine and the identity of the run.
struct EventDirectory {
  private static let prefix = "events.out.tfevents."
  /// TensorBoard reads any file with this in its name.
  private static let sign = "tfevents"

  /// The largest time of ten digits.
  private static let latest = 9_999_999_999

  let path: String
  /// The steps that the files hold.
  let steps: TensorBoardSteps
  private let lastTime: Int

  /// Makes the directory if it does not exist, and reads its files.
  ///
  /// - Parameter runID: The identity of the run; nil for a run that has not begun.
  ///
  /// *Throws:* `CommandError.otherCurves` if a file is not of this run; `.cannotMakeDirectory`; `.cannotOpen`.
  init(_ path: String, runID: String?) throws(CommandError) {
    self.path = path
    do throws(SystemError) { try FileSystem.makeDirectories(path) } catch {
      throw .cannotMakeDirectory(path, reason: error.reason)
    }
    let names: [String]
    do throws(SystemError) {
      names = try FileSystem.names(in: path).filter { $0.firstRange(of: Self.sign) != nil }
    } catch { throw .cannotOpen(path, reason: error.reason) }
    var steps = TensorBoardSteps()
    var lastTime = 0
    for name in names {
      let parts = name.dropFirst(Self.prefix.count).split(separator: ".")
      guard name.hasPrefix(Self.prefix), let runID, parts.last == runID[...] else {
        throw .otherCurves(directory: path)
      }
      lastTime = max(lastTime, min(Int(parts[0]) ?? 0, Self.latest - 1))
      do throws(FileReadError) { try steps.add(Path.joined(path, name)) } catch {
        throw .cannotOpen(Path.joined(path, name), reason: error.reason)
      }
    }
    (self.steps, self.lastTime) = (steps, lastTime)
  }

  /// The path of a new file, which is read after all others.
  func newFile(_ runID: String, time: Double, host: String) -> String {
    let now = time > 0 && time < Double(Self.latest) ? Int(time) : 0
    let seconds = String(max(now, lastTime + 1))
    let digits = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let plain = host.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
    return Path.joined(path, "\(Self.prefix)\(digits).\(String(plain)).\(runID)")
  }
}

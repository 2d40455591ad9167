import Glibc
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
  private let firstTime: Int
  private let lastTime: Int

  /// Reads the files of the directory. One that does not exist is made by `make()`.
  ///
  /// - Parameter runID: The identity of the run; nil for a run that has not begun.
  ///
  /// *Throws:* `CommandError.otherCurves` if a file is not of this run; `.cannotMakeDirectory` if
  /// a file has its name; `.cannotOpen`.
  init(_ path: String, runID: String?) throws(CommandError) {
    self.path = path
    var names: [String] = []
    do throws(SystemError) {
      names = try FileSystem.names(in: path).filter { $0.firstRange(of: Self.sign) != nil }
    } catch {
      switch error.code {
      case ENOENT: break
      case ENOTDIR: throw .cannotMakeDirectory(path, reason: error.reason)
      default: throw .cannotOpen(path, reason: error.reason)
      }
    }
    var steps = TensorBoardSteps()
    var (firstTime, lastTime) = (Self.latest, 0)
    for name in names {
      let parts = name.dropFirst(Self.prefix.count).split(separator: ".")
      guard name.hasPrefix(Self.prefix), let runID, parts.last == runID[...] else {
        throw .otherCurves(directory: path)
      }
      let time = min(Int(parts[0]) ?? 0, Self.latest - 1)
      (firstTime, lastTime) = (min(firstTime, time), max(lastTime, time))
      do throws(FileReadError) { try steps.add(Path.joined(path, name)) } catch {
        throw .cannotOpen(Path.joined(path, name), reason: error.reason)
      }
    }
    (self.steps, self.firstTime, self.lastTime) = (steps, firstTime, lastTime)
  }

  /// Makes the directory if it does not exist.
  ///
  /// *Throws:* `CommandError.cannotMakeDirectory`.
  func make() throws(CommandError) {
    do throws(SystemError) { try FileSystem.makeDirectories(path) } catch {
      throw .cannotMakeDirectory(path, reason: error.reason)
    }
  }

  /// The path of a new file, which is read after all others.
  func newFile(_ runID: String, time: Double, host: String) -> String {
    let now = time > 0 && time < Double(Self.latest) ? Int(time) : 0
    return name(runID, seconds: max(now, lastTime + 1), host: host)
  }

  /// The path of a new file, which is read before all others.
  func earlierFile(_ runID: String, host: String) -> String {
    name(runID, seconds: max(0, firstTime - 1), host: host)
  }

  private func name(_ runID: String, seconds: Int, host: String) -> String {
    let seconds = String(seconds)
    let digits = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let plain = host.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
    return Path.joined(path, "\(Self.prefix)\(digits).\(String(plain)).\(runID)")
  }
}

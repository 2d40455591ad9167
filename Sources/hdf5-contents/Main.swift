import CRSOSystem
import Glibc

/// Parses HDF5 files for another program, under limits of memory and time: one file of the size that the
/// argument states, or with the argument `serve` any number of them. `ContentsProcess` and
/// `ContentsServer` start it; it is not for users.
@main struct Main {
  static func main() {
    let arguments = (1..<max(rso_argument_count(), 1)).compactMap { index in
      rso_argument(index).map { String(cString: $0) }
    }
    if arguments == ["serve"] { Server.run() }
    guard let first = arguments.first, let size = Int(first),
      (0...Parser.maximumSize).contains(size),
      arguments.count == 1 || (arguments.count == 2 && arguments.last == "converting")
    else { exit(64) }
    Parser.run(size: size, isConverting: arguments.count == 2)
  }
}

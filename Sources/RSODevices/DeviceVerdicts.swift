internal import RSOSystem

/// The remembered results of self-tests: a file for each device, driver, version of rso and text of the kernels.
///
/// The files are a cache: one that is missing or cannot be understood means that the device is tested again.
package struct DeviceVerdicts: Sendable {
  /// The directory of the files; nil if the environment names none.
  package let directory: String?
  private let version: String

  /// - Parameters:
  ///   - version: The version of rso.
  ///   - environment: Gives the value of a variable: `XDG_CACHE_HOME`, or else `HOME`, has the directory.
  package init(version: String, environment: (String) -> String? = PathText.environment) {
    self.version = version
    let cache =
      environment("XDG_CACHE_HOME").flatMap { Path.isAbsolute($0) ? $0 : nil }
      ?? environment("HOME").flatMap { Path.isAbsolute($0) ? Path.joined($0, ".cache") : nil }
    directory = cache.map { Path.joined($0, "rso/devices") }
  }

  /// The path of a device's file.
  package func path(of device: OpenCLDevice) -> String? {
    guard let directory, let source = DevicesProgram.source() else { return nil }
    var digest = SHA256()
    // Of two devices of a kind, one may be broken. Sizes do not count: those of PoCL change with the memory
    // and with the processors that a launcher gives.
    var kind = device
    (kind.memory, kind.largestBuffer, kind.computeUnits) = (0, 0, 0)
    digest.update(Array(DeviceFields.line(kind.fields + [version]).utf8))
    digest.update(source)
    return Path.joined(directory, digest.finalizeHexadecimal())
  }

  /// The remembered result; nil if there is none.
  package func verdict(on device: OpenCLDevice) -> DeviceVerdict? {
    guard let path = path(of: device), let bytes = Self.contents(of: path),
      let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n")
    else { return nil }
    return DeviceVerdict(fields: DeviceFields.fields(of: text.dropLast()))
  }

  /// Remembers a result. One that says nothing about the bits is not remembered: the reason may pass.
  ///
  /// *Throws:* `SystemError` or `DurableFileError` if the file cannot be written.
  package func remember(_ verdict: DeviceVerdict, on device: OpenCLDevice) throws {
    if case .fails = verdict { return }
    guard let directory, let path = path(of: device) else { return }
    try FileSystem.makeDirectories(directory)
    try DurableFile.write(Array(DeviceFields.line(verdict.fields).utf8), to: path)
  }

  private static func contents(of path: String) -> [UInt8]? {
    guard let file = try? InputFile(path), file.size <= 4096 else { return nil }
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = bytes.withUnsafeMutableBytes { buffer in try? file.read(into: buffer) }
    return count == file.size ? bytes : nil
  }
}

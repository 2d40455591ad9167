import ArgumentParser
import RSONetworks

/// What network it is.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A network by its name: \(Architecture.presetNames.joined(separator: ", ")).",
      valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("A network described in a JSON file.", valueName: "file"))
  var arch: String?

  func validate() throws {
    if preset != nil, arch != nil {
      throw ValidationError("--preset and --arch both name a network; give one of them")
    }
  }

  /// The network asked for; nil where none was.
  func architecture() throws -> Architecture? {
    if let arch { return try ArchitectureFile.read(arch) }
    return try preset.map { try Architecture.preset(named: $0) }
  }
}

import ArgumentParser
import RSONetworks
import RSOSearch

/// The network.
struct NetworkOptions: ParsableArguments {
  private static let names = Architecture.presetNames + Recipe.all.map(\.name)

  @Option(
    help: ArgumentHelp(
      "Network or recipe by its name: \(names.joined(separator: ", ")).", valueName: "name"),
    completion: .list(names))
  var preset: String?

  @Option(
    help: ArgumentHelp(
      "Network from a JSON file, see rso-architecture(5); or 'auto', for a small one that fits the data.",
      valueName: "file"),
    completion: .files(or: [Architecture.automaticName]))
  var arch: String?

  func validate() throws {
    if preset != nil, arch != nil {
      throw ValidationError("--preset and --arch both name a network; give one of them")
    }
  }

  /// The recipe that `--preset` names; nil if it names only a network.
  var recipe: Recipe? { preset.flatMap(Recipe.named) }

  /// True if the network is to fit the data.
  var isAutomatic: Bool { arch == Architecture.automaticName }

  /// The network that was asked for; nil if none was, or one that fits the data.
  func architecture() throws -> Architecture? {
    if let arch, !isAutomatic { return try ArchitectureFile.read(arch) }
    guard let preset else { return nil }
    let name = recipe?.network ?? preset
    guard Architecture.presetNames.contains(name) else {
      throw ArchitectureError.unknownPreset(preset, known: Self.names)
    }
    return try Architecture.preset(named: name)
  }
}

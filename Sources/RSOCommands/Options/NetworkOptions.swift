import ArgumentParser
import RSONetworks
import RSOSearch

/// What network it is.
struct NetworkOptions: ParsableArguments {
  private static let names = Architecture.presetNames + Recipe.all.map(\.name)

  @Option(
    help: ArgumentHelp(
      "A network by its name: \(names.joined(separator: ", ")).", valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("A network described in a JSON file.", valueName: "file"))
  var arch: String?

  func validate() throws {
    if preset != nil, arch != nil {
      throw ValidationError("--preset and --arch both name a network; give one of them")
    }
  }

  /// The recipe that the preset names; nil where it names a network alone.
  var recipe: Recipe? { preset.flatMap(Recipe.named) }

  /// The network asked for; nil where none was.
  func architecture() throws -> Architecture? {
    if let arch { return try ArchitectureFile.read(arch) }
    guard let preset else { return nil }
    let name = recipe?.network ?? preset
    guard Architecture.presetNames.contains(name) else {
      throw ArchitectureError.unknownPreset(preset, known: Self.names)
    }
    return try Architecture.preset(named: name)
  }
}

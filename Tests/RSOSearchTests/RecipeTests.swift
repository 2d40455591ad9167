import RSONetworks
import RSOSearch
import Testing

@Suite("Recipe")
struct RecipeTests {
  @Test("a recipe is of a preset, has a name of its own, and can be searched on MNIST")
  func all() throws {
    for recipe in Recipe.all {
      #expect(!Architecture.presetNames.contains(recipe.name))
      #expect(Recipe.named(recipe.name) == recipe)
      let architecture = try Architecture.preset(named: recipe.network)
      try recipe.options.validate(
        OptionLimits(
          samples: 60_000, shape: architecture.input,
          layers: try StageGraph(architecture).layout.layers.map(\.name)))
    }
    #expect(Set(Recipe.all.map(\.name)).count == Recipe.all.count)
    #expect(Recipe.named("mnist-6conv") == nil)
  }
}

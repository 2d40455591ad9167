extension Architecture {
  /// Checks that the network takes `samples`.
  package func check(samples: Samples) throws(ArchitectureError) {
    guard samples.shape == input, samples.outputs == classes else {
      throw .samples(
        network: name, expected: input, classes: classes, found: samples.shape, samples.outputs)
    }
  }

  /// Checks that there is a value for every parameter.
  package func check(parameters: [Float], layout: ParameterLayout) throws(ArchitectureError) {
    guard parameters.count == layout.parameterCount else {
      throw .parameterCount(
        network: name, expected: layout.parameterCount, found: parameters.count)
    }
  }
}

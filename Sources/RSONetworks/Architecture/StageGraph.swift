import RSONumerics

/// An architecture prepared for evaluation: its stages in order, and the layout of their parameters. The
/// last stage's output, one number for each class, label or number of a sample, are the logits.
package struct StageGraph: Sendable, Hashable {
  package var stages: [Stage]
  package var layout: ParameterLayout

  package init(stages: [Stage], layout: ParameterLayout) {
    self.stages = stages
    self.layout = layout
  }

  /// Infers every shape, checks that the operations fit together, and regroups them.
  ///
  /// *Throws:* `ArchitectureError` for the first error, with its place in the architecture's JSON.
  package init(_ architecture: Architecture) throws(ArchitectureError) {
    try architecture.requireNetwork()
    try architecture.checkHeader()
    var builder = StageGraphBuilder(input: architecture.input)
    for (index, layer) in architecture.layers.enumerated() {
      builder.position = "layers[\(index)]"
      try builder.append(layer)
    }
    self = try builder.finish(classes: architecture.classes)
  }

  /// The shape of a value that a stage reads.
  func shape(of source: Stage.Source, samples: ImageShape) -> ImageShape {
    switch source {
    case .samples: samples
    case .stage(let index): stages[index].outputShape
    }
  }
}

extension Architecture {
  /// Checks everything that does not depend on the order of the layers.
  fileprivate func checkHeader() throws(ArchitectureError) {
    try checkName(name, position: "name")
    try input.check(position: "input", subject: "samples")
    guard (1...ArchitectureLimits.classes).contains(classes) else {
      throw .invalid(
        position: "classes",
        reason: "expected 1 to \(ArchitectureLimits.classes) outputs, not \(classes)")
    }
    guard epsilon > 0, epsilon <= 1 else {
      throw .invalid(
        position: "epsilon", reason: "expected a number above 0 and at most 1, not \(epsilon)")
    }
    guard !layers.isEmpty else {
      throw .invalid(position: "layers", reason: "a network needs at least one layer")
    }
    guard layers.count <= ArchitectureLimits.layers else {
      throw .invalid(position: "layers", reason: "more than \(ArchitectureLimits.layers) entries")
    }
  }
}

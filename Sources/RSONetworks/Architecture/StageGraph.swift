/// An architecture made ready for evaluation: its stages in order, and the layout of their
/// parameters. The last stage's output, one number a class, are the logits.
package struct StageGraph: Sendable, Hashable {
  package var stages: [Stage]
  package var layout: ParameterLayout

  package init(stages: [Stage], layout: ParameterLayout) {
    self.stages = stages
    self.layout = layout
  }
}

import RSOCheckpoints
import RSONetworks
import RSOSearch

/// Statistics of one tensor of a layer, and its change since the beginning of the run.
package struct ParameterStatistics: Sendable, Equatable {
  package var kind: ParameterKind
  package var shape: [Int]
  package var statistics: TensorStatistics
  /// The change since the run's beginning; nil if that is not known.
  package var change: VectorChange?
  /// Outputs whose weights are all equal.
  package var constantOutputs: [Int]
}

/// Statistics of one layer of a checkpoint.
package struct LayerStatistics: Sendable, Equatable {
  package var name: String
  package var outputs: Int
  /// The tensors that the layer has, in the order weight, bias, gamma, beta.
  package var tensors: [ParameterStatistics]
  /// The largest unit of the outputs: that of a number to predict in the last layer, otherwise 1.
  package var unit: Double
  /// The deviation of weight proposals in the first cycle, in the units of the outputs.
  package var firstDeviation: Double
  /// The deviation in the cycle under way; in the last cycle if the run is finished.
  package var deviation: Double
  /// Choices of the last finished cycle; nil if there is none.
  package var lastCycle: StepTally?
  /// Choices of all cycles, including the one under way.
  package var allCycles: StepTally

  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.statistics.count } }

  /// The weights; the first other tensor if the layer has none.
  package var principal: ParameterStatistics { tensors[0] }
}

extension LayerStatistics {
  /// The layers of a checkpoint, in the order of evaluation.
  ///
  /// - Parameter beginning: The parameters that the run began with; nil if they are not known.
  package static func all(
    of checkpoint: Checkpoint, layout: ParameterLayout, beginning: [Float]?
  ) -> [LayerStatistics] {
    let (plan, state) = (checkpoint.plan, checkpoint.state)
    let schedule = DeviationSchedule(state, options: plan.options)
    let units = TargetUnits.scales(plan, layout)
    let isFinished = state.cursor.cycle >= plan.options.cycles
    return layout.layers.enumerated().map { index, layer in
      let now = schedule.deviation(layer: index, kind: .weight, cycle: state.cursor.cycle)
      return LayerStatistics(
        name: layer.name, outputs: layer.outputs,
        tensors: layer.tensors.map { tensor in
          ParameterStatistics(
            tensor, outputs: layer.outputs, parameters: state.parameters, beginning: beginning)
        },
        unit: index == layout.layers.count - 1 ? units.max() ?? 1 : 1,
        firstDeviation: checkpoint.history.first?.deviations[index]
          ?? schedule.deviation(layer: index, kind: .weight, cycle: 0),
        deviation: isFinished ? checkpoint.history.last?.deviations[index] ?? now : now,
        lastCycle: checkpoint.history.last?.tallies[index],
        allCycles: ([state.tallies[index]] + checkpoint.history.map { $0.tallies[index] }).total)
    }
  }
}

extension ParameterStatistics {
  init(_ tensor: ParameterTensor, outputs: Int, parameters: [Float], beginning: [Float]?) {
    let values = parameters[tensor.range]
    kind = tensor.kind
    shape = tensor.shape
    statistics = TensorStatistics(values)
    change = beginning.map { VectorChange(from: $0[tensor.range], to: values) }
    constantOutputs =
      tensor.kind == .weight ? FilterStatistics.constant(values, filters: outputs) : []
  }
}

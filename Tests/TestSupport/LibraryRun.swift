import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// Files of checkpoints of programs that use rso as a library.
package enum LibraryRun {
  /// The beginning of the search for the least value of the function `valley` of 4 parameters.
  package static func function() throws -> [UInt8] {
    var options = SearchOptions()
    options.batchSize = 1
    (options.loss, options.objectiveCommand) = (.program, ObjectiveCommand(named: "valley"))
    let plan = SearchPlan(
      architecture: Architecture(
        name: "valley", blocks: [ParameterBlock(name: "x", outputs: 4, inputs: 1, deviation: 1)]),
      options: options, seed: 3, data: DataIdentity(cases: 1, of: "valley"),
      normalization: Normalization(mean: [0], standardDeviation: [1]))
    return try CheckpointWriter.encode(SmallRun.checkpoint(plan))
  }

  /// The end of a run of two cycles of a network, whose program computes the objective `worst class`.
  package static func objective() throws -> [UInt8] {
    guard var end = try SmallRun.boundaries().last else { return [] }
    end.plan.options.loss = .program
    end.plan.options.objectiveCommand = ObjectiveCommand(named: "worst class")
    return try CheckpointWriter.encode(end)
  }
}

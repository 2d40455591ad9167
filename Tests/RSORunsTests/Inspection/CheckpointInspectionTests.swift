import Foundation
import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("The inspection of a checkpoint")
struct CheckpointInspectionTests {
  private func inspection(
    _ checkpoint: Checkpoint, path: String = "x.h5"
  ) throws -> CheckpointInspection {
    let stored = try CheckpointReader.load(try CheckpointWriter.encode(checkpoint), path: path)
    return try CheckpointInspection(stored, path: path)
  }

  @Test("finds nothing changed at the beginning, and nothing to remark")
  func beginning() throws {
    let found = try inspection(try SmallRun.checkpoint())
    #expect(found.marks.isEmpty)
    #expect(found.layers.map(\.name) == ["conv1", "fc"])
    for layer in found.layers {
      #expect(layer.tensors.allSatisfy { $0.change?.changed == 0 })
      #expect(layer.lastCycle == nil && layer.allCycles.steps == 0)
      #expect(layer.deviation == layer.firstDeviation)
    }
  }

  @Test("measures the way from the initial weights, and adds up the choices")
  func end() throws {
    let checkpoint = try #require(try SmallRun.boundaries().last)
    let found = try inspection(checkpoint)
    #expect(found.layers.reduce(0) { $0 + $1.allCycles.steps } == 2 * SmallRun.stepsInCycle)
    #expect(found.layers.reduce(0) { $0 + $1.parameterCount } == SmallRun.stepsInCycle)
    for layer in found.layers {
      #expect(try #require(layer.principal.change?.relativeNorm) > 0)
      #expect(abs(layer.deviation / layer.firstDeviation - 0.1) < 1e-12)
    }
    #expect(found.checkpoint.best?.cycle == 2)
  }

  @Test("counts the cycle under way")
  func midCycle() throws {
    let checkpoint = try #require(
      try SmallRun.boundaries().first { $0.state.cursor.cycle == 1 && !$0.isCycleEnd })
    let found = try inspection(checkpoint)
    let steps = found.layers.reduce(0) { $0 + $1.allCycles.steps }
    #expect(steps > SmallRun.stepsInCycle && steps < 2 * SmallRun.stepsInCycle)
    #expect(found.layers.reduce(0) { $0 + ($1.lastCycle?.steps ?? 0) } == SmallRun.stepsInCycle)
  }

  @Test("marks constant filters, exploding norms, and deviations that change nothing")
  func marks() throws {
    var checkpoint = try SmallRun.checkpoint()
    let layout = try StageGraph(checkpoint.plan.architecture).layout
    let conv = try #require(layout.layers[0].tensor(.weight))
    for offset in conv.range.prefix(9) { checkpoint.state.parameters[offset] = 0.5 }
    let fc = try #require(layout.layers[1].tensor(.weight))
    for offset in fc.range { checkpoint.state.parameters[offset] *= 1000 }
    checkpoint.state.initialDeviations[0] = 0
    let marks = try inspection(checkpoint).marks
    #expect(marks.count == 3)
    #expect(marks[0].object == "conv1" && marks[0].problem == .constantFilters([0]))
    #expect(marks[1].object == "conv1" && marks[1].problem == .vanishedDeviation(0))
    guard case .explodingNorm(let size, let limit) = marks[2].problem else {
      Issue.record("\(marks[2])")
      return
    }
    #expect(marks[2].object == "fc" && abs(size / limit - 100) < 1e-3)
  }

  @Test("a bias that began large has no exploding norm, unless its beginning is not known")
  func largeBias() throws {
    var checkpoint = try SmallRun.checkpoint()
    let layout = try StageGraph(checkpoint.plan.architecture).layout
    let bias = try #require(layout.layers[1].tensor(.bias))
    for offset in bias.range { checkpoint.state.parameters[offset] = 150 }
    let layers = try inspection(checkpoint).layers
    let same = layers.map { $0.tensors.map(\.statistics) }
    #expect(HealthMark.all(of: layers, beginning: same).isEmpty)
    #expect(HealthMark.all(of: layers, beginning: nil).map(\.kind) == [.bias])
    #expect(try inspection(checkpoint).marks.map(\.kind) == [.bias])
  }

  @Test("the layer that predicts numbers is judged in their units")
  func units() throws {
    var layers = try inspection(try SmallRun.checkpoint()).layers
    let beginning = layers.map { $0.tensors.map(\.statistics) }
    layers[1].tensors[1].statistics = TensorStatistics([150, 150, 150][...])
    func problems() -> [String] {
      HealthMark.all(of: layers, beginning: beginning).map(\.problem.code)
    }
    #expect(problems() == ["exploding-norm"])
    layers[1].unit = 100
    #expect(problems().isEmpty)
    layers[1].deviation = 1e-9
    #expect(problems().isEmpty)
    layers[1].unit = 1
    #expect(problems() == ["exploding-norm", "deviation-0"])
  }

  @Test("has the singular values of each weight matrix")
  func spectrum() throws {
    let checkpoint = try SmallRun.checkpoint()
    let layout = try StageGraph(checkpoint.plan.architecture).layout
    let spectra = Spectrum.all(of: checkpoint, layout: layout)
    #expect(spectra.map(\.name) == ["conv1", "fc"])
    #expect(spectra.map(\.rows) == [2, 3] && spectra.map(\.columns) == [9, 2])
    for (spectrum, layer) in zip(spectra, try inspection(checkpoint).layers) {
      let squares = try #require(spectrum.values).values.reduce(0) { $0 + $1 * $1 }
      #expect(abs(squares.squareRoot() - layer.principal.statistics.norm) < 1e-9)
    }
  }
}

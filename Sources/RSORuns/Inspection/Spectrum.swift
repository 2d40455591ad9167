import LinearAlgebra
import RSOCheckpoints
import RSONetworks

/// The singular values of a layer's weights. *Shape* of the matrix: outputs x weights of one output.
package struct Spectrum: Sendable, Equatable {
  package var name: String
  package var rows: Int
  package var columns: Int
  /// The singular values; nil if they cannot be computed, and `problem` says why.
  package var values: SingularValues?
  package var problem: String?

  package init(name: String, shape: [Int], values: [Double]) {
    self.name = name
    rows = shape.first ?? 1
    columns = rows == 0 ? 0 : values.count / rows
    do {
      self.values = try SingularValues(of: values, rows: rows, columns: columns)
    } catch {
      problem = "\(error)"
    }
  }

  /// A matrix whose singular values are not computed.
  package init(name: String, shape: [Int], problem: String) {
    self.name = name
    rows = shape.first ?? 1
    columns = shape.dropFirst().reduce(1, *)
    self.problem = problem
  }

  /// The spectra of the weight tensors of a checkpoint.
  package static func all(of checkpoint: Checkpoint, layout: ParameterLayout) -> [Spectrum] {
    layout.layers.compactMap { layer in
      layer.tensor(.weight).map { tensor in
        Spectrum(
          name: layer.name, shape: tensor.shape,
          values: checkpoint.state.parameters[tensor.range].map(Double.init))
      }
    }
  }
}

import RSOCheckpoints
import RSORuns

/// A tensor of a file that is not a checkpoint, and the likely problems in it.
struct TensorRow {
  let tensor: FoundTensor
  let statistics: TensorStatistics
  let marks: [HealthMark]

  static func all(_ tensors: [FoundTensor], marks: [HealthMark]) -> [TensorRow] {
    tensors.map { tensor in
      TensorRow(
        tensor: tensor, statistics: TensorStatistics(tensor.values),
        marks: marks.filter { $0.object == tensor.name })
    }
  }

  static var columns: [Column<TensorRow>] {
    [
      Column("tensor", "tensor", align: .left, \.tensor.name),
      Column("shape", "shape", align: .left, \.tensor.shape) { shapeText($0.tensor.shape) },
      Column("type", "type", align: .left, \.tensor.elementType),
      Column("elements", "elements", as: .grouped, \.statistics.count),
    ] + TensorStatistics.columns.map { $0.of(\TensorRow.statistics) }
      + [HealthMark.column(\TensorRow.marks)]
  }
}

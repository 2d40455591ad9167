// Prints what a checkpoint holds: the product RSOCheckpoints alone.
//
// usage: contents CHECKPOINT [RSO]
import RSOCheckpoints

let arguments = CommandLine.arguments
let file = try CheckpointFile(
  contentsOf: arguments[1], parsingWith: arguments.count > 2 ? arguments[2] : nil)
print("cycle", file.finishedCycles, "of", file.plannedCycles)
for tensor in try file.tensors {
  print(tensor.layer, tensor.name, tensor.shape.map(String.init).joined(separator: " x "))
}
print(try file.stateSHA256)

// Three runs by way of the library. Each goes on from its checkpoint if there is one, so that it can be killed at any
// time and started again.
//
// usage: trial network | objective | minimum | asked | cart-pole CHECKPOINT
//        trial speed
import RSO

/// Continues a run to its end, and prints the digest of its last state.
func finish(
  _ search: consuming Search, _ path: String, _ result: (borrowing Search) throws -> String
) throws {
  try search.run(savingTo: path, every: 0.05)
  print(try result(search))
  print(try search.checkpoint.stateSHA256)
}

let arguments = CommandLine.arguments
switch (arguments.dropFirst().first ?? "", arguments.count) {
case ("network", 3):
  try finish(
    Search(
      from: CheckpointFile(at: arguments[2], orBeginning: Spirals.plan()), on: Spirals.dataset()),
    arguments[2]
  ) { search in
    let accuracy = search.checkpoint.history.last?.validationAccuracy ?? 0
    precondition(accuracy > 0.9, "the network has learnt nothing: \(accuracy)")
    return "validation accuracy \(accuracy)"
  }
case ("objective", 3):
  let objective = WorstClass()
  try finish(
    Search(
      from: CheckpointFile(at: arguments[2], orBeginning: Spirals.plan(objective)),
      on: Spirals.dataset(), objective: objective),
    arguments[2]
  ) { search in
    let loss = search.checkpoint.history.last?.validationLoss ?? 1
    precondition(loss < 0.3, "no better for the worst class: \(loss)")
    return "largest share of wrong answers of a class \(loss)"
  }
case ("minimum", 3):
  try finish(
    Search(
      from: CheckpointFile(at: arguments[2], orBeginning: Valley.plan()),
      loss: { parameters, _ in Valley.height(at: parameters) }),
    arguments[2]
  ) { search in
    let height = Valley.height(at: search.parameters)
    precondition(height < 0.01, "no minimum: \(height)")
    return "height \(height)"
  }
case ("asked", 3):
  try asked(arguments[2])
case ("cart-pole", 3):
  try finish(
    Search(
      from: CheckpointFile(at: arguments[2], orBeginning: CartPole.plan()), evaluator: CartPole()),
    arguments[2]
  ) { search in
    let seconds = CartPole().secondsUpright(search.parameters, start: CartPole.starts.count + 1)
    precondition(seconds == CartPole.longest, "the pole falls after \(seconds) s")
    return "upright for \(seconds) s from a new start"
  }
case ("speed", 2):
  try measureSpeed()
default:
  print("usage: trial network | objective | minimum | asked | cart-pole CHECKPOINT")
  print("       trial speed")
}

/// The same search as `minimum`, whose losses are asked for.
func asked(_ path: String) throws {
  var search = try Search(asking: CheckpointFile(at: path, orBeginning: Valley.plan()))
  var steps = 0
  while let question = try search.ask() {
    try search.tell(question.candidates.map(Valley.height))
    steps += 1
    if steps % 20 == 0 { try search.save(to: path) }
  }
  try search.save(to: path)
  print("height \(Valley.height(at: search.parameters))")
  print(try search.checkpoint.stateSHA256)
}

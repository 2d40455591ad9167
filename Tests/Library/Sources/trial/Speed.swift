import RSO

/// Prints the steps per second of functions that cost almost nothing: what the library itself takes.
func measureSpeed() throws {
  let clock = ContinuousClock()
  for columns in [1, 4, 100] {
    let plan = try Plan(
      minimizing: "sum",
      parameters: [ParameterBlock("x", rows: 400 / columns, columns: columns, deviation: 1)],
      options: ["cycles": "250"])
    func report(_ name: String, _ body: () throws -> Void) rethrows {
      let time = try clock.measure(body)
      let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
      print("\(name), rows of \(columns): \(Int(100_000 / seconds)) steps per second")
    }
    try report("closure") {
      var search = try Search(
        from: CheckpointFile(beginning: plan), loss: { parameters, _ in Double(parameters[0]) })
      try search.run()
    }
    try report("ask and tell") {
      var search = try Search(asking: CheckpointFile(beginning: plan))
      while let question = try search.ask() {
        try search.tell(question.candidates.map { Double($0[0]) })
      }
    }
  }
}

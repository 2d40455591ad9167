import RSO

/// Rosenbrock's valley in four dimensions: a function with a long, bent valley, which is 0 at (1, 1, 1, 1).
enum Valley {
  static func plan() throws -> Plan {
    try Plan(
      minimizing: "valley",
      parameters: [ParameterBlock("x", rows: 4, columns: 1, deviation: 0.5)], seed: 3,
      options: ["cycles": "3000", "anneal-to": "0.001"])
  }

  static func height(at x: [Float]) -> Double {
    zip(x, x.dropFirst()).reduce(0) { sum, pair in
      let (a, b) = (Double(pair.0), Double(pair.1))
      return sum + 10 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
    }
  }
}

/// An option whose value differs between the plan of a run and what the run was asked for.
struct PlanDifference: Sendable, Equatable {
  var option: String
  var planned: String
  var asked: String

  static func table(_ differences: [PlanDifference]) -> String {
    var table = Table(
      columns: [.left("option"), .left("the run's plan"), .left("asked for")], indent: 2)
    for difference in differences {
      table.add([difference.option, difference.planned, difference.asked])
    }
    return table.description
  }
}

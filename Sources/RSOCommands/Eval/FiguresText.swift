import RSORuns
import RSOSystem

/// The figures of an evaluation as tables, CSV and JSON.
package struct FiguresText {
  /// The largest network whose confusion matrix is printed as a matrix.
  private static let mostMatrixClasses = 12
  /// The confusions that are listed for a larger one.
  private static let listedConfusions = 20
  /// If there are more outputs, only the worst are listed.
  private static let mostOutputs = 100
  private static let listedOutputs = 30

  private let figures: EvaluationFigures

  package init(_ figures: EvaluationFigures) {
    self.figures = figures
  }

  // MARK: For people

  /// `92.51 %, 95 % interval 91.98 % to 93.01 %`.
  static func text(_ figure: Figure) -> String {
    let style: Numbers.Style = figure.kind == .share ? .percent : .value
    func text(_ value: Double?) -> String { style.text(of: value.reportValue) }
    let interval = figure.interval.map {
      ", 95 % interval \(text($0.lower)) to \(text($0.upper))"
    }
    return text(figure.value) + (interval ?? "") + (figure.remark.map { " (\($0))" } ?? "")
  }

  package var text: String {
    var overall = Table(columns: [.left("figure"), .left("value")])
    for figure in figures.overall { overall.add([figure.title, Self.text(figure)]) }
    var parts = [overall.description, outputsText]
    if let confusion = figures.confusion { parts.append(text(of: confusion)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var outputsText: String {
    let all = figures.outputs
    guard all.count > Self.mostOutputs else {
      return Report(all, columns: columns).table().description
    }
    let place = all.first?.figures.firstIndex { ["f1", "r2"].contains($0.key) } ?? 0
    let worst = all.sorted {
      $0.figures[place].value ?? 0 < $1.figures[place].value ?? 0
    }.prefix(Self.listedOutputs)
    return """
      the \(worst.count) of \(Numbers.grouped(all.count)) with the lowest \
      \(all.first?.figures[place].title ?? ""); --csv and --json have all
      \(Report(Array(worst), columns: columns).table().description)
      """
  }

  private var columns: [Column<OutputFigures>] {
    let first = figures.outputs.first
    var columns = [
      Column<OutputFigures>(figures.outputNoun, figures.outputNoun, align: .left, \.name)
    ]
    if first?.samples != nil {
      columns.append(Column("samples", "samples", as: .grouped, \.samples))
    }
    for (index, figure) in (first?.figures ?? []).enumerated() {
      columns.append(
        Column(figure.key, figure.title, as: figure.kind == .share ? .percent : .value) {
          $0.figures[index].value
        })
    }
    return columns
  }

  private func text(of confusion: ConfusionMatrix) -> String {
    let names = figures.outputs.map(\.name)
    if confusion.classes <= Self.mostMatrixClasses {
      var table = Table(columns: [.left("")] + names.map { .right($0) })
      for (name, row) in zip(names, confusion.counts) { table.add([name] + row.map(String.init)) }
      return "confusion: a row for each class, a column for each answer\n\(table.description)"
    }
    let wrong = confusion.samples - confusion.correct
    let largest = confusion.largest(Self.listedConfusions)
    guard !largest.isEmpty else { return "confusion: none; all answers are right" }
    var table = Table(columns: [
      .left("class"), .left("answer"), .right("samples"), .right("share of the class"),
    ])
    for entry in largest {
      let all = confusion.counts[entry.label].reduce(0, +)
      table.add([
        names[entry.label], names[entry.prediction], Numbers.grouped(entry.count),
        Numbers.percent(Double(entry.count) / Double(all)),
      ])
    }
    return """
      confusion: the most frequent of \(Numbers.count(wrong, "wrong answer")); --csv and --json have the \
      whole matrix
      \(table.description)
      """
  }

  // MARK: For programs

  /// One row for each figure and each count of the confusion matrix.
  package var csv: String {
    var csv = CSVText(["figure", figures.outputNoun, "answer", "value", "lower", "upper"])
    func add(_ figure: Figure, _ output: String) {
      csv.add([
        figure.key, output, "", figure.value.reportValue.field,
        (figure.interval?.lower).reportValue.field, (figure.interval?.upper).reportValue.field,
      ])
    }
    for figure in figures.overall { add(figure, "") }
    for output in figures.outputs {
      if let samples = output.samples {
        csv.add(["samples", output.name, "", "\(samples)", "", ""])
      }
      for figure in output.figures { add(figure, output.name) }
    }
    let names = figures.outputs.map(\.name)
    for (name, row) in zip(names, figures.confusion?.counts ?? []) {
      for (answer, count) in zip(names, row) {
        csv.add(["confusion", name, answer, "\(count)", "", ""])
      }
    }
    return csv.text
  }

  /// The members of a JSON object: each figure by its key, its interval, and a list of the outputs.
  package var members: [String: ReportValue] {
    var members = Self.members(figures.overall)
    members["per_\(figures.outputNoun)"] = .list(
      figures.outputs.enumerated().map { index, output in
        var entry = Self.members(output.figures)
        entry[figures.outputNoun] = .integer(index)
        entry["name"] = .text(output.name)
        entry["samples"] = output.samples.reportValue
        return .object(entry)
      })
    members["confusion"] = (figures.confusion?.counts).reportValue
    return members
  }

  private static func members(_ figures: [Figure]) -> [String: ReportValue] {
    figures.reduce(into: [:]) { members, figure in
      members[figure.key] = figure.value.reportValue
      members["\(figure.key)_interval"] = figure.interval.reportValue
    }
  }
}

extension Interval: Reportable {
  /// The lower and the upper end.
  package var reportValue: ReportValue { .list([.number(lower), .number(upper)]) }
}

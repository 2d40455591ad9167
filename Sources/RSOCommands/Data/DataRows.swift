import RSODatasets

/// A class, a label, or a number to predict, as a row of `rso data`.
struct OutputRow {
  let index: Int
  let name: String
  /// For each set, the samples of the class; nil if there is no such set, or for numbers.
  let training: Int?
  let validation: Int?
  let test: Int?
  /// The range in the training set of a number to predict.
  let range: ClosedRange<Float>?

  static func all(_ survey: DataSurvey) -> [OutputRow] {
    func count(_ name: String, _ index: Int) -> Int? {
      survey.parts.first { $0.name == name }.flatMap { part in
        part.counts.indices.contains(index) ? part.counts[index] : nil
      }
    }
    return (0..<survey.dataset.training.outputs).map { index in
      OutputRow(
        index: index, name: DataSurvey.outputName(index, of: survey.dataset),
        training: count("training", index), validation: count("validation", index),
        test: count("test", index),
        range: survey.parts[0].ranges.indices.contains(index) ? survey.parts[0].ranges[index] : nil)
    }
  }

  /// - Parameter title: `class`, `label` or `number`.
  static func columns(_ survey: DataSurvey, title: String) -> [Column<OutputRow>] {
    let name = Column<OutputRow>("name", title, align: .left, \.name)
    guard survey.parts[0].ranges.isEmpty else {
      return [
        name,
        Column(
          "minimum", "minimum", { $0.range.map { Double($0.lowerBound) } },
          text: { $0.range.map { Numbers.ends($0).0 } ?? "-" }),
        Column(
          "maximum", "maximum", { $0.range.map { Double($0.upperBound) } },
          text: { $0.range.map { Numbers.ends($0).1 } ?? "-" }),
      ]
    }
    var columns = [
      Column<OutputRow>("index", in: [.csv, .json], \.index), name,
      Column("training", "training", as: .grouped, \.training),
    ]
    if survey.dataset.validation != nil {
      columns.append(Column("validation", "validation", as: .grouped, \.validation))
    }
    if survey.dataset.test != nil { columns.append(Column("test", "test", as: .grouped, \.test)) }
    return columns
  }
}

/// A channel of images, or a feature, as a row of `rso data`.
struct ChannelRow {
  let name: String
  let summary: ChannelSummary

  static func all(_ survey: DataSurvey) -> [ChannelRow] {
    survey.channels.enumerated().map { index, summary in
      ChannelRow(name: DataSurvey.channelName(index, of: survey.dataset), summary: summary)
    }
  }

  /// - Parameter title: `channel` or `feature`.
  static func columns(title: String) -> [Column<ChannelRow>] {
    [
      Column("name", title, align: .left, \.name),
      Column(
        "minimum", "minimum", { Double($0.summary.minimum) },
        text: { Numbers.ends($0.summary.range).0 }),
      Column(
        "maximum", "maximum", { Double($0.summary.maximum) },
        text: { Numbers.ends($0.summary.range).1 }),
      Column("mean", "mean", as: .value, \.summary.mean),
      Column("deviation", "deviation", as: .value, \.summary.deviation),
    ]
  }
}

/// The arrays of the files, as rows of `rso data`.
enum ArrayRows {
  static func columns(_ arrays: [ListedArray]) -> [Column<ListedArray>] {
    var columns: [Column<ListedArray>] = [
      Column("name", "array", align: .left, \.name),
      Column("type", "type", align: .left, \.type),
      Column("shape", "shape", align: .left, \.shape, text: shape),
      Column(
        "use", "taken as", align: .left, { $0.use?.rawValue },
        text: { $0.use?.rawValue ?? "not used" }),
    ]
    if arrays.contains(where: { $0.file != nil }) {
      columns.insert(
        Column("file", "file", align: .left, \.file, text: { $0.file ?? "" }), at: 0)
    }
    return columns
  }

  private static func shape(_ array: ListedArray) -> String {
    array.shape.isEmpty ? "scalar" : array.shape.map(String.init).joined(separator: " x ")
  }
}

/// The sets, as rows of `rso data`.
enum SetRows {
  static var columns: [Column<DataSurvey.Part>] {
    [
      Column("name", "set", align: .left, \.name),
      Column("samples", "samples", as: .grouped, \.count),
      Column("sha256", "SHA-256", align: .left, \.sha256),
    ]
  }
}

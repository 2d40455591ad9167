import RSOSystem

extension MachineFacts {
  /// Findings about data, language, terminal and clock.
  var surroundingFindings: [DoctorFinding] {
    dataDirectory + data.map(Self.finding) + [localeFinding, terminal, clock]
  }

  /// A finding only where `RSO_DATA` is wrong.
  private var dataDirectory: [DoctorFinding] {
    missingData.map {
      [
        DoctorFinding(
          "data_directory", .limited, "RSO_DATA names \(quotedPath($0)), which is not a directory",
          remedy: "name a directory with data sets with RSO_DATA, or unset it",
          ["path": .text($0)])
      ]
    } ?? []
  }

  private static func finding(_ data: FoundData) -> DoctorFinding {
    let users =
      data.presets.isEmpty ? "" : "; the default data of \(data.presets.joined(separator: ", "))"
    let values: [String: ReportValue] = [
      "name": .text(data.name), "place": data.place.reportValue,
      "presets": data.presets.reportValue,
    ]
    let subject = "data_\(data.name)"
    guard let place = data.place else {
      return DoctorFinding(subject, .absent, "not found\(users)", remedy: data.advice, values)
    }
    return DoctorFinding(subject, .good, printable(place) + users, values)
  }

  private var localeFinding: DoctorFinding {
    guard let locale else { return .unknown("locale") }
    let setting = locale.setting.map { printable($0) } ?? "none is set"
    let values: [String: ReportValue] = [
      "setting": locale.setting.reportValue, "encoding": locale.encoding.reportValue,
    ]
    let remedy = "'export LC_ALL=C.UTF-8'"
    guard let encoding = locale.encoding else {
      return DoctorFinding(
        "locale", output?.isTerminal == true ? .limited : .good,
        "\(setting), which is not installed; rso writes UTF-8, and numbers the same in all locales",
        remedy: output?.isTerminal == true ? remedy : nil, values)
    }
    let isUnicode = encoding == "UTF-8"
    let isLimited = !isUnicode && output?.isTerminal == true
    return DoctorFinding(
      "locale", isLimited ? .limited : .good,
      "\(setting), \(encoding)"
        + (isUnicode ? "" : "; rso writes UTF-8, so small bars may look wrong on a terminal"),
      remedy: isLimited ? remedy : nil, values)
  }

  private var terminal: DoctorFinding {
    guard let output else { return .unknown("terminal") }
    let progress = output.hasLiveLine ? "a live line of progress" : "progress line by line"
    return DoctorFinding(
      "terminal", .good,
      output.isTerminal
        ? "\(Numbers.grouped(output.width)) columns, \(output.hasColors ? "colours" : "no colours"), \(progress)"
        : "standard output is no terminal; \(output.hasColors ? "colours" : "no colours"), \(progress)",
      [
        "is_terminal": .flag(output.isTerminal),
        "columns": output.isTerminal ? .integer(output.width) : .missing,
        "colors": .flag(output.hasColors), "live_line": .flag(output.hasLiveLine),
      ])
  }

  private var clock: DoctorFinding {
    guard let date else { return .unknown("clock") }
    let values: [String: ReportValue] = ["seconds_since_1970": .number(date)]
    if let programDate, date < programDate {
      return DoctorFinding(
        "clock", .limited,
        "\(Numbers.date(date)), before the program was installed, \(Numbers.date(programDate)): "
          + "checkpoints would record wrong dates",
        remedy: "set the clock ('timedatectl set-ntp true')", values)
    }
    return DoctorFinding("clock", .good, Numbers.date(date), values)
  }
}

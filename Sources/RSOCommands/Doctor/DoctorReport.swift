import RSOSystem

/// The result of `rso doctor`: findings about the machine, then about a directory.
package struct DoctorReport: Sendable, Equatable {
  package let version: String
  /// The directory as it was named.
  package let path: String
  package let findings: [DoctorFinding]

  package init(machine: MachineFacts, place: PlaceFacts) {
    version = machine.version
    path = place.path
    findings =
      machine.processorFindings + machine.memoryFindings + machine.libraryFindings
      + machine.surroundingFindings + place.findings
  }

  /// The number of findings because of which something would fail.
  package var failing: Int { findings.count { $0.verdict == .failing } }

  package var exitStatus: Int32 { failing == 0 ? 0 : 1 }

  // MARK: Renderings

  package func text(_ palette: Palette) -> String {
    let report = Report(
      findings,
      columns: [
        Column("verdict", "verdict", align: .left, \.verdict.rawValue),
        Column("subject", "subject", align: .left, { $0.subject.replacing("_", with: " ") }),
        Column("finding", "finding", align: .left, \.text),
      ])
    var parts = [palette.text(report.table()) { findings[$0].verdict == .failing }]
    let remedies = findings.compactMap { finding in
      finding.remedy.map { "\(finding.subject.replacing("_", with: " ")): \(printable($0))" }
    }
    if !remedies.isEmpty {
      parts.append(([palette.title("what can be done")] + remedies).joined(separator: "\n"))
    }
    parts.append(
      failing == 0
        ? "nothing would fail"
        : palette.warning(
          "would fail: "
            + findings.filter { $0.verdict == .failing }
            .map { $0.subject.replacing("_", with: " ") }.joined(separator: ", ")))
    return parts.joined(separator: "\n\n") + "\n"
  }

  package func json() throws -> String {
    try JSONText.encode(
      ReportValue.object([
        "version": .text(version), "path": .text(path), "failing": .integer(failing),
        "findings": .list(findings.map(Self.object)),
      ]))
  }

  private static func object(_ finding: DoctorFinding) -> ReportValue {
    .object([
      "subject": .text(finding.subject), "verdict": .text(finding.verdict.rawValue),
      "finding": .text(finding.text), "remedy": finding.remedy.reportValue,
      "values": finding.values.isEmpty ? .missing : .object(finding.values),
    ])
  }
}

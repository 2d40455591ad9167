/// A finding about one property of the machine, or of a directory on it.
package struct DoctorFinding: Sendable, Equatable {
  package enum Verdict: String, Sendable, CaseIterable {
    /// Nothing would fail for this reason.
    case good
    /// A part that rso can do without is not there.
    case absent
    /// rso works, with less than the machine or the installation could give.
    case limited
    /// It cannot be found out here.
    case unknown
    /// Something would fail.
    case failing
  }

  /// The key in JSON, in snake_case.
  package var subject: String
  package var verdict: Verdict
  /// The finding in words.
  package var text: String
  /// The remedy; nil if none is needed or known.
  package var remedy: String?
  /// The figures behind the words, for programs.
  package var values: [String: ReportValue]

  package init(
    _ subject: String, _ verdict: Verdict, _ text: String, remedy: String? = nil,
    _ values: [String: ReportValue] = [:]
  ) {
    self.subject = subject
    self.verdict = verdict
    self.text = text
    self.remedy = remedy
    self.values = values
  }

  /// A subject about which nothing could be found out.
  static func unknown(_ subject: String) -> DoctorFinding {
    DoctorFinding(subject, .unknown, "not known")
  }
}

/// The result of `rso inspect`, in its three renderings.
package protocol InspectionReport {
  /// The number of likely problems.
  var problems: Int { get }

  /// - Parameter barWidth: Characters of a line, for bars that show the course of a run; nil without
  ///   a terminal.
  func text(_ palette: Palette, width: Int, barWidth: Int?) -> String
  /// The table that was asked for.
  var csv: String { get }
  func json() throws -> String
}

/// The processes and threads that the control groups of this process allow.
package enum MachineProcesses {
  /// The smallest limit on the number of processes and threads of a group around this process (`pids.max`); nil
  /// without one.
  ///
  /// - Parameter root: The directory that `proc` and `sys` are in, with a slash at its end.
  package static func limit(root: String = "/") -> Int? {
    ControlGroups.around(.pids, root: root).compactMap { SystemFile.number($0.text("pids.max")) }
      .min()
  }
}

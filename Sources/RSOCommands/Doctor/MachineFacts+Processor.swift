import RSORuns
import RSOSystem

extension MachineFacts {
  /// Findings about the program, and about what computes.
  var processorFindings: [DoctorFinding] {
    [programFinding, kernels, devices, processorsFinding, threads]
  }

  private var programFinding: DoctorFinding {
    guard let program else { return .unknown("program") }
    return DoctorFinding(
      "program", .good, "rso \(version), \(printable(program))",
      ["version": .text(version), "path": .text(program)])
  }

  private var kernels: DoctorFinding {
    guard let device else { return .unknown("kernels") }
    let missing = instructionSets.filter { $0.missing != nil }
    let reasons = missing.map { "\($0.name): the processor lacks \($0.missing ?? "")" }
    return DoctorFinding(
      "kernels", .good,
      ([device + " (\(numericPaths.joined(separator: ", ")))"] + reasons.map { "not \($0)" })
        .joined(separator: "; "),
      [
        "instruction_set": .text(device), "numeric_paths": numericPaths.reportValue,
        "missing": missing.isEmpty
          ? .missing
          : .object(
            Dictionary(
              missing.map { ($0.name, $0.missing.reportValue) },
              uniquingKeysWith: { first, _ in first })),
      ])
  }

  /// Backends of the processor; any other is one for a device.
  private static let processorBackends = ["cpu", "reference"]

  private var devices: DoctorFinding {
    let others = backends.filter { !Self.processorBackends.contains($0) }
    return DoctorFinding(
      "devices", others.isEmpty ? .absent : .good,
      others.isEmpty
        ? "no backend for devices in this build" : others.joined(separator: ", "),
      ["backends": backends.reportValue])
  }

  private var processorsFinding: DoctorFinding {
    guard let processors else { return .unknown("processors") }
    let (usable, online) = (processors.usable, processors.online)
    var bounds: [String] = []
    var remedies: [String] = []
    if processors.affinity < online {
      bounds.append("the affinity mask has \(processors.affinity)")
      remedies.append("'taskset' or the batch system sets the mask")
    }
    if let quota = processors.quota, quota < online {
      bounds.append("the control group's quota pays for \(quota)")
      remedies.append(
        "cpu.max of the control group, or the container's option for CPUs, sets the quota")
    }
    if let launch, usable < processors.affinity {
      bounds.append("\(launch.countHere) processes of a launcher share this machine")
    }
    let isBounded = usable < online
    return DoctorFinding(
      "processors", isBounded ? .limited : .good,
      "\(usable) of \(online) usable"
        + (bounds.isEmpty ? "" : ": " + bounds.joined(separator: "; ")),
      remedy: isBounded && !remedies.isEmpty ? remedies.joined(separator: "; ") : nil,
      [
        "usable": .integer(usable), "online": .integer(online),
        "affinity": .integer(processors.affinity), "quota": processors.quota.reportValue,
      ])
  }

  private var threads: DoctorFinding {
    guard let startedThreads, let processors else { return .unknown("threads") }
    let computing = max(0, startedThreads - Interruption.threadCount) + 1
    let values: [String: ReportValue] = [
      "computing": .integer(min(computing, processors.usable)),
      "user_limit": (limits?.processes).reportValue, "group_limit": groupProcesses.reportValue,
    ]
    let bounds = [
      limits?.processes.map { "'ulimit -u' is \(Numbers.grouped($0))" },
      groupProcesses.map { "pids.max of the control group is \(Numbers.grouped($0))" },
    ].compactMap { $0 }
    let bound = bounds.isEmpty ? "" : " (\(bounds.joined(separator: ", ")))"
    let remedy = "end other processes, or raise 'ulimit -u' or pids.max of the control group"
    if startedThreads < Interruption.threadCount {
      return DoctorFinding(
        "threads", .failing,
        "a run needs \(Interruption.threadCount) threads that watch for signals, and "
          + "\(startedThreads) could be started\(bound)", remedy: remedy, values)
    }
    if computing < processors.usable {
      return DoctorFinding(
        "threads", .limited,
        "\(computing) of \(processors.usable) threads that compute could be started\(bound)",
        remedy: remedy, values)
    }
    return DoctorFinding(
      "threads", .good,
      "all \(Interruption.threadCount + processors.usable) of a run could be started\(bound)",
      values)
  }
}

import RSORuns
import RSOSystem

extension MachineFacts {
  /// Findings about the program, and about what computes.
  var processorFindings: [DoctorFinding] {
    [programFinding, kernels, devicesFinding, processorsFinding, threads]
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

  private var devicesFinding: DoctorFinding {
    switch devices {
    case nil: .unknown("devices")
    case .failure(let failure):
      DoctorFinding(
        "devices", .limited, "OpenCL devices cannot be examined: \(printable(failure.reason))",
        remedy: "install the devices' driver again, or remove it; rso trains on the processor")
    case .success(let report):
      DoctorFinding(
        "devices", report.rows.isEmpty ? .absent : .good,
        report.reason.map { "no OpenCL devices: \(printable($0))" }
          ?? report.rows.map {
            "\($0.device.selector) \(printable($0.device.name)), \($0.finding)"
          }.joined(separator: "; "),
        [
          "devices": report.rows.map(\.device.selector).reportValue,
          "usable": report.rows.filter(\.isUsable).map(\.device.selector).reportValue,
        ])
    }
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

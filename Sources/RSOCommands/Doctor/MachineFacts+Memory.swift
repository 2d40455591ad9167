import RSONetworks
import RSOSystem

extension MachineFacts {
  /// Files that a run holds open while it saves: the standard streams, the lock, the two pipes that wake the
  /// threads which watch for signals, and a file with its directory.
  static let openFilesOfRun = 10
  /// With the log of times and the streams of a program that computes the objective.
  private static let mostOpenFiles = 16
  static let moreOpenFiles = "'ulimit -n 256' in the shell that starts rso"
  static let largerFiles = "'ulimit -f unlimited' in the shell that starts rso"
  private static let fewerSamples =
    "train on fewer samples at a time (--phase-samples, --batch-size)"

  /// Findings about memory, and about the limits of the process.
  var memoryFindings: [DoctorFinding] {
    [memoryFinding, openFiles, fileSize, stack, processorTime]
  }

  private var memoryFinding: DoctorFinding {
    guard let memory, let limit = memory.limit else { return .unknown("memory") }
    let values: [String: ReportValue] = [
      "limit_bytes": .integer(limit), "available_bytes": memory.available.reportValue,
      "installed_bytes": installedMemory.reportValue,
      "address_space_bytes": (limits?.memory).reportValue,
      "example_bytes": exampleMemory.reportValue,
    ]
    var text = "\(Numbers.bytes(limit)) at most"
    var remedy: String?
    if limit == limits?.memory {
      text += " by 'ulimit -v'"
      remedy = "'ulimit -v unlimited' in the shell that starts rso"
    } else if let installedMemory, limit < installedMemory {
      text += " by the control group"
      remedy = "memory.max of the control group, or an option of the container or job, sets it"
    }
    text +=
      memory.available.map { ", \(Numbers.bytes($0)) of it free" } ?? ", free memory not known"
    let least = MemoryEstimate(samples: 0, network: 0, activations: 0, layer: nil).peak
    if limit < least {
      return DoctorFinding(
        "memory", .failing, text + "; the program alone needs \(Numbers.bytes(least))",
        remedy: remedy ?? "add memory", values)
    }
    guard let exampleMemory, exampleMemory > memory.available ?? limit else {
      return DoctorFinding("memory", .good, text, values)
    }
    text += "; 'rso train --preset mnist-fast' needs \(Numbers.bytes(exampleMemory))"
    if exampleMemory <= limit {
      remedy = "end other programs, or " + Self.fewerSamples
    } else if remedy == nil {
      remedy = Self.fewerSamples
    }
    return DoctorFinding("memory", .limited, text, remedy: remedy, values)
  }

  private var openFiles: DoctorFinding {
    guard let limits else { return .unknown("open_files") }
    guard let most = limits.openFiles else { return DoctorFinding("open_files", .good, "no limit") }
    let values: [String: ReportValue] = ["limit": .integer(most)]
    let text = "\(Numbers.grouped(most)) at the same time ('ulimit -n')"
    let remedy = Self.moreOpenFiles
    if most < Self.openFilesOfRun {
      return DoctorFinding(
        "open_files", .failing, text + "; a run that saves needs \(Self.openFilesOfRun)",
        remedy: remedy, values)
    }
    if most < Self.mostOpenFiles {
      return DoctorFinding(
        "open_files", .limited,
        text + "; a run with --perf-log and --objective needs \(Self.mostOpenFiles)",
        remedy: remedy, values)
    }
    return DoctorFinding("open_files", .good, text, values)
  }

  private var fileSize: DoctorFinding {
    guard let limits else { return .unknown("file_size") }
    guard let most = limits.fileSize else { return DoctorFinding("file_size", .good, "no limit") }
    return DoctorFinding(
      "file_size", .limited,
      "\(Numbers.grouped(most)) bytes at most ('ulimit -f'); a checkpoint has more than 4 bytes "
        + "for each parameter",
      remedy: Self.largerFiles, ["limit_bytes": .integer(most)])
  }

  private var stack: DoctorFinding {
    guard let limits else { return .unknown("stack") }
    guard let most = limits.stack else { return DoctorFinding("stack", .good, "no limit") }
    let values: [String: ReportValue] = ["limit_bytes": .integer(most)]
    let text = "\(Numbers.grouped(most)) bytes ('ulimit -s')"
    guard most < SystemThread.leastStack else { return DoctorFinding("stack", .good, text, values) }
    return DoctorFinding(
      "stack", .limited,
      text + "; the threads of rso have more, the programs that it starts do not",
      remedy: "'ulimit -s 8192' in the shell that starts rso", values)
  }

  private var processorTime: DoctorFinding {
    guard let limits else { return .unknown("processor_time") }
    guard let most = limits.processorTime else {
      return DoctorFinding("processor_time", .good, "no limit")
    }
    return DoctorFinding(
      "processor_time", .limited,
      "\(Numbers.grouped(most)) s of all threads together ('ulimit -t'); before it ends, a run saves and ends with "
        + "status \(ExitStatus.timeIsUp)",
      remedy: "'ulimit -t unlimited' in the shell that starts rso",
      ["limit_seconds": .integer(most)])
  }
}

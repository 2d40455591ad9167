import LinearAlgebra
import RSODevices
import RSONetworks
import RSORanks
import RSORuns
import RSOSystem

/// The properties of a machine, of an installation and of the surroundings of a process that decide what works. A
/// property that is nil is not known.
package struct MachineFacts: Sendable {
  /// Processors that a process may use.
  package struct Processors: Sendable {
    /// Processors of the machine that are switched on.
    package var online: Int
    /// Processors in the affinity mask.
    package var affinity: Int
    /// Processors that the quotas of the control groups pay for; nil without a quota.
    package var quota: Int?
    /// The default of `--threads`.
    package var usable: Int

    package init(online: Int, affinity: Int, quota: Int? = nil, usable: Int) {
      self.online = online
      self.affinity = affinity
      self.quota = quota
      self.usable = usable
    }
  }

  /// The result of doing something to see if it works.
  package enum Trial: Sendable, Hashable {
    case works
    case fails(reason: String)
  }

  /// A public data set, and the place where it is found; nil if it is not.
  package struct FoundData: Sendable, Hashable {
    package var name: String
    package var place: String?
    /// Networks that are trained on it by default.
    package var presets: [String]
    /// The advice where to get it.
    package var advice: String

    package init(name: String, place: String?, presets: [String], advice: String) {
      self.name = name
      self.place = place
      self.presets = presets
      self.advice = advice
    }
  }

  /// The language of the process.
  package struct Locale: Sendable, Hashable {
    /// The variable that decides, with its value: `LANG=de_DE.UTF-8`; nil if none is set.
    package var setting: String?
    /// The encoding of characters: `UTF-8`; nil if the system does not have the locale.
    package var encoding: String?

    package init(setting: String?, encoding: String?) {
      self.setting = setting
      self.encoding = encoding
    }
  }

  /// Standard output.
  package struct Output: Sendable, Hashable {
    package var isTerminal: Bool
    package var width: Int
    package var hasColors: Bool
    /// Progress is a line that is drawn again and again.
    package var hasLiveLine: Bool

    package init(isTerminal: Bool, width: Int, hasColors: Bool, hasLiveLine: Bool) {
      self.isTerminal = isTerminal
      self.width = width
      self.hasColors = hasColors
      self.hasLiveLine = hasLiveLine
    }
  }

  package var version = Version.current
  /// The path of the program.
  package var program: String?

  // MARK: Processor

  /// The instruction set that computes, and its numeric paths, the default first.
  package var device: String?
  package var numericPaths: [String] = []
  package var instructionSets: [InstructionSet] = []
  /// The OpenCL devices, with the results of earlier self-tests.
  package var devices: Result<DevicesReport, DevicesProcess.Failure>?
  package var processors: Processors?
  /// The process's place among those that a launcher has started.
  package var launch: Launch?
  /// Threads that could be started at the same time, of `Interruption.threadCount` and one for each usable
  /// processor but the first.
  package var startedThreads: Int?

  // MARK: Memory and limits

  package var memory: MachineMemory?
  /// Bytes of main memory.
  package var installedMemory: Int?
  /// Bytes that `rso train --preset mnist-fast` needs.
  package var exampleMemory: Int?
  package var limits: ProcessLimits?
  /// Processes and threads that the control groups allow; nil without a limit.
  package var groupProcesses: Int?

  // MARK: Libraries and processes

  /// Names and versions of libraries.
  package var libraries: [(name: String, version: String?)] = []
  /// The file of LAPACK that was loaded.
  package var lapack: Result<String, SingularValues.Failure>?
  package var mpi: Result<InstalledMPI, MPIError>?
  /// The process in which libhdf5 parses a file, and the one that decodes pictures.
  package var fileProcess: Trial?
  package var pictureProcess: Trial?
  /// The version of the program that makes PNG files of plots, in its own words.
  package var plotConverter: Result<String, SystemError>?
  /// The directory for temporary files.
  package var temporaryDirectory: String?
  package var temporaryFile: Trial?
  /// True if /proc is mounted, by which a process opens its temporary files.
  package var hasProcesses = true

  // MARK: Surroundings

  package var data: [FoundData] = []
  /// The value of `RSO_DATA`, if it is set and is no directory.
  package var missingData: String?
  package var locale: Locale?
  package var output: Output?
  /// The present, and the time at which the program's file was written, in seconds since 1970.
  package var date: Double?
  package var programDate: Double?

  package init() {}
}

import Foundation
import LinearAlgebra
import RSOCommands
import RSONetworks
import RSORanks
import RSORuns
import RSOSystem
import Testing

@Suite("Findings of rso doctor")
struct DoctorReportTests {
  /// A machine with everything.
  private static var well: MachineFacts {
    var facts = MachineFacts()
    facts.version = "1.2.3"
    facts.program = "/usr/bin/rso"
    (facts.device, facts.numericPaths) = ("avx2", ["f32"])
    facts.instructionSets = [
      InstructionSet(name: "avx512", missing: "avx512f"),
      InstructionSet(name: "avx2", missing: nil),
    ]
    facts.devices = .success(DevicesReport(rows: [], reason: "no platform has a device"))
    facts.processors = .init(online: 8, affinity: 8, usable: 8)
    facts.startedThreads = 9
    facts.memory = MachineMemory(available: 4_000_000_000, limit: 8_000_000_000)
    (facts.installedMemory, facts.exampleMemory) = (8_000_000_000, 1_000_000_000)
    facts.limits = ProcessLimits(openFiles: 1024)
    facts.libraries = [("zlib", "1.2.13"), ("libjpeg_turbo", "2.1.5")]
    facts.lapack = .success("liblapack.so.3")
    facts.mpi = .success(InstalledMPI(path: "/usr/libexec/rso/librso-mpi.so", library: "MPI 4"))
    (facts.fileProcess, facts.pictureProcess) = (.works, .works)
    facts.plotConverter = .success("rsvg-convert version 2.54.7")
    (facts.temporaryDirectory, facts.temporaryFile) = ("/tmp", .works)
    facts.data = [.init(name: "mnist", place: "/data/mnist", presets: ["small"], advice: "get it")]
    facts.locale = .init(setting: "LANG=C.UTF-8", encoding: "UTF-8")
    facts.output = .init(isTerminal: true, width: 120, hasColors: true, hasLiveLine: true)
    (facts.date, facts.programDate) = (1_800_000_000, 1_790_000_000)
    return facts
  }

  private static var wellPlace: PlaceFacts {
    var place = PlaceFacts(path: "runs", kind: .directory, directory: "/srv/runs")
    place.fileSystem = MountedFileSystem(kind: "ext4", place: "/srv", isReadOnly: false)
    place.availableBytes = 5_000_000_000
    place.trial = DirectoryTrial(save: .success(0.0123), lock: .exclusive, clockDifference: 0)
    return place
  }

  private func finding(
    _ subject: String, _ change: (inout MachineFacts, inout PlaceFacts) -> Void
  ) throws -> DoctorFinding {
    var (machine, place) = (Self.well, Self.wellPlace)
    change(&machine, &place)
    let report = DoctorReport(machine: machine, place: place)
    let found = try #require(report.findings.first { $0.subject == subject })
    #expect(report.exitStatus == (found.verdict == .failing ? 1 : 0))
    return found
  }

  @Test("a machine with everything has a table, and nothing to do")
  func everything() {
    let report = DoctorReport(machine: Self.well, place: Self.wellPlace)
    #expect(
      report.text(.plain) == """
        verdict  subject          finding
        good     program          rso 1.2.3, /usr/bin/rso
        good     kernels          avx2 (f32); not avx512: the processor lacks avx512f
        absent   devices          no OpenCL devices: no platform has a device
        good     processors       8 of 8 usable
        good     threads          all 10 of a run could be started
        good     memory           8.00 GB at most, 4.00 GB of it free
        good     open files       1,024 at the same time ('ulimit -n')
        good     file size        no limit
        good     stack            no limit
        good     processor time   no limit
        good     libraries        zlib 1.2.13, libjpeg-turbo 2.1.5
        good     lapack           liblapack.so.3
        good     mpi              MPI 4, /usr/libexec/rso/librso-mpi.so
        good     hdf5 process     parses checkpoints and HDF5 files
        good     picture process  decodes pictures
        good     png plots        rsvg-convert version 2.54.7
        good     temporary files  /tmp
        good     data mnist       /data/mnist; the default data of small
        good     locale           LANG=C.UTF-8, UTF-8
        good     terminal         120 columns, colours, a live line of progress
        good     clock            2027-01-15 08:00 UTC
        good     directory        '/srv/runs'
        good     file system      ext4, mounted at '/srv'
        good     free space       5.00 GB
        good     save             a file was saved, replaced and read back in 12.3 ms
        good     locks            a file was locked, and a second lock was refused

        nothing would fail

        """)
    #expect(report.exitStatus == 0)
  }

  @Test("what is not known is said so, and is no failure")
  func unknown() {
    let report = DoctorReport(
      machine: MachineFacts(), place: PlaceFacts(path: ".", kind: .directory, directory: "/x"))
    let known: Set = ["directory"]
    #expect(report.findings.count >= 20)
    for finding in report.findings where !known.contains(finding.subject) {
      #expect(finding.verdict == .unknown && finding.text == "not known", "\(finding)")
    }
    #expect(report.exitStatus == 0)
  }

  @Test("JSON has every finding with its figures, and the remedies")
  func json() throws {
    var machine = Self.well
    machine.processors = .init(online: 8, affinity: 4, quota: 2, usable: 2)
    machine.startedThreads = 0
    let report = DoctorReport(machine: machine, place: Self.wellPlace)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(try report.json().utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["version", "path", "failing", "findings"])
    #expect(object["failing"] as? Int == 1 && object["path"] as? String == "runs")
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.map { $0["subject"] as? String } == report.findings.map(\.subject))
    let processors = try #require(findings.first { $0["subject"] as? String == "processors" })
    #expect(
      processors["values"] as? [String: Int]
        == ["online": 8, "affinity": 4, "quota": 2, "usable": 2])
    #expect(processors["verdict"] as? String == "limited" && processors["remedy"] is String)
  }

  @Test("the last line names what would fail, and its remedy is above")
  func failing() {
    var (machine, place) = (Self.well, Self.wellPlace)
    machine.startedThreads = 1
    place.trial?.lock = .unsupported(code: ENOLCK)
    let text = DoctorReport(machine: machine, place: place).text(.plain)
    #expect(text.hasSuffix("\n\nwould fail: threads, locks\n"))
    #expect(text.contains("\nwhat can be done\nthreads: end other processes, or raise"))
    #expect(text.contains("\nlocks: use a directory on another file system, or give --no-lock"))
  }

  // MARK: The machine

  @Test("fewer processors than the machine has are told with the reason")
  func processors() throws {
    let mask = try finding("processors") { machine, _ in
      machine.processors = .init(online: 8, affinity: 1, usable: 1)
    }
    #expect(mask.verdict == .limited && mask.text == "1 of 8 usable: the affinity mask has 1")
    let quota = try finding("processors") { machine, _ in
      machine.processors = .init(online: 8, affinity: 8, quota: 3, usable: 3)
    }
    #expect(quota.text == "3 of 8 usable: the control group's quota pays for 3")
    #expect(quota.remedy?.contains("cpu.max") == true)
    let ranks = try finding("processors") { machine, _ in
      machine.processors = .init(online: 8, affinity: 8, usable: 2)
      machine.launch = Launch(rank: 0, count: 4, countHere: 4)
    }
    #expect(ranks.text == "2 of 8 usable: 4 processes of a launcher share this machine")
    #expect(ranks.remedy == nil)
  }

  @Test(
    "threads that cannot be started slow a run down, until none is left to watch for signals",
    arguments: [
      (9, DoctorFinding.Verdict.good), (8, .limited), (2, .limited), (1, .failing), (0, .failing),
    ])
  func threads(started: Int, verdict: DoctorFinding.Verdict) throws {
    let found = try finding("threads") { machine, _ in
      machine.startedThreads = started
      machine.limits?.processes = 40
      machine.groupProcesses = 512
    }
    #expect(found.verdict == verdict)
    #expect(
      found.text.hasSuffix("('ulimit -u' is 40, pids.max of the control group is 512)"),
      "\(found.text)")
    if verdict == .limited {
      #expect(found.text.hasPrefix("\(started - 1) of 8 threads that compute could be started"))
    }
  }

  @Test(
    "memory is limited where the example does not fit, and fails where the program does not",
    arguments: [
      (2_000_000_000, nil, DoctorFinding.Verdict.good, "2.00 GB at most by the control group"),
      (500_000_000, nil, .limited, "500 MB at most by the control group, 400 MB of it free"),
      (500_000_000, 500_000_000, .limited, "500 MB at most by 'ulimit -v', 400 MB of it free"),
      (40_000_000, nil, .failing, "the program alone needs 50 MB"),
    ] as [(Int, Int?, DoctorFinding.Verdict, String)])
  func memory(limit: Int, own: Int?, verdict: DoctorFinding.Verdict, words: String) throws {
    let found = try finding("memory") { machine, _ in
      machine.memory = MachineMemory(
        available: limit == 500_000_000 ? 400_000_000 : limit, limit: limit)
      machine.limits?.memory = own
    }
    #expect(found.verdict == verdict && found.text.contains(words), "\(found)")
    #expect((found.remedy == nil) == (verdict == .good))
  }

  @Test("too few open files fail, and a limit on the size of files is told")
  func files() throws {
    for (most, verdict) in [(9, DoctorFinding.Verdict.failing), (10, .limited), (16, .good)] {
      let found = try finding("open_files") { machine, _ in machine.limits?.openFiles = most }
      #expect(found.verdict == verdict, "\(most)")
    }
    let found = try finding("file_size") { machine, _ in machine.limits?.fileSize = 13_312 }
    #expect(found.verdict == .limited && found.text.hasPrefix("13,312 bytes at most"))
    for (bytes, verdict) in [(65_536, DoctorFinding.Verdict.limited), (1 << 20, .good)] {
      let stack = try finding("stack") { machine, _ in machine.limits?.stack = bytes }
      #expect(
        stack.verdict == verdict
          && stack.text.hasSuffix("the programs that it starts do not") == (verdict == .limited))
    }
    let time = try finding("processor_time") { machine, _ in machine.limits?.processorTime = 3 }
    #expect(time.verdict == .limited && time.text.hasPrefix("3 s of all threads together"))
    #expect(time.text.hasSuffix("status 85") && time.remedy?.contains("ulimit -t") == true)
  }

  @Test("a remedy is that of the fault")
  func remedies() throws {
    for (code, words) in [
      (EACCES, "this user may write"), (ELOOP, "symbolic link"), (ENAMETOOLONG, "shorter name"),
    ] {
      let found = try finding("directory") { _, place in
        (place.kind, place.directory) = (.denied(code: code), nil)
      }
      #expect(found.remedy?.contains(words) == true, "\(found)")
    }
    for (code, words) in [
      (EACCES, "this user may write"), (ENOSPC, "free space"), (EFBIG, "ulimit -f"),
      (EMFILE, "ulimit -n"), (EIO, "another directory"),
    ] {
      let found = try finding("save") { _, place in
        place.trial?.save = .failure(.cannotSave(path: "x", operation: "write", code: code))
      }
      #expect(found.remedy?.contains(words) == true, "\(found)")
    }
    for (files, isMounted, words) in [
      (4, true, "ulimit -n"), (1024, true, "with TMPDIR"), (1024, false, "mount /proc"),
    ] {
      var machine = Self.well
      machine.limits?.openFiles = files
      machine.hasProcesses = isMounted
      machine.temporaryFile = .fails(reason: "no")
      machine.fileProcess = .fails(reason: "no")
      let findings = DoctorReport(machine: machine, place: Self.wellPlace).findings
      let temporary = try #require(findings.first { $0.subject == "temporary_files" })
      #expect(temporary.remedy?.contains(words) == true, "\(temporary)")
      let process = try #require(findings.first { $0.subject == "hdf5_process" })
      #expect(process.remedy?.contains("install rso again") == (files > 4), "\(process)")
    }
    let data = try finding("data_directory") { machine, _ in machine.missingData = "/nowhere" }
    #expect(data.verdict == .limited && data.text.contains("RSO_DATA names '/nowhere'"))
  }

  @Test("what rso can do without is absent, with the remedy")
  func absent() throws {
    let lapack = try finding("lapack") { machine, _ in
      machine.lapack = .failure(.unavailable(libraries: ["liblapack.so.3"]))
    }
    #expect(lapack.verdict == .absent && lapack.remedy?.contains("liblapack3") == true)
    let plots = try finding("png_plots") { machine, _ in
      machine.plotConverter = .failure(
        SystemError(operation: .run, path: "rsvg-convert", code: ENOENT))
    }
    #expect(plots.verdict == .absent && plots.remedy?.contains("librsvg2-bin") == true)
    let data = try finding("data_mnist") { machine, _ in machine.data[0].place = nil }
    #expect(
      data.verdict == .absent && data.remedy == "get it"
        && data.text == "not found; the default data of small")
  }

  @Test("MPI's library is missed only under a launcher, and a broken one always")
  func mpi() throws {
    let paths = ["/usr/bin/librso-mpi.so"]
    let absent = try finding("mpi") { machine, _ in machine.mpi = .failure(.missing(paths: paths)) }
    #expect(absent.verdict == .absent && absent.remedy?.contains("make mpi") == true)
    let missed = try finding("mpi") { machine, _ in
      machine.mpi = .failure(.missing(paths: paths))
      machine.launch = Launch(rank: 0, count: 2, countHere: 1)
    }
    #expect(missed.verdict == .failing && missed.remedy?.contains(paths[0]) == true)
    let broken = try finding("mpi") { machine, _ in
      machine.mpi = .failure(.notLoaded(path: paths[0], reason: "no libmpi.so.40"))
    }
    #expect(broken.verdict == .failing && broken.remedy?.contains("no libmpi.so.40") == true)
  }

  @Test("a process that cannot be started fails with its reason")
  func processes() throws {
    let file = try finding("hdf5_process") { machine, _ in
      machine.fileProcess = .fails(reason: "no more\t")
    }
    #expect(file.verdict == .failing && file.text.hasSuffix(#"does not work: no more\t"#))
    let temporary = try finding("temporary_files") { machine, _ in
      machine.temporaryFile = .fails(reason: "read-only")
    }
    #expect(temporary.verdict == .limited && temporary.text.hasPrefix("/tmp: read-only"))
  }

  @Test("another encoding matters on a terminal alone")
  func locale() throws {
    for isTerminal in [true, false] {
      let ascii = try finding("locale") { machine, _ in
        machine.locale = .init(setting: nil, encoding: "ANSI_X3.4-1968")
        machine.output?.isTerminal = isTerminal
      }
      #expect(ascii.verdict == (isTerminal ? .limited : .good))
      let missing = try finding("locale") { machine, _ in
        machine.locale = .init(setting: "LANG=xx_YY", encoding: nil)
        machine.output?.isTerminal = isTerminal
      }
      #expect(missing.verdict == (isTerminal ? .limited : .good))
      #expect(missing.text.hasPrefix("LANG=xx_YY, which is not installed"))
    }
  }

  @Test("a clock that is before the program's file is behind")
  func clock() throws {
    let found = try finding("clock") { machine, _ in machine.date = 0 }
    #expect(found.verdict == .limited && found.text.hasPrefix("1970-01-01 00:00 UTC, before"))
  }

  // MARK: The directory

  @Test("a directory that is missing is made by runs; a file is none")
  func directory() throws {
    let missing = try finding("directory") { _, place in place.kind = .missing }
    #expect(
      missing.verdict == .good
        && missing.text == "'runs' does not exist; runs make it, in '/srv/runs'")
    for kind in [PlaceFacts.Kind.notDirectory, .missing, .denied(code: EACCES)] {
      let found = try finding("directory") { _, place in (place.kind, place.directory) = (kind, nil)
      }
      #expect(found.verdict == .failing && found.remedy != nil, "\(kind)")
    }
  }

  @Test("a read-only file system, a full one and one without locks fail")
  func fileSystem() throws {
    let readOnly = try finding("file_system") { _, place in place.fileSystem?.isReadOnly = true }
    #expect(readOnly.verdict == .failing && readOnly.text == "ext4, mounted at '/srv', read-only")
    for (bytes, verdict) in [
      (0, DoctorFinding.Verdict.failing), (65_536, .limited), (200_000_000, .good),
    ] {
      let space = try finding("free_space") { _, place in place.availableBytes = bytes }
      #expect(space.verdict == verdict, "\(bytes)")
    }
    let locks = [
      (DirectoryTrial.Lock.shared, "locked twice"),
      (.unsupported(code: ENOLCK), "no locks: no locks available"), (.failed(reason: "odd"), "odd"),
    ]
    for (lock, words) in locks {
      let found = try finding("locks") { _, place in place.trial?.lock = lock }
      #expect(found.verdict == .failing && found.text.contains(words), "\(found)")
    }
  }

  @Test("a save that fails tells its step, and one that leaves its file or has another time too")
  func save() throws {
    let failed = try finding("save") { _, place in
      place.trial?.save = .failure(
        .cannotSave(path: "/srv/runs/.rso-1.tmp", operation: "fsync", code: EIO))
    }
    #expect(
      failed.verdict == .failing
        && failed.text == "cannot save a file: cannot fsync it: input/output error")
    let left = try finding("save") { _, place in place.trial?.leftover = "/srv/runs/.rso-1.tmp" }
    #expect(left.verdict == .failing && left.remedy == "remove '/srv/runs/.rso-1.tmp'")
    let late = try finding("save") { _, place in place.trial?.clockDifference = -3600 }
    #expect(late.verdict == .limited && late.text.contains("differs by 1:00:00"), "\(late)")
  }
}

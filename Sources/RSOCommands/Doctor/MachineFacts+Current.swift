import Glibc
import HDF5Isolation
import LinearAlgebra
import Pictures
import RSODatasets
import RSODevices
import RSONetworks
import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

extension MachineFacts {
  /// This process on this machine. Starts processes and threads, which end, and makes a temporary file without a
  /// name.
  package static func current() -> MachineFacts {
    var facts = MachineFacts()
    facts.program = OwnProgram.path
    facts.addProcessor()
    facts.addMemory()
    facts.addLibraries()
    facts.addProcesses()
    facts.addSurroundings()
    return facts
  }

  private mutating func addProcessor() {
    let backends = Backends.standard
    if let backend = backends.all.first, let path = backend.offeredPaths.first {
      device = backend.device(for: path)
      numericPaths = backend.offeredPaths.map(\.name)
    }
    instructionSets = Kernels.instructionSets
    devices = Result { () throws(DevicesProcess.Failure) in try DevicesReport.remembered() }
    launch = Launch(PathText.environment)
    let usable = MachineProcessors.usable(shared: launch)
    processors = Processors(
      online: MachineProcessors.online, affinity: MachineProcessors.affinity(),
      quota: MachineProcessors.quota(), usable: usable)
    // The calling thread computes as well.
    startedThreads = WorkerPool(threads: Interruption.threadCount + usable).threads - 1
  }

  private mutating func addMemory() {
    memory = .current()
    installedMemory = SystemMemory.size
    limits = .current
    groupProcesses = MachineProcesses.limit()
    exampleMemory = try? Self.exampleMemory(threads: processors?.usable ?? 1)
  }

  /// The memory for the first recipe on MNIST, which has 60,000 training and 10,000 test images.
  private static func exampleMemory(threads: Int) throws -> Int? {
    guard let recipe = Recipe.all.first else { return nil }
    let network = try Architecture.preset(named: recipe.network)
    let data = DataIdentity(
      name: "mnist", shape: network.input, outputs: network.classes, trainingCount: 60_000,
      testCount: 10_000, trainingSHA256: "", testSHA256: "")
    let plan = SearchPlan(
      architecture: network, options: recipe.options, seed: 0, data: data,
      normalization: Normalization(mean: [0], standardDeviation: [1]))
    return try MemoryPlan(plan, threads: threads).peak
  }

  private mutating func addLibraries() {
    libraries = [
      ("glibc", SystemLibraries.glibc), ("libcrypto", SystemLibraries.crypto),
      ("zlib", SystemLibraries.zlib), ("libhdf5", ContentsProcess.libraryVersion),
      ("libpng", PictureLibraries.png), ("libjpeg_turbo", PictureLibraries.jpeg),
    ]
    lapack = LAPACK.installed.map(\.library)
    mpi = Result { () throws(MPIError) in
      try MPIRanks.installed(library: RunRanks.libraryPaths)
    }
    plotConverter = Result { () throws(SystemError) in try PNGConversion.version() }
  }

  private mutating func addProcesses() {
    do throws(ContentsProcessError) {
      // Its answer is that nothing is no HDF5 file.
      _ = try ContentsProcess().contents(of: [])
      fileProcess = .works
    } catch {
      fileProcess = .fails(reason: "\(error)")
    }
    pictureProcess = Self.pictureTrial()
    temporaryDirectory = UnnamedFile.directory
    hasProcesses = FileSystem.exists("/proc/self/fd")
    var rest = 1
    do {
      let path = try UnnamedFile.make(size: 1) { _ in
        defer { rest = 0 }
        return rest
      }
      _ = try InputFile(path)
      temporaryFile = .works
    } catch {
      temporaryFile = .fails(reason: reason(error))
    }
  }

  private static func pictureTrial() -> Trial {
    guard let picture = PNG.file(width: 1, height: 1, pixels: [0, 0, 0, 255]) else {
      return .fails(reason: SystemError.text(of: ENOMEM))
    }
    do throws(PictureProcess.Failure) {
      guard case .failure(let failure)? = try PictureProcess().pictures(of: [picture]).first else {
        return .works
      }
      return .fails(reason: failure.reason)
    } catch {
      return .fails(reason: error.reason)
    }
  }

  private mutating func addSurroundings() {
    let presets = Architecture.presetNames.compactMap { try? Architecture.preset(named: $0) }
    missingData = PathText.environment("RSO_DATA").flatMap {
      $0.isEmpty || FileSystem.isDirectory($0) ? nil : $0
    }
    let places = DatasetSource.standard.publishedPlaces()
    data = places.enumerated().map { index, found in
      let shape = found.dataset.shape
      let isDefault = places.firstIndex { $0.dataset.shape == shape } == index
      return FoundData(
        name: found.dataset.name, place: found.place,
        presets: isDefault ? presets.filter { $0.input == shape }.map(\.name) : [],
        advice: found.dataset.advice)
    }
    locale = .current
    output = Output(
      isTerminal: Terminal.showsAnswers, width: Terminal.answerWidth,
      hasColors: ColorOptions.automatic.isColored, hasLiveLine: Terminal.isInteractive)
    date = RunClock.system.date()
    programDate = FileSystem.modificationTime(of: OwnProgram.path)
  }
}

extension MachineFacts.Locale {
  /// The locale of characters, by setlocale(3): the first variable that is set and not empty decides.
  static var current: Self {
    let setting = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { name in PathText.environment(name).map { (name, $0) } }
      .first { !$0.1.isEmpty }
    let locale = newlocale(LC_CTYPE_MASK, "", nil)
    defer { if let locale { freelocale(locale) } }
    return Self(
      setting: setting.map { "\($0.0)=\($0.1)" },
      encoding: locale.map { String(cString: nl_langinfo_l(nl_item(CODESET), $0)) })
  }
}

internal import Glibc
import RSORanks

/// The time that something took.
package struct TimeTaken: Sendable, Hashable, Codable {
  package var seconds: Double
  /// Processor time divided by the number of threads. This is what `seconds` would be if nothing else
  /// ran on the machine.
  package var processorSeconds: Double
  /// The messages between ranks meanwhile.
  package var traffic: Traffic
  package var device: DeviceTraffic

  package init(
    seconds: Double, processorSeconds: Double, traffic: Traffic = .none,
    device: DeviceTraffic = .none
  ) {
    self.seconds = seconds
    self.processorSeconds = processorSeconds
    self.traffic = traffic
    self.device = device
  }

  package static let zero = TimeTaken(seconds: 0, processorSeconds: 0)

  package static func + (a: TimeTaken, b: TimeTaken) -> TimeTaken {
    TimeTaken(
      seconds: a.seconds + b.seconds, processorSeconds: a.processorSeconds + b.processorSeconds,
      traffic: a.traffic + b.traffic, device: a.device + b.device)
  }

  package static func - (a: TimeTaken, b: TimeTaken) -> TimeTaken {
    TimeTaken(
      seconds: a.seconds - b.seconds, processorSeconds: a.processorSeconds - b.processorSeconds,
      traffic: a.traffic - b.traffic, device: a.device + -1 * b.device)
  }

  package static func * (factor: Double, time: TimeTaken) -> TimeTaken {
    TimeTaken(
      seconds: factor * time.seconds, processorSeconds: factor * time.processorSeconds,
      traffic: factor * time.traffic, device: factor * time.device)
  }

  /// The mean; zero for no times.
  package static func mean(_ times: [TimeTaken]) -> TimeTaken {
    times.isEmpty ? .zero : 1 / Double(times.count) * times.reduce(.zero, +)
  }

  /// The shortest; zero for no times. Other programs can only make steps longer.
  package static func least(_ times: [TimeTaken]) -> TimeTaken {
    times.min { $0.seconds < $1.seconds } ?? .zero
  }

  /// The median of each figure; zero for no times.
  package static func median(_ times: [TimeTaken]) -> TimeTaken {
    guard !times.isEmpty else { return .zero }
    func middle(_ figure: (TimeTaken) -> Double) -> Double {
      times.map(figure).sorted()[times.count / 2]
    }
    return TimeTaken(
      seconds: middle(\.seconds), processorSeconds: middle(\.processorSeconds),
      traffic: Traffic(
        messages: middle(\.traffic.messages), bytes: middle(\.traffic.bytes),
        seconds: middle(\.traffic.seconds)),
      device: DeviceTraffic(
        launches: middle(\.device.launches), sentBytes: middle(\.device.sentBytes),
        receivedBytes: middle(\.device.receivedBytes)))
  }
}

/// Measures real time, the processor time of all threads of this process, and its messages to other ranks.
package struct StopWatch: Sendable {
  package var threads: Int
  private let ranks: MeasuredRanks?

  package init(threads: Int, ranks: MeasuredRanks? = nil) {
    self.threads = threads
    self.ranks = ranks
  }

  package func time(_ body: () -> Void) -> TimeTaken {
    let clocks = Self.threadClocks()
    let busy = clocks.reduce(0) { $0 + Self.read($1) }
    let before = ranks?.traffic ?? .none
    let began = Self.read(CLOCK_MONOTONIC)
    body()
    return TimeTaken(
      seconds: Self.read(CLOCK_MONOTONIC) - began,
      processorSeconds: (clocks.reduce(0) { $0 + Self.read($1) } - busy) / Double(threads),
      traffic: (ranks?.traffic ?? .none) - before)
  }

  /// The processor time of the calling thread, in seconds.
  package static func threadSeconds() -> Double { read(CLOCK_THREAD_CPUTIME_ID) }

  /// The clocks with the processor time of each thread of this process.
  ///
  /// The clock of the whole process counts running threads only from tick to tick, which is up to a
  /// hundredth of a second. It is taken if `/proc` is not mounted.
  private static func threadClocks() -> [clockid_t] {
    guard let directory = opendir("/proc/self/task") else { return [CLOCK_PROCESS_CPUTIME_ID] }
    defer { closedir(directory) }
    var clocks: [clockid_t] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // The number that Linux gives to the clock of pthread_getcpuclockid(3).
      if let thread = clockid_t(name) { clocks.append(~thread << 3 | 6) }
    }
    return clocks
  }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

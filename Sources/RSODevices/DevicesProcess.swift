internal import Glibc
internal import RSOSystem

/// The process that opens OpenCL's library, `rso opencl-devices`. If a driver crashes or hangs, only that process
/// ends. Its answers are not trusted.
package struct DevicesProcess: Sendable {
  /// The reason why the process gave no answer.
  package struct Failure: Error, Sendable, Hashable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
  }

  private let program: String

  /// - Parameter program: Nil for `rso`.
  package init(program: String? = nil) { self.program = program ?? OwnProgram.rso }

  /// Returns the devices of this machine.
  ///
  /// *Throws:* `Failure`.
  package func devices() throws(Failure) -> OpenCLDevices {
    let lines = try answer([]).map(DeviceFields.fields)
    if lines.count == 1, lines[0].count == 2, lines[0][0] == "none" {
      return .none(reason: lines[0][1])
    }
    let devices = lines.compactMap(OpenCLDevice.init(fields:))
    guard !devices.isEmpty, devices.count == lines.count else { throw .other }
    return .found(devices)
  }

  /// Runs the kernels' cases on a device and on the processor, and compares the digests.
  ///
  /// - Parameter options: OpenCL's options for compiling the kernels, to find out what they change.
  ///
  /// *Complexity:* a driver compiles the kernels, which takes some seconds the first time.
  package func test(_ device: OpenCLDevice, options: String = "") -> DeviceVerdict {
    do throws(Failure) {
      let lines = try answer(["\(device.index)"] + (options.isEmpty ? [] : [options]))
      guard lines.count == 1, let verdict = DeviceVerdict(fields: DeviceFields.fields(of: lines[0]))
      else { throw .other }
      return verdict
    } catch {
      return .fails(reason: error.reason)
    }
  }

  /// The lines that the program writes.
  private func answer(_ arguments: [String]) throws(Failure) -> [Substring] {
    let bytes: [UInt8]?
    let ending: ProcessEnding
    do throws(SystemError) {
      // Swift's backtrace of a crash is turned off: it takes seconds.
      let process = try ChildProcess(
        program, [DevicesProgram.word] + arguments, streams: .output,
        variables: ["SWIFT_BACKTRACE": "enable=no"])
      bytes = process.allOutput(maximumBytes: 1 << 20)
      if bytes == nil { process.terminate() }
      ending = process.reap()
    } catch {
      throw Failure(
        reason: "cannot run '\(printable(program))', which examines devices: \(error.reason); "
          + "install rso again")
    }
    switch ending {
    case .exited(0): break
    case .exited(let status): throw Failure(reason: "the process ended with status \(status)")
    case .signalled(SIGALRM): throw Failure(reason: "the driver took too long")
    case .signalled(let signal):
      throw Failure(reason: "the driver crashed: \(ProcessEnding.text(ofSignal: signal))")
    case .unknown: throw Failure(reason: "the process ended without an answer")
    }
    guard let bytes, let text = String(validating: bytes, as: UTF8.self) else { throw .other }
    return text.split(separator: "\n")
  }
}

extension DevicesProcess.Failure {
  fileprivate static let other = Self(reason: "the process gave another answer than expected")
}

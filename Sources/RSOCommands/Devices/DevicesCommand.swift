import ArgumentParser
import RSODevices
import RSOSystem

/// `rso devices`: shows the OpenCL devices, and whether they give the processor's bits.
package struct DevicesCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso devices",
    abstract: "Show the OpenCL devices, and whether they give the processor's bits.",
    discussion: """
      Runs every kernel of single precision on fixed numbers, on each device and on the processor, and compares the results \
      bit for bit. The first self-test of a device takes a minute, because its driver compiles the kernels; \
      the result is remembered. 'rso train' and other verbs compute only on a device that is usable. \
      The exit status is 0 if all devices are usable, or there is none, \
      and 1 otherwise.
      """,
    version: Version.current)

  @Flag(help: "Test all devices again.")
  var test = false

  @OptionGroup var color: ColorOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  package init() {}

  package func run() throws {
    let report = try Self.report(testsAgain: test)
    try answer(json ? try report.json() : report.text(color.palette))
    if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
  }

  private static func report(testsAgain: Bool) throws -> DevicesReport {
    let process = DevicesProcess()
    switch Result(catching: { () throws(DevicesProcess.Failure) in try process.devices() }) {
    case .failure(let failure):
      StandardStreams.say("\(program): cannot examine devices: \(printable(failure.reason))")
      throw ExitCode(ExitStatus.unavailable)
    case .success(.none(let reason)): return DevicesReport(rows: [], reason: reason)
    case .success(.found(let devices)):
      let tests = DeviceTests(process)
      return DevicesReport(rows: devices.map { row($0, tests, testsAgain: testsAgain) })
    }
  }

  private static func row(
    _ device: OpenCLDevice, _ tests: DeviceTests, testsAgain: Bool
  ) -> DevicesReport.Row {
    guard device.lacks.isEmpty else {
      return DevicesReport.Row(device, nil, isRemembered: false)
    }
    if !testsAgain, let verdict = tests.remembered(device) {
      return DevicesReport.Row(device, verdict, isRemembered: true)
    }
    return DevicesReport.Row(device, tests.result(of: device, warn: warn), isRemembered: false)
  }
}

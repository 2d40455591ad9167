import RSOCommands
import RSODevices
import Testing

@Suite("The report of rso devices")
struct DevicesReportTests {
  private func device(
    _ index: Int, _ name: String, lacks: [OpenCLDevice.Requirement] = []
  ) -> OpenCLDevice {
    OpenCLDevice(
      index: index, name: name, vendor: "v", version: "OpenCL 1.2", driver: "3.1", platform: "p",
      memory: 8_000_000_000, largestBuffer: 2_000_000_000, computeUnits: 2, lacks: lacks)
  }

  private var report: DevicesReport {
    DevicesReport(rows: [
      .init(device(0, "good"), .agrees(cases: 9), isRemembered: true),
      .init(
        device(1, "bad\u{1B}"), .differs(cases: 9, different: 2, first: "pool"), isRemembered: false
      ),
      .init(device(2, "old", lacks: [.fma, .double]), nil, isRemembered: false),
      .init(device(3, "ill"), .fails(reason: "out of resources"), isRemembered: false),
      .init(device(4, "new"), nil, isRemembered: true),
    ])
  }

  @Test("a table says of each device whether it is usable, or why it is refused")
  func table() {
    #expect(
      report.text(.plain) == #"""
        device    name     driver   memory  units  finding
        opencl:0  good     3.1     8.00 GB      2  usable: all 9 cases give the processor's bits
        opencl:1  bad\x1B  3.1     8.00 GB      2  refused: 2 of 9 cases give other bits, first 'pool'
        opencl:2  old      3.1     8.00 GB      2  refused: lacks fused multiply-adds, double precision
        opencl:3  ill      3.1     8.00 GB      2  refused: out of resources
        opencl:4  new      3.1     8.00 GB      2  not tested; 'rso devices' tests it

        """#)
    #expect(report.rows.map(\.isUsable) == [true, false, false, false, false])
  }

  @Test("the status is 1 if a device is refused")
  func status() {
    #expect(report.exitStatus == 1)
    #expect(DevicesReport(rows: Array(report.rows.prefix(1))).exitStatus == 0)
  }

  @Test("without devices it says why, and what to install, and nothing has failed")
  func none() throws {
    let report = DevicesReport(rows: [], reason: "libOpenCL.so.1: not there")
    #expect(report.exitStatus == 0)
    #expect(report.text(.plain).hasPrefix("no devices: libOpenCL.so.1: not there\n\ninstall "))
    #expect(try report.json() == #"{"devices":[],"reason":"libOpenCL.so.1: not there"}"# + "\n")
  }

  @Test("JSON has the figures")
  func json() throws {
    let json = try report.json()
    for part in [
      #""device":"opencl:1""#, #""memory_bytes":8000000000"#, #""different_cases":2"#,
      #""lacks":["fused multiply-adds","double precision"]"#, #""is_usable":true"#,
      #""is_remembered":true"#, #""cases":9"#, #""compute_units":2"#, #""kind":"gpu""#,
    ] {
      #expect(json.contains(part), "\(part)")
    }
  }
}

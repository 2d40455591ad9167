import RSODevices
import RSOSystem

/// The result of `rso devices`: the devices of this machine, and whether each gives the processor's bits.
package struct DevicesReport: Sendable, Equatable {
  /// A device with the result of its self-test.
  package struct Row: Sendable, Equatable {
    package var device: OpenCLDevice
    /// The result; nil if the device was not tested.
    package var verdict: DeviceVerdict?
    /// True if the result is of an earlier self-test.
    package var isRemembered: Bool

    package init(_ device: OpenCLDevice, _ verdict: DeviceVerdict?, isRemembered: Bool) {
      self.device = device
      self.verdict = verdict
      self.isRemembered = isRemembered
    }
  }

  package var rows: [Row]
  /// The reason why there are no devices; nil if there are some.
  package var reason: String?

  package init(rows: [Row], reason: String? = nil) {
    self.rows = rows
    self.reason = reason
  }

  /// The devices with the results of earlier self-tests.
  ///
  /// *Throws:* `DevicesProcess.Failure` if the devices cannot be examined.
  package static func remembered() throws(DevicesProcess.Failure) -> DevicesReport {
    let verdicts = DeviceVerdicts(version: Version.current)
    switch try DevicesProcess().devices() {
    case .none(let reason): return DevicesReport(rows: [], reason: reason)
    case .found(let devices):
      return DevicesReport(
        rows: devices.map { Row($0, verdicts.verdict(on: $0), isRemembered: true) })
    }
  }

  package var exitStatus: Int32 { rows.allSatisfy(\.isUsable) ? 0 : 1 }

  // MARK: Renderings

  private var report: Report<Row> {
    Report(
      rows,
      columns: [
        Column("device", "device", align: .left, \.device.selector),
        Column("name", "name", align: .left) { printable($0.device.name) },
        Column("kind", in: [.json], \.device.kind.rawValue),
        Column("vendor", in: [.json]) { printable($0.device.vendor) },
        Column("version", in: [.json]) { printable($0.device.version) },
        Column("driver", "driver", align: .left) { printable($0.device.driver) },
        Column("platform", in: [.json]) { printable($0.device.platform) },
        Column("memory_bytes", "memory", \.device.memory) { Numbers.bytes($0.device.memory) },
        Column("largest_buffer_bytes", in: [.json], \.device.largestBuffer),
        Column("compute_units", "units", \.device.computeUnits),
        Column("lacks", in: [.json]) { $0.device.lacks.map(\.rawValue) },
        Column("is_usable", in: [.json], \.isUsable),
        Column("cases", in: [.json], \.cases),
        Column("different_cases", in: [.json], \.different),
        Column("is_remembered", in: [.json], \.isRemembered),
        Column("finding", "finding", align: .left, \.finding),
      ])
  }

  package func text(_ palette: Palette) -> String {
    if let reason {
      return """
        no devices: \(printable(reason))

        install a loader of OpenCL and the driver of the device (Debian: ocl-icd-libopencl1; \
        pocl-opencl-icd for the processor)

        """
    }
    return palette.text(report.table()) { !rows[$0].isUsable } + "\n"
  }

  package func json() throws -> String {
    try JSONText.encode(
      ReportValue.object(["devices": report.json, "reason": reason.reportValue]))
  }
}

extension DevicesReport.Row {
  /// True if the device gives the processor's bits.
  package var isUsable: Bool {
    guard device.lacks.isEmpty, case .agrees = verdict else { return false }
    return true
  }

  fileprivate var cases: Int? {
    switch verdict {
    case .agrees(let cases), .differs(let cases, _, _): cases
    case .fails, nil: nil
    }
  }

  fileprivate var different: Int? {
    switch verdict {
    case .agrees: 0
    case .differs(_, let different, _): different
    case .fails, nil: nil
    }
  }

  /// The result in words.
  package var finding: String {
    if !device.lacks.isEmpty {
      return "refused: lacks " + device.lacks.map(\.rawValue).joined(separator: ", ")
    }
    return switch verdict {
    case .agrees(let cases): "usable: all \(cases) cases give the processor's bits"
    case .differs(let cases, let different, let first):
      "refused: \(different) of \(cases) cases give other bits, first '\(printable(first))'"
    case .fails(let reason): "refused: \(printable(reason, limit: 300))"
    case nil: "not tested; 'rso devices' tests it"
    }
  }
}

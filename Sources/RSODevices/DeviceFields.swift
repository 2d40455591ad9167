/// The lines that `DevicesProgram` writes and `DeviceVerdicts` stores: fields with tabs between them. They come
/// from another process or from a file, so every field is checked.
enum DeviceFields {
  /// Returns a line. Control characters in texts become spaces.
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      String(
        String.UnicodeScalarView(
          field.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }.joined(separator: "\t") + "\n"
  }

  static func fields(of line: some StringProtocol) -> [String] {
    line.split(separator: "\t" as Character, omittingEmptySubsequences: false).map { String($0) }
  }
}

extension OpenCLDevice {
  var fields: [String] {
    [
      "device", "\(index)", kind.rawValue, name, vendor, version, driver, platform, "\(memory)",
      "\(largestBuffer)", "\(computeUnits)", lacks.map(\.rawValue).joined(separator: ","),
    ]
  }

  init?(fields: [String]) {
    guard fields.count == 12, fields[0] == "device", let kind = Kind(rawValue: fields[2]) else {
      return nil
    }
    let numbers = [fields[1], fields[8], fields[9], fields[10]].compactMap { Int($0) }
    let lacks = fields[11].split(separator: ",").map { Requirement(rawValue: String($0)) }
    guard numbers.count == 4, numbers.allSatisfy({ $0 >= 0 }), !lacks.contains(nil) else {
      return nil
    }
    self.init(
      index: numbers[0], kind: kind, name: fields[3], vendor: fields[4], version: fields[5],
      driver: fields[6], platform: fields[7], memory: numbers[1], largestBuffer: numbers[2],
      computeUnits: numbers[3], lacks: lacks.compactMap { $0 })
  }
}

extension DeviceVerdict {
  var fields: [String] {
    switch self {
    case .agrees(let cases): ["agrees", "\(cases)"]
    case .differs(let cases, let different, let first):
      ["differs", "\(cases)", "\(different)", first]
    case .fails(let reason): ["fails", reason]
    }
  }

  init?(fields: [String]) {
    switch (fields.first, fields.count) {
    case ("agrees", 2):
      guard let cases = Int(fields[1]), cases > 0 else { return nil }
      self = .agrees(cases: cases)
    case ("differs", 4):
      guard let cases = Int(fields[1]), let different = Int(fields[2]),
        different > 0, cases >= different
      else { return nil }
      self = .differs(cases: cases, different: different, first: fields[3])
    case ("fails", 2): self = .fails(reason: fields[1])
    default: return nil
    }
  }
}

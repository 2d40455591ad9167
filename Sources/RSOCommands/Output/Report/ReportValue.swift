/// A value of a report, before it becomes JSON or CSV.
package enum ReportValue: Sendable, Equatable {
  /// Unknown, or not applicable. JSON leaves the key out; CSV leaves the field empty.
  case missing
  case flag(Bool)
  case integer(Int)
  case natural(UInt64)
  case number(Double)
  case text(String)
  case list([ReportValue])
  case object([String: ReportValue])

  /// A field of CSV. The elements of a list are separated by spaces.
  var field: String {
    switch self {
    case .missing, .object: ""
    case .flag(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .natural(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .list(let values): values.map(\.field).joined(separator: " ")
    }
  }
}

extension ReportValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .missing: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .natural(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let members): try container.encode(members.filter { $0.value != .missing })
    }
  }
}

/// A type whose values can stand in a report.
package protocol Reportable {
  var reportValue: ReportValue { get }
}

extension ReportValue: Reportable {
  package var reportValue: ReportValue { self }
}

extension Bool: Reportable {
  package var reportValue: ReportValue { .flag(self) }
}

extension Int: Reportable {
  package var reportValue: ReportValue { .integer(self) }
}

extension UInt64: Reportable {
  package var reportValue: ReportValue { .natural(self) }
}

extension Double: Reportable {
  package var reportValue: ReportValue { .number(self) }
}

extension String: Reportable {
  package var reportValue: ReportValue { .text(self) }
}

extension Optional: Reportable where Wrapped: Reportable {
  package var reportValue: ReportValue { self?.reportValue ?? .missing }
}

extension Array: Reportable where Element: Reportable {
  package var reportValue: ReportValue { .list(map(\.reportValue)) }
}

import RSONetworks
import RSOSearch
import RSOSystem

/// Makes a `SweepFile` from JSON. Unknown content is refused, with its place.
struct SweepReader {
  /// Options that a sweep file must not have, each with the reason or the place to give it.
  private static let own = [
    "seed": "use 'seeds'", "output": "give -o to rso sweep", "threads": "give it to rso sweep",
    "device": "give it to rso sweep",
    "max-time": "give it to rso sweep", "resume": "a sweep always continues its runs",
    "dry-run": "give it to rso sweep", "json": "give it to rso sweep",
    "quiet": "give it to rso sweep", "tensorboard": "give it to rso sweep",
    "log-time": "give it to rso sweep",
    "perf-log": "all runs would write to one file", "help": "it is not an option of a run",
    "version": "it is not an option of a run",
    "stop-at-eof": "all runs of a sweep have it",
  ]
  /// Options whose value is the path of a file or directory.
  private static let paths: Set<String> = ["arch", "init", "test-data"]

  /// Keys of both the file and its scaled form.
  private static let keys = ["about", "options", "grid", "cells", "seeds"]

  /// The directory that relative paths begin at.
  let directory: String

  func file(
    _ value: JSONValue, defaultName: String, scaled: Bool
  ) throws(SweepFileFault) -> SweepFile {
    let content = try object(value, at: "")
    try allow(
      ["name", "about", "options", "grid", "cells", "seeds", "scaled"], in: content, at: "")
    var file = SweepFile(
      name: try content["name"].map(sweepName) ?? defaultName,
      about: try content["about"].map { value throws(SweepFileFault) in
        try text(value, at: "about")
      },
      options: try content["options"].map { value throws(SweepFileFault) in
        try options(value, at: "options")
      } ?? [:],
      grid: try content["grid"].map { value throws(SweepFileFault) in
        try grid(value, at: "grid")
      },
      cells: try content["cells"].map { value throws(SweepFileFault) in
        try cells(value, at: "cells")
      },
      seeds: try content["seeds"].map { value throws(SweepFileFault) in
        try seeds(value, at: "seeds")
      } ?? [])
    if let value = content["scaled"] {
      let form = try self.scaled(value, of: file)
      if scaled { file = form }
    } else if scaled {
      throw SweepFileFault(place: "", reason: "the file has no 'scaled' form")
    }
    guard !file.seeds.isEmpty else {
      throw SweepFileFault(place: "", reason: "no 'seeds'; expected a list of whole numbers")
    }
    guard file.grid != nil || file.cells != nil else {
      throw SweepFileFault(place: "", reason: "neither 'grid' nor 'cells'")
    }
    return file
  }

  /// Returns the file with the options of its `scaled` form added. Grid, cells and seeds of that form
  /// replace those of the file.
  private func scaled(
    _ value: JSONValue, of full: SweepFile
  ) throws(SweepFileFault) -> SweepFile {
    let content = try object(value, at: "scaled")
    try allow(Self.keys, in: content, at: "scaled")
    var file = full
    if let value = content["about"] { file.about = try text(value, at: "scaled.about") }
    if let value = content["options"] {
      let members = try object(value, at: "scaled.options")
      for name in members.keys where members[name] == .null { file.options[name] = nil }
      let given = members.filter { $0.value != .null }
      file.options.merge(try options(.object(given), at: "scaled.options")) { $1 }
    }
    if let value = content["grid"] {
      file.grid = value == .null ? nil : try grid(value, at: "scaled.grid")
    }
    if let value = content["cells"] {
      file.cells = value == .null ? nil : try cells(value, at: "scaled.cells")
    }
    if let value = content["seeds"] { file.seeds = try seeds(value, at: "scaled.seeds") }
    return file
  }

  // MARK: Parts

  private func options(
    _ value: JSONValue, at place: String
  ) throws(SweepFileFault) -> [String: SweepValue] {
    var options: [String: SweepValue] = [:]
    for (name, value) in try object(value, at: place) {
      let place = "\(place).\(name)"
      try checkOption(name, at: place)
      options[name] = try self.value(value, of: name, at: place)
    }
    return options
  }

  private func grid(
    _ value: JSONValue, at place: String
  ) throws(SweepFileFault) -> [String: [SweepValue]] {
    var grid: [String: [SweepValue]] = [:]
    for (name, value) in try object(value, at: place) {
      let place = "\(place).\(name)"
      try checkOption(name, at: place)
      var values: [SweepValue] = []
      for (index, value) in try list(value, of: "values", at: place).enumerated() {
        let value = try self.value(value, of: name, at: "\(place)[\(index)]")
        if values.contains(where: value.means) {
          throw SweepFileFault(place: "\(place)[\(index)]", reason: "'\(value)' comes twice")
        }
        values.append(value)
      }
      grid[name] = values
    }
    if grid.isEmpty {
      throw SweepFileFault(place: place, reason: "no option; expected one with a list of values")
    }
    return grid
  }

  private func cells(
    _ value: JSONValue, at place: String
  ) throws(SweepFileFault) -> [SweepFile.NamedCell] {
    var cells: [SweepFile.NamedCell] = []
    for (index, value) in try list(value, of: "cells", at: place).enumerated() {
      let place = "\(place)[\(index)]"
      let content = try object(value, at: place)
      try allow(["name", "options"], in: content, at: place)
      guard let given = content["name"] else {
        throw SweepFileFault(place: place, reason: "no 'name'")
      }
      cells.append(
        SweepFile.NamedCell(
          place: place, name: try name(given, at: "\(place).name"),
          options: try options(content["options"] ?? .object([:]), at: "\(place).options")))
    }
    return cells
  }

  private func seeds(_ value: JSONValue, at place: String) throws(SweepFileFault) -> [UInt64] {
    var seeds: [UInt64] = []
    for (index, value) in try list(value, of: "whole numbers", at: place).enumerated() {
      let seed: UInt64? =
        switch value {
        case .integer(let number): UInt64(exactly: number)
        case .natural(let number): number
        default: nil
        }
      let place = "\(place)[\(index)]"
      guard let seed else {
        throw SweepFileFault(place: place, reason: "expected a whole number, 0 or more")
      }
      if seeds.contains(seed) {
        throw SweepFileFault(place: place, reason: "'\(seed)' comes twice")
      }
      seeds.append(seed)
    }
    return seeds
  }

  private func value(
    _ value: JSONValue, of option: String, at place: String
  ) throws(SweepFileFault) -> SweepValue {
    switch value {
    case .bool(let isGiven): return .flag(isGiven)
    case .integer(let number): return .text("\(number)")
    case .natural(let number): return .text("\(number)")
    case .number(let number): return .text("\(number)")
    case .text:
      return self.text(try text(value, at: place), of: option)
    case .null, .list, .object:
      throw SweepFileFault(place: place, reason: "expected a number, a text, true or false")
    }
  }

  /// Returns the value of an option that is given as text. A path becomes absolute.
  func text(_ text: String, of option: String) -> SweepValue {
    isPath(text, of: option) ? .path(given: text, resolved(text)) : .text(text)
  }

  /// Tells if a value is a path. A value of `data` is one if it has a slash or names a file or directory here;
  /// otherwise it is the name of a data set. Numbers that may be in a file are a path if there is such a file.
  private func isPath(_ text: String, of option: String) -> Bool {
    if option == "arch", text == Architecture.automaticName { return false }
    if Self.paths.contains(option) { return true }
    if option == "data", text.utf8.contains(UInt8(ascii: "/")) { return true }
    let numbers = SearchOption.named(option).flatMap { $0.form.lineSeparator == nil ? nil : $0 }
    guard option == "data" || numbers != nil else { return false }
    if FileSystem.exists(resolved(text)) { return true }
    // A file in the working directory is not meant.
    return numbers.map { !$0.accepts(text) && FileSystem.exists(text) } ?? false
  }

  private func resolved(_ path: String) -> String {
    Path.isAbsolute(path) ? path : Path.absolute(path, in: directory)
  }

  private func checkOption(_ name: String, at place: String) throws(SweepFileFault) {
    guard name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil else {
      throw SweepFileFault(
        place: place, reason: "expected the long name of an option of 'rso train', without dashes")
    }
    if let advice = Self.own[name] {
      throw SweepFileFault(place: place, reason: "not allowed in the file: \(advice)")
    }
  }

  // MARK: Kinds of values

  private func object(
    _ value: JSONValue, at place: String
  ) throws(SweepFileFault) -> [String: JSONValue] {
    guard case .object(let members) = value else {
      throw SweepFileFault(place: place, reason: "expected an object")
    }
    return members
  }

  private func list(
    _ value: JSONValue, of what: String, at place: String
  ) throws(SweepFileFault) -> [JSONValue] {
    guard case .list(let values) = value, !values.isEmpty else {
      throw SweepFileFault(place: place, reason: "expected a list of \(what), one or more")
    }
    return values
  }

  private func text(_ value: JSONValue, at place: String) throws(SweepFileFault) -> String {
    guard case .text(let text) = value,
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      throw SweepFileFault(place: place, reason: "expected a text without control characters")
    }
    return text
  }

  /// Reads the name of a sweep.
  private func sweepName(_ value: JSONValue) throws(SweepFileFault) -> String {
    guard case .text(let text) = value, SweepCells.isSweepName(text) else {
      throw SweepFileFault(
        place: "name",
        reason:
          "expected a name of at most \(SweepCells.longestName) bytes, with no slash or control "
          + "character, and no dot at the start")
    }
    return text
  }

  /// Reads the name of a cell, which is also the name of a directory.
  private func name(_ value: JSONValue, at place: String) throws(SweepFileFault) -> String {
    guard case .text(let text) = value, SweepCells.isName(text) else {
      throw SweepFileFault(
        place: place,
        reason: "expected a name of at most \(SweepCells.longestName) characters: letters, digits "
          + "and -_.,:=+%, with no dot at the start")
    }
    return text
  }

  private func allow(
    _ keys: [String], in content: [String: JSONValue], at place: String
  ) throws(SweepFileFault) {
    guard let unknown = content.keys.filter({ !keys.contains($0) }).min() else { return }
    let nearest = nearestMatch(to: unknown, among: keys)
    throw SweepFileFault(
      place: place,
      reason: "unknown key '\(unknown)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? "; expected \(keys.joined(separator: ", "))"))
  }
}

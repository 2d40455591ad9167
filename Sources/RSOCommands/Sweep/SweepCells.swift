import RSORuns
import RSOSystem

/// The cells that a file describes: each named cell with every combination of the grid's values.
enum SweepCells {
  /// The most bytes of the name of a cell, which is also the name of a directory, and of that of a sweep.
  static let longestName = 200
  /// The most runs of a sweep. More are taken for a mistake.
  private static let mostRuns = 10_000

  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= longestName && text.first != "." && text.allSatisfy(isPlain)
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || "-_.,:=+%".contains(character))
  }

  /// Tells if a text can be the name of a sweep, which is a part of the default path of its directory.
  static func isSweepName(_ text: String) -> Bool {
    let bytes = text.utf8
    return !bytes.isEmpty && bytes.count <= longestName && bytes.first != UInt8(ascii: ".")
      && !bytes.contains(UInt8(ascii: "/")) && printable(text) == text
  }

  /// The name of a sweep whose file gives none: the file's name, made valid.
  static func sweepName(ofFile stem: String) -> String {
    if isSweepName(stem) { return stem }
    let plain = stem.map { isPlain($0) ? $0 : "-" }.drop { $0 == "." }.prefix(longestName)
    return plain.isEmpty ? "sweep" : String(plain)
  }

  /// *Throws:* `SweepFileFault`
  static func definition(of file: SweepFile) throws(SweepFileFault) -> SweepDefinition {
    let points = try points(of: file.grid ?? [:], runsOfEach: (file.cells?.count ?? 1, file.seeds))
    var cells: [SweepDefinition.Cell] = []
    var names: Set<String> = []
    for named in file.cells ?? [SweepFile.NamedCell(place: "grid", name: "", options: [:])] {
      if let twice = named.options.keys.filter({ file.grid?[$0] != nil }).min() {
        throw SweepFileFault(
          place: "\(named.place).options.\(twice)", reason: "the grid varies this option")
      }
      for point in points {
        let name = ([named.name] + point.map { "\($0.option)=\($0.value.label)" })
          .filter { !$0.isEmpty }.joined(separator: ",")
        let plain = String(name.map { isPlain($0) ? $0 : "-" })
        guard isName(plain) else {
          throw SweepFileFault(
            place: named.place,
            reason: "'\(plain)' cannot be the name of a cell; name the cells under 'cells'")
        }
        guard !SweepPaths.taken.contains(plain) else {
          throw SweepFileFault(
            place: named.place, reason: "'\(plain)' is the name of one of the sweep's own files")
        }
        guard names.insert(plain).inserted else {
          throw SweepFileFault(place: named.place, reason: "two cells are called '\(plain)'")
        }
        let varied = Dictionary(uniqueKeysWithValues: point.map { ($0.option, $0.value) })
        cells.append(
          SweepDefinition.Cell(
            name: plain,
            options: file.options.merging(named.options) { $1 }.merging(varied) { $1 }))
      }
    }
    return SweepDefinition(name: file.name, about: file.about, cells: cells, seeds: file.seeds)
  }

  /// Returns every combination. The options are in alphabetical order, and the values of the last one
  /// change fastest.
  private static func points(
    of grid: [String: [SweepValue]], runsOfEach others: (cells: Int, seeds: [UInt64])
  ) throws(SweepFileFault) -> [[(option: String, value: SweepValue)]] {
    guard others.cells * others.seeds.count <= mostRuns else {
      throw SweepFileFault(place: "cells", reason: "more than \(Numbers.grouped(mostRuns)) runs")
    }
    var points: [[(option: String, value: SweepValue)]] = [[]]
    for (option, values) in grid.sorted(by: { $0.key < $1.key }) {
      guard points.count * values.count * others.cells * others.seeds.count <= mostRuns else {
        throw SweepFileFault(
          place: "grid", reason: "more than \(Numbers.grouped(mostRuns)) runs")
      }
      points = points.flatMap { point in values.map { point + [(option, $0)] } }
    }
    return points
  }
}

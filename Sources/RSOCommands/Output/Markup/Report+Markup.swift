extension Report {
  /// A table in HTML. Each cell has its value as programs read it beside its text, so that a browser can sort,
  /// and a test can compare it with the JSON.
  ///
  /// - Parameters:
  ///   - place: The path of the rows in the JSON, such as `runs.0.layers`.
  ///   - isMarked: Tells if a row is a warning.
  package func markup(
    caption: String, place: String? = nil, isMarked: (Row) -> Bool = { _ in false }
  ) -> Markup {
    // A column without a heading, such as for problems, is left out if it has nothing to say.
    let shown = shownColumns.filter { column in
      !column.heading.isEmpty || rows.contains { !column.text($0).isEmpty }
    }
    let head = shown.map { column in
      Markup.element(
        "th",
        [
          "scope": "col", "class": column.alignment == .right ? "number" : nil,
          "data-key": column.renderings.contains(.json) && !column.key.isEmpty ? column.key : nil,
        ], column.heading)
    }.joined()
    let body = rows.map { row in
      let cells = shown.enumerated().map { place, column in
        Markup.element(
          place == 0 ? "th" : "td",
          [
            "scope": place == 0 ? "row" : nil,
            "class": column.alignment == .right ? "number" : nil,
            "data-value": column.value(row).field,
          ], column.text(row))
      }
      return Markup.element("tr", ["class": isMarked(row) ? "marked" : nil], cells.joined())
    }
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      .element(
        "table", ["class": "sortable", "data-json": place],
        .element("caption", [:], caption) + .element("thead", [:], .element("tr", [:], head))
          + .element("tbody", [:], body.joined(separator: "\n"))))
  }
}

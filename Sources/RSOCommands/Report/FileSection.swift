import RSORuns

/// The sections of a report about another program's file.
struct FileSection {
  private let file: ReportedFile
  /// The path of the file in the JSON.
  private let place: String
  private let template: MarkupTemplate

  init(_ file: ReportedFile, place: String, template: MarkupTemplate) {
    (self.file, self.place, self.template) = (file, place, template)
  }

  var body: Markup {
    let inspection = file.inspection
    let problems = ProblemList(inspection.marks, template: template)
    var body = Markup.element("p", ["class": "lead"], inspection.sentence)
    body += problems.markup
    if !inspection.notExamined.isEmpty {
      body += template.fill("note", ["text": Markup(inspection.notExamined)])
    }
    if let filters = file.filters {
      body += template.fill("heading", ["text": Markup("First filters")])
      body += SheetMarkup(filters, template: template).markup
    }
    if !file.distributions.isEmpty || !file.leftOut.isEmpty {
      body += template.fill("heading", ["text": Markup("Distribution of the weights")])
    }
    if !file.distributions.isEmpty {
      body += DistributionFigure.figure(
        file.distributions,
        words: "Distribution of the weights in \(Numbers.count(file.distributions.count, "tensor"))"
      )
    }
    if !file.leftOut.isEmpty {
      body += template.fill("note", ["text": Markup(file.leftOutText)])
    }
    body += inspection.tensorReport.markup(
      caption: "Tensors", place: "\(place).tensors", isMarked: { !$0.marks.isEmpty })
    if inspection.typeReport.rows.count > 1 {
      body += inspection.typeReport.markup(caption: "Types", place: "\(place).types")
    }
    return body
  }
}

/// Likely problems as a list.
struct ProblemList {
  private let marks: [HealthMark]
  private let template: MarkupTemplate

  init(_ marks: [HealthMark], template: MarkupTemplate) {
    (self.marks, self.template) = (marks, template)
  }

  var markup: Markup {
    guard !marks.isEmpty else { return template.fill("healthy") }
    let items = marks.map { mark in
      template.fill("item", ["text": Markup("\(mark.name): \(mark.brief): \(mark.detail)")])
    }
    return template.fill("problems", ["items": items.joined()])
  }
}

/// The filters of a layer as a picture.
struct SheetMarkup {
  /// The width on the page that a picture should have, in CSS pixels.
  private static let width = 460
  private static let largestPixel = 16

  private let sheet: FilterSheet
  private let template: MarkupTemplate

  init(_ sheet: FilterSheet, template: MarkupTemplate) {
    (self.sheet, self.template) = (sheet, template)
  }

  var markup: Markup {
    guard let address = sheet.image.address else { return .empty }
    let zoom = max(1, min(Self.largestPixel, Self.width / sheet.image.width))
    return template.fill(
      "picture",
      [
        "address": Markup(address), "width": Markup("\(sheet.image.width * zoom)"),
        "height": Markup("\(sheet.image.height * zoom)"), "words": Markup(sheet.caption),
      ])
  }
}

import RSORuns
import RSOSystem

/// A report as one page of HTML. It holds everything that it shows, so it needs no network and no other file.
package struct ReportPage {
  let content: ReportContent
  /// Seconds after which the page loads itself again; nil for a page that does not.
  let refresh: Int?
  let template = MarkupTemplate(PackageResources.report_html)

  package init(_ content: ReportContent, refresh: Int? = nil) {
    self.content = content
    self.refresh = refresh
  }

  /// A part of the page with a heading.
  struct Section {
    var id: String
    var title: String
    var body: Markup
  }

  package var text: String {
    let sections = sections
    let script = String(decoding: PackageResources.report_js, as: UTF8.self)
    var digest = SHA256()
    digest.update(script.utf8)
    let live = refresh.map { template.fill("live", ["seconds": Markup("\($0)")]) }
    return template.fill(
      "page",
      [
        "script-digest": Markup("sha256-" + base64(digest.finalize())),
        "refresh": refresh.map { template.fill("refresh", ["seconds": Markup("\($0)")]) } ?? .empty,
        "version": Markup(Version.current), "title": Markup(title),
        "date": Markup("made \(Numbers.date(content.date)) by rso \(Version.current)"),
        "style": Markup(
          trusted: String(decoding: PackageResources.report_css, as: UTF8.self) + PlotStyle.sheet),
        "contents": sections.map {
          template.fill("contents", ["id": Markup($0.id), "name": Markup($0.title)])
        }.joined(),
        "body": (live ?? .empty) + sections.map(markup).joined(),
        "script": Markup(trusted: script),
      ]
    ).text
  }

  private func markup(_ section: Section) -> Markup {
    template.fill(
      "section",
      ["id": Markup(section.id), "title": Markup(section.title), "body": section.body])
  }

  // MARK: Parts

  /// The title has the names of so many runs and files.
  private static let mostNames = 3

  private var title: String {
    if let sweep = content.sweep { return sweep.name }
    let names = content.runs.map(\.name) + content.files.map(\.path)
    if names.count <= Self.mostNames { return names.joined(separator: ", ") }
    return [Numbers.count(content.runs.count, "run"), Numbers.count(content.files.count, "file")]
      .filter { !$0.hasPrefix("0 ") }.joined(separator: " and ")
  }

  private var sections: [Section] {
    var sections: [Section] = []
    if content.runs.count == 1, let run = content.runs.first, content.sweep == nil {
      let page = RunSections(run, place: "runs.0", template: template)
      sections = [Section(id: "head", title: "Result", body: page.head)]
      sections.append(Section(id: "curves", title: "Learning curves", body: curves))
      sections.append(Section(id: "layers", title: "Layers", body: page.layers))
      sections.append(Section(id: "inside", title: "Inside", body: page.inside))
      sections.append(Section(id: "provenance", title: "Provenance", body: page.provenance))
    } else if !content.runs.isEmpty {
      let comparison = ComparisonSection(content, template: template)
      sections = [
        Section(id: "head", title: "Result", body: comparison.head),
        Section(id: "curves", title: "Learning curves", body: curves),
        Section(id: "comparison", title: "Comparison", body: comparison.body),
        Section(id: "runs", title: "Runs", body: details),
      ]
    }
    return sections
      + content.files.enumerated().map { index, file in
        Section(
          id: "file-\(index + 1)",
          title: content.files.count == 1 && content.runs.isEmpty ? "Tensors" : file.path,
          body: FileSection(file, place: "files.\(index)", template: template).body)
      }
  }

  private var curves: Markup { CurvesSection(content.runs, template: template).body }

  /// A part for each run that can be opened.
  private var details: Markup {
    let shown = content.detailed
    var body = Markup.empty
    if shown.count < content.runs.count {
      body = template.fill(
        "note",
        [
          "text": Markup(
            "Only the best run is shown here. A report on the directory of one of the others shows it "
              + "in the same way.")
        ])
    }
    for index in shown {
      let run = content.runs[index]
      let page = RunSections(run, place: "runs.\(index)", template: template)
      let parts = [
        ("Result", page.head), ("Layers", page.layers), ("Inside", page.inside),
        ("Provenance", page.provenance),
      ]
      body += template.fill(
        "run-details",
        [
          "id": Markup("run-\(index + 1)"), "name": Markup(run.name),
          "facts": Markup(page.facts),
          "body": parts.map { .element("h2", [:], $0.0) + $0.1 }.joined(),
        ])
    }
    return body
  }
}

import RSOCommands
import Testing

@Suite("Markup")
struct MarkupTests {
  @Test(
    "no character of a text has a meaning in HTML",
    arguments: [
      ("plain text, 1 < 2", "plain text, 1 &lt; 2"),
      ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
      ("a\"b&c", "a&quot;b&amp;c"),
      ("&amp;", "&amp;amp;"),
      ("\u{1}\n\u{202E}abc", "\\x01\\n\\u{202E}abc"),
      ("größer → ö", "größer → ö"),
    ])
  func escaping(text: String, markup: String) {
    #expect(Markup.escaped(text) == markup)
    #expect(Markup(text).text == markup)
  }

  @Test("attributes and contents of elements are escaped, and a missing attribute is left out")
  func elements() {
    let element = Markup.element(
      "td", ["class": "a\"b", "title": nil], .element("b", [:], "<x>") + Markup("&"))
    #expect(element.text == "<td class=\"a&quot;b\"><b>&lt;x&gt;</b>&amp;</td>")
  }

  @Test("a template has blocks whose slots are filled once: what is filled in has no slots")
  func template() {
    let template = MarkupTemplate(
      Array(
        """
        Text for those who edit it: {{not}} used.
        <!--begin head-->
        <h1>{{title}}</h1>{{more}}
        <!--end head-->
        <!--begin broken-->
        {{open
        <!--end broken-->
        <!--begin unfinished-->
        """.utf8))
    #expect(template.names == ["head", "broken"])
    #expect(template.slots(of: "head") == ["title", "more"])
    #expect(
      template.fill("head", ["title": Markup("<{{more}}>")]).text == "<h1>&lt;{{more}}&gt;</h1>\n")
    #expect(template.fill("broken").text == "{{open\n")
    #expect(template.fill("none") == .empty)
  }

  private struct Row {
    var name: String
    var value: Double?
    var mark = ""
  }

  @Test("a table has values beside its texts, a key for each column of the JSON, and marked rows")
  func table() {
    let report = Report(
      [Row(name: "a<b", value: 0.5), Row(name: "c", value: nil)],
      columns: [
        Column("name", "name", align: .left, \.name),
        Column("value", "share", as: .percent, \.value),
        Column("shown", "shown", in: [.table], \.name),
        Column("mark", "", align: .left, \.mark, text: { $0.mark }),
      ])
    #expect(
      report.markup(caption: "Rows", place: "rows", isMarked: { $0.value == nil }).text == """
        <div class="scroll" tabindex="0" role="region" aria-label="Rows">\
        <table class="sortable" data-json="rows"><caption>Rows</caption><thead><tr>\
        <th scope="col" data-key="name">name</th>\
        <th scope="col" class="number" data-key="value">share</th>\
        <th scope="col" class="number">shown</th></tr></thead><tbody>\
        <tr><th scope="row" data-value="a&lt;b">a&lt;b</th>\
        <td class="number" data-value="0.5">50.00 %</td>\
        <td class="number" data-value="a&lt;b">a&lt;b</td></tr>
        <tr class="marked"><th scope="row" data-value="c">c</th>\
        <td class="number" data-value="">-</td>\
        <td class="number" data-value="c">c</td></tr></tbody></table></div>
        """)
  }
}

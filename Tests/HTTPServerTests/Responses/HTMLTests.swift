import HTTPServer
import Testing

@Suite struct HTMLTests {
    @Test func `Interpolated text is escaped`() {
        let name = "<script>alert('x & \"y\"')</script>"
        let html: HTML = "<td title=\"\(name)\">\(name)</td>"
        let escaped = "&lt;script&gt;alert(&#39;x &amp; &quot;y&quot;&#39;)&lt;/script&gt;"
        #expect(html.source == "<td title=\"\(escaped)\">\(escaped)</td>")
    }

    @Test func `Interpolated HTML is inserted as it is`() {
        let cell: HTML = "<td>\("a<b")</td>"
        let row: HTML = "<tr>\(cell)</tr>"
        #expect(row.source == "<tr><td>a&lt;b</td></tr>")
    }

    @Test func `Numbers are printed, absent HTML is nothing`() {
        let none: HTML? = nil
        let html: HTML = "<p>\(42) \(0.5)\(none)</p>"
        #expect(html.source == "<p>42 0.5</p>")
    }

    @Test func `Pieces are joined`() {
        let items = ["a&b", "c"].map { item -> HTML in "<li>\(item)</li>" }
        let list: HTML = "<ul>\(items)</ul>"
        #expect(list.source == "<ul><li>a&amp;b</li><li>c</li></ul>")
        #expect(items.joined(separator: ", ").source == "<li>a&amp;b</li>, <li>c</li>")
        #expect((HTML(text: "<") + "<br>").source == "&lt;<br>")
    }

    @Test func `The way around escaping says what it is`() {
        #expect(HTML(unescaped: "<svg/>").source == "<svg/>")
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
        "\u{1}javascript:x", "java\tscript:x", "x:y",
    ])
    func `A URL that could run script becomes harmless`(url: String) {
        #expect(HTML.url(url).source == "#")
    }

    @Test(arguments: [
        "/a?b=c:d", "a/b:c", "#x:y", "https://example.org/", "HTTP://example.org", "mailto:a@b.org", "?a=javascript:1", "page.html", "",
    ])
    func `Relative and web URLs are kept`(url: String) {
        #expect(HTML.url(url).source == url)
    }

    @Test func `A URL is escaped for an attribute`() {
        #expect(HTML.url("/?a=1&b='\"").source == "/?a=1&amp;b=&#39;&quot;")
    }
}

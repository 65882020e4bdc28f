import Console
import HTTPServer
import Testing

@Suite struct MarkdownTests {
    private func html(_ text: String) -> String { Markdown(text) { $0.hasPrefix("gone") ? nil : $0 }.html.source }

    @Test(arguments: [
        ("# A `b` *c*\n\ntext\nmore", "<h1><span id=\"a-b-c\">A <code>b</code> <em>c</em></span></h1>\n<p>text\nmore</p>\n"),
        ("a **bold** 2 * 3 * 4 \\*", "<p>a <strong>bold</strong> 2 * 3 * 4 *</p>\n"),
        (
            "```\n# no <heading>\n```\nafter",
            "<div tabindex=\"0\" role=\"region\" aria-label=\"Code\">\n<pre><code># no &lt;heading&gt;\n</code></pre>\n</div>\n<p>after</p>\n"
        ),
        ("see [it `x`](a.md#b) or [not *there*](gone.md)", "<p>see <a href=\"a.md#b\">it <code>x</code></a> or not <em>there</em></p>\n"),
        ("![a drawing](d.svg)", "<p><a href=\"d.svg\"><img src=\"d.svg\" alt=\"a drawing\" /></a></p>\n"),
        ("![a drawing](gone.svg)", "<p>a drawing</p>\n"), ("", ""),
    ])
    func `Blocks and what stands in them`(text: String, expected: String) { #expect(html(text) == expected) }

    @Test(arguments: [
        "[x](javascript:alert(1))", "<script>alert(1)</script>", "a <img src=x onerror=alert(1)>", "<table onclick=alert(1)>",
    ])
    func `Nothing in it runs`(text: String) {
        let found = html(text)
        #expect(!found.contains("alert") || found == "<p>alert(1)</p>\n", "\(found)")
    }

    @Test func `A table has its head, and bars in code part no cells once escaped`() {
        let found = html("| a | b |\n|---|---|\n| `x\\|y` | 1 \\| 2 |\n")
        #expect(found.hasPrefix("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\n<table class=\"wide\">"))
        #expect(found.contains("<th scope=\"col\">a</th>\n<th scope=\"col\">b</th>"))
        #expect(found.contains("<td><code>x|y</code></td>\n<td>1 | 2</td>"))
    }

    @Test func `Its title is its first heading, without marks`() {
        #expect(Markdown("text\n\n## The `--flag` of *[it](x)*\n\n# Later") { $0 }.title == "The --flag of it")
        #expect(Markdown("nothing") { $0 }.title == "")
    }
}

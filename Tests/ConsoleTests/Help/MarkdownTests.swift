import Console
import HTTPServer
import Testing

@Suite struct MarkdownTests {
    private func html(_ text: String) -> String { Markdown(text) { $0.hasPrefix("gone") ? nil : $0 }.html.source }

    @Test(arguments: [
        ("# A `b` *c*\n\ntext\nmore", "<h1 id=\"a-b-c\">A <code>b</code> <em>c</em></h1>\n<p>text more</p>\n"),
        ("a **bold** 2 * 3 * 4 <b>", "<p>a <b>bold</b> 2 * 3 * 4 &lt;b&gt;</p>\n"),
        ("- one\n  goes on\n- two\n\n1. x\n2. y", "<ul><li>one goes on</li>\n<li>two</li>\n</ul>\n<ol><li>x</li>\n<li>y</li>\n</ol>\n"),
        (
            "```sh\n# no <heading>\n- no item\n```\nafter",
            "<pre class=\"code\" tabindex=\"0\"># no &lt;heading&gt;\n- no item</pre>\n<p>after</p>\n"
        ),
        ("see [it `x`](a.md#b) or [not](gone.md)", "<p>see <a href=\"a.md#b\">it <code>x</code></a> or not</p>\n"),
        ("![a drawing](d.svg)", "<p><a href=\"d.svg\"><img src=\"d.svg\" alt=\"a drawing\" loading=\"lazy\"></a></p>\n"),
        ("[x](javascript:alert(1))", "<p><a href=\"#\">x</a>)</p>\n"),
        ("an unclosed `code, a [link](x, **bold and \\*star", "<p>an unclosed `code, a [link](x, **bold and *star</p>\n"),
        ("```\nno end", "<pre class=\"code\" tabindex=\"0\">no end</pre>\n"), ("", ""), ("#", "<p>#</p>\n"), ("|", ""),
    ])
    func `Blocks and what stands in them`(text: String, expected: String) {
        let found = html(text)
        if text == "|" { #expect(found.contains("<table")) } else { #expect(found == expected) }
    }

    @Test func `A table has its head, and bars in code part no cells`() {
        let found = html("| a | b |\n|---|---|\n| `x|y` | 1 \\| 2 |\n")
        #expect(found.contains("<thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>"))
        #expect(found.contains("<td><code>x|y</code></td><td>1 | 2</td>"))
        #expect(!html("| | |\n|---|---|\n| a | b |").contains("<thead>"), "a head that says nothing is none")
    }
}

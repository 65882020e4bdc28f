import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct PlanEditorPagesTests {
    private let path = "/experiments/price/plan"

    private func plan(_ fixture: Fixture) throws -> String? { try fixture.registry.catalogue.experiment(ExperimentKey("price")).plan }

    // The hidden field by which the page says which plan it showed.
    private func seen(_ visitor: Visitor) async throws -> String {
        try #require(try await visitor.get(path).text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
    }

    @Test func `Who saves second is shown both plans, and loses nothing`() async throws {
        try await Fixture.both { fixture, client async throws in
            let (ann, bob) = (try await Visitor.signedIn(.editor, fixture, client), try await Visitor.signedIn(.admin, fixture, client))
            let first = try await seen(ann)
            #expect(try await seen(bob) == first)
            let (mine, theirs) = (
                "facts: {f: }\nmetrics: {mine: {kind: mean, of: f}}\n", "facts: {f: }\nmetrics: {theirs: {kind: mean, of: f}}\n"
            )
            #expect(try await bob.post(path, "seen=\(first)&plan=\(PercentEncoding.encode(theirs))").status == 303)
            let refused = try await ann.post(path, "seen=\(first)&plan=\(PercentEncoding.encode(mine))")
            #expect(refused.status == 409 && refused.text.contains("the-admin saved another one"))
            #expect(refused.text.contains(">\n\(mine)</textarea>") && refused.text.contains("<pre class=\"code\">\(theirs)</pre>"))
            #expect(try plan(fixture) == theirs)
            // With a mistake, and without the field, it is no other.
            #expect(try await ann.post(path, "seen=\(first)&plan=%5B").status == 409)
            #expect(try await ann.post(path, "plan=\(PercentEncoding.encode(mine))").status == 409)
            let second = try #require(refused.text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
            #expect(try await ann.post(path, "seen=\(second)&plan=\(PercentEncoding.encode(mine))").status == 303)
            #expect(try plan(fixture) == mine)
        }
    }

    @Test func `A plan is saved as it was typed, shown, changed and taken away`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let text = "# <b>\nfacts: {f: }\nmetrics: {m: {kind: mean, of: f}}\n"
            let sent = PercentEncoding.encode(text.replacing("\n", with: "\r\n"))
            #expect(try await editor.post(path, "seen=\(seen(editor))&plan=\(sent)").headers["Location"] == path + "?done=plan")
            #expect(try plan(fixture) == text)
            let page = try await editor.get(path + "?done=plan").text
            #expect(page.contains("# &lt;b&gt;\nfacts: {f: }") && page.contains("The plan was saved."))
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let read = try await viewer.get(path).text
            #expect(read.contains("<pre class=\"code\"># &lt;b&gt;") && !read.contains("<textarea"))
            // An empty field takes nothing away by itself: whether to do so is asked.
            let before = try await seen(editor)
            let emptied = try await editor.post(path, "seen=\(before)&plan=%0D%0A")
            #expect(emptied.status == 303 && emptied.headers["Location"] == "/experiments/price/remove-plan")
            #expect(try plan(fixture) == text)
            let fields = try await editor.get("/experiments/price/remove-plan").text.matches(of: /name="(seen|plan)" value="([^"]+)"/)
                .map { "\($0.1)=\($0.2)" }.joined(separator: "&")
            #expect(try await editor.post("/experiments/price/remove-plan", fields).status == 303)
            #expect(try plan(fixture) == nil)
            // What somebody else did meanwhile is shown, and where there is no plan an empty field is none either.
            #expect(try await editor.post(path, "seen=\(before)&plan=").status == 409)
            let nothing = try await editor.post(path, "seen=\(seen(editor))&plan=+")
            #expect(nothing.status == 422 && nothing.text.contains("there is no plan, and none was typed"))
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "price", limit: 3))
            #expect(log.map(\.action) == ["change plan", "change plan", "begin"])
            #expect(log.prefix(2).allSatisfy { $0.actor == "the-editor" })
        }
    }

    @Test func `A plan is taken away on a page that asks first, and not unseen`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let ask = "/experiments/price/remove-plan"
            #expect(try await !editor.get(path).text.contains(ask))
            #expect(try await editor.get(ask).status == 409)
            func save(_ name: String) async throws {
                let text = PercentEncoding.encode("facts: {f: }\nmetrics: {\(name): {kind: mean, of: f}}\n")
                #expect(try await editor.post(path, "seen=\(seen(editor))&plan=\(text)").status == 303)
            }
            try await save("one")
            #expect(try await editor.get(path).text.contains("href=\"\(ask)\">Take the plan away</a>"))
            func question() async throws -> String {
                let page = try await editor.get(ask).text
                #expect(page.contains("class=\"danger\"") && page.contains("Nobody&#39;s value changes."))
                let fields = page.matches(of: /name="(seen|plan)" value="([^"]+)"/).map { "\($0.1)=\($0.2)" }
                #expect(fields.count == 2)
                return fields.joined(separator: "&")
            }
            let asked = try await question()
            try await save("two")
            #expect(try await editor.post(ask, asked).status == 409)
            #expect(try plan(fixture)?.contains("two") == true)
            #expect(try await editor.post(ask, question()).headers["Location"] == path + "?done=remove-plan")
            #expect(try plan(fixture) == nil)
            #expect(try await editor.get(path + "?done=remove-plan").text.contains("The plan was taken away."))
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            try await save("three")
            #expect(try await viewer.get(ask).status == 403)
            #expect(try await !viewer.get(path).text.contains(ask))
        }
    }

    @Test func `The example can be pasted and saved as it is`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let page = try await editor.get(path).text
            let example = try #require(page.firstMatch(of: /id="example">([^<]+)<\/pre>/).map { String($0.1) })
            #expect(page.contains("<details open><summary>An example to begin with</summary>"))
            #expect(try await editor.post(path, "seen=\(seen(editor))&plan=\(PercentEncoding.encode(example))").status == 303)
            #expect(try plan(fixture) == example)
        }
    }

    @Test func `A mistake is shown in its line, and what was typed stays`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let text = "facts: {f: }\nmetrics:\n  m: {kind: maen, of: f}\n"
            let page = try await editor.post(path, "seen=\(seen(editor))&plan=\(PercentEncoding.encode(text))")
            #expect(page.status == 422 && page.text.contains("line 3, column 13"))
            #expect(page.text.contains("<mark>   3    m: {kind: maen, of: f}</mark>\n                  ^ "))
            #expect(page.text.contains(">\n\(text)</textarea>"))
            #expect(try plan(fixture) == nil)
            #expect(try await editor.post(path, "").status == 400)
        }
    }
}

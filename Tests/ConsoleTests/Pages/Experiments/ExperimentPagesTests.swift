import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ExperimentPagesTests {
    @Test func `The list shows every experiment with its state, devices and verdict, and who may make one`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.values("device-\(number)") }
            let draft = #"{"key":"<draft>","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, draft).problem(422)
            _ = try await client.post(
                "/api/v1/admin/experiments", as: .editor, of: fixture,
                draft.replacing("<draft>", with: "new").replacing("\"a\"", with: "\"<i>\""))
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let page = try await editor.get("/experiments")
            #expect(page.status == 200 && page.headers["Cache-Control"] == "no-store")
            #expect(page.text.contains("<a href=\"/experiments/price\">price</a>"))
            #expect(page.text.contains("<td class=\"n count\">20</td>") && page.text.contains("no plan"))
            #expect(page.text.contains("href=\"/experiments/new\">New experiment</a>"))
            // An experiment that has the name of the form's page is reached all the same.
            #expect(page.text.contains("<a href=\"/experiments/%6Eew\">new</a>"))
            #expect(try await editor.get("/experiments/%6Eew").text.contains("<h1>new</h1>"))
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await !viewer.get("/experiments").text.contains("New experiment"))
        }
    }

    @Test func `An experiment's page tells who takes part, and offers what one may do in its state`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.values("one")
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let page = try await editor.get("/experiments/price").text
            #expect(page.contains("<h1>price</h1>") && page.contains("takes part."))
            #expect(page.contains("id=\"experiment-price\"") && page.contains("<b>Epoch 0</b>"))
            func actions(_ page: String) -> [String] {
                page.matches(of: /class="button[^"]*" href="\/experiments\/price\/([a-z]+)"/).map { String($0.1) }
            }
            #expect(actions(page) == ["pause", "variants", "finish"])
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(actions(try await viewer.get("/experiments/price").text) == [])
            _ = try await client.post("/api/v1/admin/experiments/price/pause", as: .editor, of: fixture)
            #expect(actions(try await editor.get("/experiments/price").text) == ["resume", "variants", "finish"])
            _ = try await client.post("/api/v1/admin/experiments/price/finish", as: .editor, of: fixture, #"{"winner":"10"}"#)
            let finished = try await editor.get("/experiments/price").text
            #expect(actions(finished) == [] && finished.contains("Its winner &#39;10&#39; goes to every device"))
            for path in ["/experiments/nothing", "/experiments/nothing/audit", "/experiments/nothing/explain", "/experiments/nothing/live"]
            {
                let missing = try await editor.get(path)
                #expect(missing.status == 404 && missing.text.contains("There is no experiment"), "\(path)")
            }
            #expect(try await editor.get("/experiments/a%20b").status == 422)
        }
    }

    @Test func `What an address says was done is one of our own sentences or nothing`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await viewer.get("/experiments/price?done=pause").text.contains("The experiment was paused"))
            for nonsense in ["%3Cscript%3E", "You+were+hacked", ""] {
                let page = try await viewer.get("/experiments/price?done=\(nonsense)").text
                #expect(!page.contains("id=\"done\"") && !page.contains("<script>") && !page.contains("hacked"))
            }
        }
    }

    @Test func `A device's value is explained, and to ask makes nobody known`() async throws {
        try await Fixture.both { fixture, client async throws in
            let value = try #require(try await client.values("phone")["price"])
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let page = try await viewer.get("/experiments/price/explain?device=phone").text
            #expect(page.contains("<h2>‘\(value)’</h2>") && page.contains("place ") && page.contains("as number 1 of all"))
            #expect(try await viewer.get("/experiments/price/explain?device=tablet").text.contains("No device with this token"))
            let wrong = try await viewer.get("/experiments/price/explain?device=%3Cb%3E%20")
            #expect(wrong.status == 200 && wrong.text.contains("role=\"alert\"") && !wrong.text.contains("<b> "))
            #expect(try await !viewer.get("/experiments/price/explain").text.contains("id=\"explanation\""))
            #expect(fixture.registry.nextOrdinal == 1)
            // What it gets is dealt again, but it does not count any more.
            let forced = "/api/v1/admin/experiments/price/forced/phone"
            let other = value == "10" ? "20" : "10"
            #expect(try await client.put(forced, as: .editor, of: fixture, #"{"value":"\#(other)"}"#).status == 200)
            let note = "It had a forced value once"
            #expect(try await viewer.get("/experiments/price/explain?device=phone").text.contains(note) == false)
            _ = try await client.send(TestRequest("DELETE", forced, headers: fixture.headers(.editor)))
            let released = try await viewer.get("/experiments/price/explain?device=phone").text
            #expect(released.contains("<h2>‘\(value)’</h2>") && released.contains(note) && !page.contains(note))
            #expect(try await viewer.get("/").text.contains("1 device left out, with forced values"))
        }
    }

    @Test func `An editor gives a tester's device a value on its explanation's page, and what it is dealt again`() async throws {
        try await Fixture.both { fixture, client async throws in
            let dealt = try #require(try await client.values("myphone/1")["price"])
            let (viewer, editor) = try await (Visitor.signedIn(.viewer, fixture, client), Visitor.signedIn(.editor, fixture, client))
            let page = "/experiments/price/explain"
            let asked = page + "?device=myphone%2F1"
            #expect(try await editor.get(asked).text.contains("id=\"tester\""))
            #expect(try await !editor.get(page).text.contains("id=\"tester\""))
            #expect(try await !viewer.get(asked).text.contains("id=\"tester\""))
            #expect(try await viewer.post(page, "device=myphone%2F1&value=20").status == 403)
            let other = dealt == "20" ? "50" : "20"
            // First it is asked, and nothing is done.
            func question(_ form: String) async throws -> (text: String, seen: String) {
                let asked = try await editor.post(page, form)
                #expect(asked.status == 200, "\(form)")
                return (asked.text, try #require(asked.text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) }))
            }
            let give = "device=myphone%2F1&value=\(other)"
            let (text, seen) = try await question(give)
            #expect(text.contains("Give the device &#39;myphone/1&#39; the value &#39;\(other)&#39;?"))
            #expect(text.contains("It gets &#39;\(other)&#39; from its next request on, whatever it is dealt."))
            #expect(text.contains("It counts for nothing in this experiment, for ever"))
            #expect(text.contains("name=\"device\" value=\"myphone/1\"") && text.contains("name=\"do\" value=\"force\""))
            #expect(try await client.values("myphone/1")["price"] == dealt)
            #expect(try await editor.post(page, give + "&do=force").status == 409, "nobody decides about what they have not seen")
            let forced = try await editor.post(page, give + "&seen=\(seen)&do=force")
            #expect(forced.status == 303 && forced.headers["Location"] == asked + "&done=force")
            let told = try await editor.get(asked + "&done=force").text
            #expect(told.contains("id=\"done\"") && told.contains("<option value=\"\(other)\" selected>"))
            #expect(try await client.values("myphone/1")["price"] == other)
            // Also one that nobody has seen yet.
            let strange = try await question("device=stranger&value=5").text
            #expect(strange.contains("It gets &#39;5&#39; from its first request on") && strange.contains("It was never seen here"))
            #expect(try await editor.post(page, "device=stranger&value=5&seen=\(seen)&do=force").status == 303)
            let unseen = try await viewer.get(page + "?device=stranger").text
            #expect(unseen.contains("<h2>‘5’</h2>") && unseen.contains("was ever seen here. An operator gave it &#39;5&#39;"))
            #expect(unseen.contains("it gets that with its first request"))
            #expect(try await client.values("stranger")["price"] == "5")
            let back = try await question("device=myphone%2F1&value=").text
            #expect(back.contains("what it is dealt again?") && back.contains("It still counts for nothing in this experiment, for ever."))
            let released = try await editor.post(page, "device=myphone%2F1&value=&seen=\(seen)&do=force")
            #expect(released.headers["Location"] == asked + "&done=release")
            #expect(try await client.values("myphone/1")["price"] == dealt)
            let audit = try await viewer.get("/experiments/price/audit").text
            #expect(audit.contains("the value ‘\(other)’; it counts for nothing.") && audit.contains("what it is dealt again."))
            for form in ["device=myphone%2F1&value=free", "device=myphone%2F1&value=", "device=a+b&value=20", "value=20"] {
                for form in [form, form + "&seen=\(seen)&do=force"] {
                    let refused = try await editor.post(page, form)
                    #expect(refused.status == 422 && refused.text.contains("id=\"mistake\""), "\(form)")
                }
            }
            // Somebody pauses it while one reads the question.
            _ = try await client.post("/api/v1/admin/experiments/price/pause", as: .editor, of: fixture)
            let late = try await editor.post(page, give + "&seen=\(seen)&do=force")
            #expect(late.status == 409 && late.text.contains("id=\"tester\"") && late.text.contains("<option value=\"\(other)\" selected>"))
            _ = try await client.post("/api/v1/admin/experiments/price/finish", as: .editor, of: fixture)
            #expect(try await !editor.get(asked).text.contains("id=\"tester\""))
        }
    }

    @Test func `The counts are sent as they are, and no longer than the session lasts`() async throws {
        // Four hours pass whenever somebody asks for the time: a session lasts for two questions after its first.
        let clock = WallClock()
        var options = Console.Options()
        options.now = {
            clock.advance(seconds: 4 * 60 * 60)
            return clock.now()
        }
        let fixture = try await Fixture(options: options)
        let client = InProcessClient(fixture.console.router)
        _ = try await client.values("phone")
        let viewer = try await Visitor.signedIn(.viewer, fixture, client)
        let stream = try await viewer.get("/experiments/price/live")
        #expect(stream.status == 200 && stream.headers["Content-Type"] == "text/event-stream")
        #expect(stream.text.matches(of: /1 device</).count == 1 && stream.text.contains("id=\"experiment-price\""))
        #expect(try await viewer.get("/experiments/price/live").status == 303)
    }

    @Test func `The audit trail of an experiment is about it alone, and leads to older entries`() async throws {
        try await Fixture.both { fixture, client async throws in
            for index in 0..<60 {
                let change = index.isMultiple(of: 2) ? "pause" : "resume"
                _ = try await client.post("/api/v1/admin/experiments/price/\(change)", as: .editor, of: fixture)
            }
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let first = try await viewer.get("/experiments/price/audit").text
            #expect(first.matches(of: /<li>/).count == 50 && !first.contains("Created it"))
            let older = try #require(first.firstMatch(of: /href="(\/experiments\/price\/audit\?before=\d+)"/)).1
            let second = try await viewer.get(String(older)).text
            #expect(second.contains("Created it, and started it at device number 1"))
            #expect(!second.contains("Older entries") && !second.contains("button_color"))
            #expect(try await viewer.get("/audit").text.contains("<b>price</b>: Resumed it"))
            #expect(try await viewer.get("/audit?before=x").status == 400)
        }
    }
}

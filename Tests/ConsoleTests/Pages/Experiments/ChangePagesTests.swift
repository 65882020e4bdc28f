import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ChangePagesTests {
    // The hidden field by which a page says what it showed.
    private func sight(_ visitor: Visitor, _ path: String) async throws -> String {
        let page = try await visitor.get(path)
        try #require(page.status == 200, "\(page.text)")
        return try #require(page.text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
    }

    private func state(_ fixture: Fixture, _ key: String = "price") throws -> ExperimentState {
        try fixture.registry.catalogue.experiment(ExperimentKey(key)).state
    }

    @Test func `Each change is asked for in words, done once, told, and written down with the person's name`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.values("device-\(number)") }
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            for (action, words, after) in [
                ("pause", "The 20 devices in it keep their values, and are served on.", ExperimentState.paused),
                ("resume", "Devices that were first seen during the pause stay out.", .running),
                ("finish", "This cannot be undone.", .finished),
            ] {
                let path = "/experiments/price/\(action)"
                let page = try await editor.get(path)
                #expect(page.status == 200 && page.text.contains(words), "\(action)")
                let seen = try await sight(editor, path)
                let done = try await editor.post(path, "seen=\(seen)" + (action == "finish" ? "&winner=10" : ""))
                #expect(done.status == 303, "\(done.text)")
                let location = try #require(done.headers["Location"])
                #expect(location == "/experiments/price?done=\(action)")
                #expect(try state(fixture) == after)
                #expect(try await editor.get(location).text.contains("id=\"done\""))
                // What was done cannot be done again by loading or sending the page once more.
                #expect(try await editor.get(path).status == 409)
                #expect(try await editor.post(path, "seen=\(seen)" + (action == "finish" ? "&winner=10" : "")).status == 409)
            }
            #expect(try fixture.registry.catalogue.experiment(ExperimentKey("price")).winner == "10")
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "price"))
            #expect(log.prefix(3).map(\.action) == ["finish", "resume", "pause"] && log.prefix(3).allSatisfy { $0.actor == "the-editor" })
        }
    }

    @Test func `A finish says who wins, and may have no winner`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.values("phone")
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let page = try await editor.get("/experiments/price/finish").text
            #expect(page.contains("‘10’ wins.") && page.contains("Nobody wins.") && !page.contains("checked"))
            let seen = try await sight(editor, "/experiments/price/finish")
            #expect(try await editor.post("/experiments/price/finish", "seen=\(seen)").status == 400)
            #expect(try await editor.post("/experiments/price/finish", "seen=\(seen)&winner=nobody%27s").status == 422)
            #expect(try await editor.post("/experiments/price/finish", "seen=\(seen)&winner=").status == 303)
            let price = try fixture.registry.catalogue.experiment(ExperimentKey("price"))
            #expect(price.state == .finished && price.winner == nil)
        }
    }

    @Test func `A winner that an address names is chosen to begin with, and it is asked all the same`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let page = try await editor.get("/experiments/button_color/finish?winner=%2300FF00")
            #expect(page.text.contains("value=\"#00FF00\" required checked>") && page.text.components(separatedBy: " checked>").count == 2)
            #expect(try state(fixture, "button_color") == .running, "to look finishes nothing")
            for other in ["", "?winner=", "?winner=pink"] {
                #expect(try await !editor.get("/experiments/button_color/finish\(other)").text.contains(" checked>"), "\(other)")
            }
        }
    }

    @Test func `New weights are typed, looked over, and then in force for those who come`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.values("device-\(number)") }
            let before = try await client.values("device-0")
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let path = "/experiments/price/variants"
            let page = try await editor.get(path).text
            #expect(page.contains("value=\"10\"") && page.contains("value=\"75\""))
            let seen = try await sight(editor, path)

            let longer = try await editor.post(path, "seen=\(seen)&value=10&weight=1&value=20&weight=3&do=add")
            #expect(longer.status == 200 && longer.text.contains("id=\"value-2\"") && longer.text.contains("autofocus"))
            let shorter = try await editor.post(path, "seen=\(seen)&value=10&weight=1&value=x&weight=2&value=20&weight=3&do=remove-1")
            #expect(shorter.text.contains("value=\"20\"") && !shorter.text.contains("value=\"x\""))

            for (rows, reason) in [
                ("value=10&weight=one&value=20&weight=3", "The weight of &#39;10&#39; must be a number"),
                ("value=10&weight=0,5&value=20&weight=3", "a comma is not read as a decimal mark, so write 0.5."),
                ("value=10&weight=1,250&value=20&weight=3", "a comma is not read as a decimal mark, so write 1.250 or 1250."),
                ("value=10&weight=1,250,000&value=20&weight=3", "such as 50 or 33.3: write it without commas."),
                ("value=10&weight=1&value=10&weight=3", "Two variants have the value"), ("value=10&weight=1", "2 to 100 variants, not 1"),
                ("value=10&weight=1&value=&weight=3", "Variant 2 has a weight and no value"),
                ("value=10&weight=0.0000001&value=20&weight=3", "exact only over blocks"),
            ] {
                let refused = try await editor.post(path, "seen=\(seen)&\(rows)&do=review")
                #expect(refused.status == 422 && refused.text.contains(reason), "\(rows): \(refused.text)")
            }

            let rows = "seen=\(seen)&value=10&weight=1&value=new&weight=3"
            let review = try await editor.post(path, rows + "&do=review")
            #expect(review.status == 200)
            for words in [
                "‘10’: 75.0 % → 25.0 %.", "‘new’ is new: 75.0 %.", "‘20’ is closed to new devices; the 2 devices that have it keep it.",
                "exact after every 4 devices",
            ] {
                #expect(review.text.contains(words), "\(words)")
            }
            #expect(try fixture.registry.catalogue.experiment(ExperimentKey("price")).epochs.count == 1, "to look changes nothing")
            #expect(try await editor.post(path, rows + "&do=variants").headers["Location"] == "/experiments/price?done=variants")
            let price = try fixture.registry.catalogue.experiment(ExperimentKey("price"))
            #expect(price.epochs.count == 2 && price.allocation.variants.map(\.value) == ["10", "new"])
            #expect(try await client.values("device-0") == before)
        }
    }

    @Test func `What somebody else changed meanwhile is not changed unseen`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let seen = try await sight(editor, "/experiments/price/variants")
            let others = #"{"variants":[{"value":"10","weight":1},{"value":"5","weight":1}]}"#
            #expect(try await client.put("/api/v1/admin/experiments/price/variants", as: .editor, of: fixture, others).status == 200)
            for path in ["pause", "variants", "finish"] {
                let response = try await editor.post(
                    "/experiments/price/\(path)", "seen=\(seen)&winner=10&value=10&weight=1&value=20&weight=3&do=variants")
                #expect(response.status == 409 && response.text.contains("was changed while you were looking"), "\(path)")
                guard path == "variants" else { continue }
                // What was typed is still there, beside what is in force.
                #expect(response.text.contains("In force now: &#39;10&#39; 50.0 %, &#39;5&#39; 50.0 %."))
                #expect(response.text.contains("value=\"20\"") && response.text.contains("value=\"3\""))
                let now = try #require(response.text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
                #expect(now != seen)
            }
            #expect(try state(fixture) == .running)
        }
    }

    @Test func `Who comes second is told what the first did, and finds what they chose`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let (pause, finish) = ("/experiments/price/pause", "/experiments/price/finish")
            let seen = try await sight(editor, finish)
            _ = try await client.post("/api/v1/admin/experiments/price/pause", as: .editor, of: fixture)
            let asked = try await editor.post(finish, "seen=\(seen)&winner=20")
            #expect(asked.status == 409 && asked.text.contains("<b>the-editor</b>"))
            #expect(asked.text.contains("Paused it: nobody new gets in."))
            #expect(asked.text.contains("value=\"20\" required checked>") && asked.text.contains("id=\"confirm\""))
            // Its form is about what there is now, so it can be sent.
            let now = try #require(asked.text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
            // To pause it once more is not possible: the page leads back.
            let late = try await editor.post(pause, "seen=\(seen)")
            #expect(late.status == 409 && late.text.contains("‘Pause’ is not possible any more") && late.text.contains("Nothing was done"))
            #expect(late.text.contains("href=\"/experiments/price\">See how it stands now</a>"))
            #expect(try await editor.get(pause).text.contains("<a href=\"/experiments/price\">Back to the experiment</a>"))
            #expect(try await editor.post(finish, "seen=\(now)&winner=20").status == 303)
        }
    }

    @Test func `A finished experiment says since when, with which winner and with which verdict`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await !viewer.get("/experiments/price").text.contains("id=\"ended\""))
            _ = try await client.post("/api/v1/admin/experiments/price/finish", as: .editor, of: fixture, #"{"winner":"10"}"#)
            _ = try await client.post("/api/v1/admin/experiments/button_color/finish", as: .editor, of: fixture)
            let won = try await viewer.get("/experiments/price").text
            #expect(won.contains(/<h2>Finished since \d{4}-\d\d-\d\d \d\d:\d\d UTC, with the winner ‘10’<\/h2>/))
            #expect(won.contains("It had no plan, so there was no verdict."))
            #expect(try await viewer.get("/experiments/button_color").text.contains(", without a winner</h2>"))
        }
    }

    @Test func `A draft is started or thrown away, and nothing else is`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            for key in ["one", "two"] {
                _ = try await client.post(
                    "/api/v1/admin/experiments", as: .editor, of: fixture,
                    #"{"key":"\#(key)","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#)
            }
            #expect(try await editor.get("/experiments/one/start").text.contains("No device is known yet"))
            let seen = try await sight(editor, "/experiments/one/start")
            #expect(try await editor.post("/experiments/one/start", "seen=\(seen)").status == 303)
            #expect(try state(fixture, "one") == .running)
            #expect(try await editor.get("/experiments/one/delete").status == 409)
            let other = try await sight(editor, "/experiments/two/delete")
            let gone = try await editor.post("/experiments/two/delete", "seen=\(other)")
            #expect(gone.headers["Location"] == "/experiments?done=delete")
            #expect(try await editor.get("/experiments?done=delete").text.contains("The draft was thrown away."))
            #expect(fixture.registry.catalogue.experiments.map(\.key.text) == ["button_color", "price", "one"])
        }
    }
}

import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct LayerPagesTests {
    @Test func `Layers and holdouts are made on their page, which shows who is in them`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            #expect(try await editor.get("/layers").text.contains("There is no layer yet."))
            for (form, body, status, words) in [
                ("holdout", "name=global&percent=abc", Status.unprocessableContent, "is no number"),
                ("holdout", "name=global&percent=2,5", .unprocessableContent, "so write 2.5."),
                ("holdout", "name=global&percent=33.3", .unprocessableContent, "exact over a block"),
                ("holdout", "name=a+b&percent=5", .unprocessableContent, "is not allowed"),
                ("layer", "name=checkout&slots=1", .unprocessableContent, "2 to 128 slots"),
                ("layer", "name=checkout&holdout=nothing", .unprocessableContent, "no holdout"),
            ] {
                let refused = try await editor.post("/layers/new-\(form)", body)
                #expect(refused.status == status.code && refused.text.contains(words), "\(body): \(refused.text)")
                #expect(refused.text.contains("aria-invalid=\"true\"") && refused.text.contains("<details open>"))
            }
            let typed = try await editor.post("/layers/new-holdout", "name=global&percent=200&summary=all").text
            for text in ["global", "200", "all"] { #expect(typed.contains("value=\"\(text)\""), "what was typed stays") }
            #expect(try await editor.post("/layers/new-holdout", "name=global&percent=5+%25").headers["Location"] == "/layers?done=holdout")
            #expect(
                try await editor.post("/layers/new-layer", "name=checkout&slots=10&holdout=global").headers["Location"]
                    == "/layers?done=layer")
            #expect(try await editor.post("/layers/new-layer", "name=checkout").status == 409)
            let body =
                #"{"key":"one","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"layer":{"name":"checkout","slots":4}}"#
            _ = try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body)
            let page = try await editor.get("/layers?done=layer").text
            #expect(page.contains("The layer was made") && page.contains("6 of 10") && page.contains("4 slots, draft"))
            #expect(page.contains("under the holdout ‘global’") && page.contains("5.0 %"))
            // Only administrators may end it.
            #expect(!page.contains("Release…"))
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await !viewer.get("/layers").text.contains("<form class=\"ask"))
            #expect(try await viewer.post("/layers/new-layer", "name=x").status == 403)
        }
    }

    @Test func `A holdout is released by who has read what that means`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let admin = try await Visitor.signedIn(.admin, fixture, client)
            _ = try await admin.post("/layers/new-holdout", "name=global&percent=50")
            for key in ["won", "running", "draft"] {
                let body = #"{"key":"\#(key)","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"holdout":"global"}"#
                _ = try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body)
                if key != "draft" { _ = try await client.post("/api/v1/admin/experiments/\(key)/start", as: .editor, of: fixture) }
            }
            for number in 0..<10 { _ = try await client.values("device-\(number)") }
            _ = try await client.post("/api/v1/admin/experiments/won/finish", as: .editor, of: fixture, #"{"winner":"b"}"#)
            #expect(try await admin.get("/layers").text.contains("Release…"))
            let start = "/experiments/draft/start"
            #expect(try await admin.get(start).text.contains("from now on and that is not in the holdout &#39;global&#39; takes part"))
            let path = "/holdouts/global/release"
            let page = try await admin.get(path).text
            for words in [
                "The winner ‘b’ of ‘won’ goes at once to the 5 devices that the holdout kept out of it.", "‘running’: began before",
                "‘draft’: is for everybody who is new then.", "This cannot be undone.",
            ] { #expect(page.contains(words), "\(words)") }
            let seen = try #require(page.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            #expect(try await editor.get(path).status == 403)
            #expect(try await editor.post(path, "seen=\(seen)").status == 403)
            // Somebody finishes another meanwhile.
            _ = try await client.post("/api/v1/admin/experiments/running/finish", as: .editor, of: fixture, #"{"winner":"a"}"#)
            let refused = try await admin.post(path, "seen=\(seen)")
            #expect(refused.status == 409 && refused.text.contains("Nothing was done"))
            #expect(refused.text.contains("The winner ‘a’ of ‘running’ goes at once"), "the page says what it means by now")
            let now = try #require(try await admin.get(path).text.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
            #expect(try await admin.post(path, "seen=\(now)").headers["Location"] == "/layers?done=release")
            #expect(try await admin.get("/layers").text.contains("released"))
            #expect(try await admin.get(path).status == 409)
            for number in 0..<10 { #expect(try await client.values("device-\(number)") == ["won": "b", "running": "a"]) }
            #expect(try await admin.get("/experiments/won").text.contains("its winner is for them too"))
            #expect(try await admin.get("/experiments/draft").text.contains("was released before and keeps nobody out"))
            let started = try await admin.get(start).text
            #expect(started.contains("Every device that is first seen from now on takes part") && !started.contains("holdout"))
            #expect(try await admin.get("/audit").text.contains("Released the holdout"))
            #expect(try await admin.get("/holdouts/none/release").status == 404)
        }
    }
}

import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ExperimentAPITests {
    private let root = "/api/v1/admin/experiments"
    private let draft = #"{"key":"checkout","summary":"Sells more?","variants":[{"value":"old","weight":50},{"value":"new","weight":50}]}"#

    @Test func `A draft is put in a draft's place, and in nothing else's`() async throws {
        try await Fixture.both { fixture, client async throws in
            let root = "/api/v1/admin/experiments"
            let variants = #""variants":[{"value":"a","weight":1},{"value":"b","weight":1}]"#
            #expect(try await client.post(root, as: .editor, of: fixture, #"{"key":"one",\#(variants)}"#).status == 201)
            _ = try await client.put("\(root)/one/forced/phone", as: .editor, of: fixture, #"{"value":"b"}"#)
            #expect(try await client.post("/api/v1/admin/holdouts", as: .editor, of: fixture, #"{"name":"h","percent":50}"#).status == 201)
            let body = #"{"summary":"New",\#(variants),"holdout":"h","targeting":{"country":"DE"}}"#
            let edited = try await client.put("\(root)/one", as: .editor, of: fixture, body)
            #expect(edited.status == 200, "\(edited.text)")
            let one = try edited.object()
            let nul = body.replacing("New", with: #"N\u0000w"#)
            #expect(try await client.put("\(root)/one", as: .editor, of: fixture, nul).problem(422).contains("control"))
            #expect(one["summary"] as? String == "New" && one["holdout"] as? String == "h" && one["state"] as? String == "draft")
            #expect(try await client.values("phone")["one"] == "b", "testers' values stay")
            #expect(try await client.put("\(root)/price", as: .editor, of: fixture, #"{\#(variants)}"#).problem(409).contains("edited"))
            _ = try await client.put("\(root)/none", as: .editor, of: fixture, #"{\#(variants)}"#).problem(404)
            _ = try await client.put("\(root)/one", as: .editor, of: fixture, #"{\#(variants),"layer":{"name":"x","slots":1}}"#).problem(
                422)
            _ = try await client.put("\(root)/one", as: .viewer, of: fixture, body).problem(403)
        }
    }

    @Test func `An experiment lives from draft to winner, and values follow its rules`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            #expect(try await client.values("older") == [:])
            let created = try await client.post(root, as: .editor, of: fixture, draft)
            #expect(created.status == 201)
            #expect(created.headers["Location"] == "\(root)/checkout")
            #expect(try await client.values("still-older") == [:])

            #expect(try await client.post("\(root)/checkout/start", as: .editor, of: fixture).status == 200)
            #expect(try await client.values("older") == [:])
            var values: [String: String] = [:]
            for number in 0..<10 { values["in-\(number)"] = try await client.values("in-\(number)")["checkout"] }
            #expect(values.values.count(where: { $0 == "old" }) == 5)

            #expect(try await client.post("\(root)/checkout/pause", as: .editor, of: fixture).status == 200)
            #expect(try await client.values("paused") == [:])
            #expect(try await client.post("\(root)/checkout/resume", as: .editor, of: fixture).status == 200)
            #expect(try await client.values("paused") == [:])

            let variants = #"{"variants":[{"value":"new","weight":1},{"value":"newest","weight":3}]}"#
            #expect(try await client.put("\(root)/checkout/variants", as: .editor, of: fixture, variants).status == 200)
            var later: [String?] = []
            for number in 0..<8 { later.append(try await client.values("late-\(number)")["checkout"]) }
            #expect(later.count(where: { $0 == "newest" }) == 6 && later.count(where: { $0 == "new" }) == 2)
            for (token, value) in values { #expect(try await client.values(token)["checkout"] == value) }

            #expect(try await client.post("\(root)/checkout/finish", as: .editor, of: fixture, #"{"winner":"newest"}"#).status == 200)
            for token in ["in-0", "paused", "late-1", "brand-new"] {
                #expect(try await client.values(token) == ["checkout": "newest"])
            }
            #expect(try await client.values("older") == [:])
        }
    }

    @Test func `A draft can be deleted, what was started cannot`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            func delete(_ key: String, as role: AccessRole) async throws -> TestResponse {
                try await client.delete("\(root)/\(key)", headers: fixture.headers(role))
            }
            #expect(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            #expect(try await delete("checkout", as: .viewer).problem(403).contains("editor"))
            #expect(try await delete("checkout", as: .editor).status == 204)
            #expect(fixture.registry.catalogue == .empty)
            #expect(try await delete("checkout", as: .editor).problem(404).contains("checkout"))
            #expect(try await delete("a%20b", as: .editor).problem(422).contains("a b"))
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "checkout"))
            #expect(log.map(\.action) == ["delete", "create"])
            #expect(log[0].before == log[1].after && log[0].after == nil && log[0].actor == "the-editor")

            #expect(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            for (change, state) in [("start", "running"), ("pause", "paused"), ("finish", "finished")] {
                #expect(try await client.post("\(root)/checkout/\(change)", as: .editor, of: fixture).status == 200)
                #expect(try await delete("checkout", as: .admin).problem(409).contains(state))
            }
            #expect(fixture.registry.catalogue.experiments.count == 1)
        }
    }

    @Test func `One experiment is shown with its epochs, devices and history, never its secret`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<3 { _ = try await client.device("device-\(number)") }
            let variants = #"{"variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.put("\(root)/button_color/variants", as: .editor, of: fixture, variants)
            let response = try await client.get("\(root)/button_color", headers: fixture.headers(.viewer))
            let shown = try response.object()
            let epochs = try #require(shown["epochs"] as? [[String: Any]])
            #expect(epochs.count == 2)
            #expect((epochs[0]["ordinals"] as? [[String: Any]])?.first?["end"] as? Int == 3)
            let history = try #require(shown["history"] as? [[String: Any]])
            #expect(history.map { $0["action"] as? String } == ["begin", "change variants"])
            #expect(history.last?["actor"] as? String == "the-editor")
            #expect(((history.last?["before"] as? [String: Any])?["epochs"] as? [Any])?.count == 1)
            #expect(((history.last?["after"] as? [String: Any])?["epochs"] as? [Any])?.count == 2)
            #expect((shown["devices"] as? [String: Any])?["devices"] as? Int == 3)
            #expect(!response.text.contains("secret"))
        }
    }

    @Test func `What the state does not allow is a conflict, and nothing changes`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await client.post("\(root)/price/start", as: .editor, of: fixture).problem(409).contains("running"))
            #expect(try await client.post("\(root)/price/resume", as: .editor, of: fixture).problem(409).contains("running"))
            #expect(try await client.post("\(root)/nobody/start", as: .editor, of: fixture).problem(404).contains("nobody"))
            let twin = #"{"key":"price","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            #expect(try await client.post(root, as: .editor, of: fixture, twin).problem(409).contains("price"))
            let finish = try await client.post("\(root)/price/finish", as: .editor, of: fixture, #"{"winner":"free"}"#)
            #expect(try finish.problem(422).contains("free"))
            #expect(fixture.registry.catalogue.experiments.map(\.state) == [.running, .running])
        }
    }

    @Test func `A change about which nothing is to be said takes no body but an empty object`() async throws {
        try await Fixture.both { fixture, client async throws in
            for change in ["start", "pause", "resume"] {
                let path = "\(root)/price/\(change)"
                for (body, status, says) in [
                    ("{", 400, "line 1"), ("nonsense", 400, "line 1"), (#"{"at":"noon"}"#, 422, "'at'"), ("[]", 422, "at $"),
                    ("7", 422, "at $"),
                ] {
                    let detail = try await client.post(path, as: .editor, of: fixture, body).problem(status)
                    #expect(detail.contains(says), "\(detail)")
                }
                let headers = fixture.headers(.editor) + [("Content-Type", "text/plain")]
                _ = try await client.send(TestRequest("POST", path, headers: headers, body: Array("{}".utf8))).problem(415)
            }
            #expect(try fixture.registry.catalogue.experiment(ExperimentKey("price")).state == .running)
            #expect(try await client.post("\(root)/price/pause", as: .editor, of: fixture, "{}").status == 200)
            #expect(try await client.post("\(root)/price/resume", as: .editor, of: fixture).status == 200)
        }
    }

    @Test func `What is refused is told in whole sentences, and as it is`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            #expect(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            let paused = try await client.post("\(root)/checkout/pause", as: .editor, of: fixture).problem(409)
            #expect(paused == "Experiment 'checkout' is a draft, so it cannot be paused.")
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            #expect(try await editor.get("/experiments/checkout/pause").text.contains("is a draft, so this cannot be done"))
            // A variant to which no device came is no variant that can win, but was one.
            #expect(try await client.post("\(root)/checkout/start", as: .editor, of: fixture).status == 200)
            let variants = #"{"variants":[{"value":"old","weight":1},{"value":"newer","weight":1}]}"#
            #expect(try await client.put("\(root)/checkout/variants", as: .editor, of: fixture, variants).status == 200)
            let finish = try await client.post("\(root)/checkout/finish", as: .editor, of: fixture, #"{"winner":"new"}"#).problem(422)
            #expect(finish == "'new' is no variant that devices of experiment 'checkout' were or are dealt, so it cannot win.")
        }
    }

    static let refused: [(body: String, status: Int, says: String)] = [
        (#"{"key":"a b","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#, 422, "a b"),
        (#"{"key":"a","variants":[{"value":"a","weight":1}]}"#, 422, "2 to 100"),
        (#"{"key":"a","variants":[{"value":"a","weight":1},{"value":"a","weight":1}]}"#, 422, "Two variants"),
        (#"{"key":"a","variants":[{"value":"a","weight":1},{"value":"b","weight":0}]}"#, 422, "positive"),
        (#"{"key":"a","variants":[{"value":"a","weight":1},{"value":"b","weight":-5}]}"#, 422, "positive"),
        (#"{"key":"a","variants":[{"value":"a","weight":1e9},{"value":"b","weight":1}]}"#, 422, "fewer digits"),
        (#"{"key":"a","variants":[{"value":"","weight":1},{"value":"b","weight":1}]}"#, 422, "variant 1"),
        (#"{"key":"a","variants":[{"value":"a","weight":"1"},{"value":"b","weight":1}]}"#, 422, "weight"),
        (#"{"key":"a"}"#, 422, "variants"),
        (#"{"key":"a","wieght":1,"variants":[]}"#, 422, "wieght"),
        (#"{"key":"#, 400, "line 1"),
    ]

    @Test(arguments: refused.indices)
    func `A body that breaks a rule is refused with what to mend`(_ index: Int) async throws {
        let (body, status, says) = ExperimentAPITests.refused[index]
        try await Fixture.both(.empty) { fixture, client async throws in
            let detail = try await client.post(root, as: .editor, of: fixture, body).problem(status)
            #expect(detail.contains(says), "\(detail)")
            #expect(fixture.registry.catalogue.experiments.isEmpty)
        }
    }

    @Test func `A body must be JSON by name`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let headers = fixture.headers(.editor) + [("Content-Type", "text/plain")]
            let response = try await client.send(TestRequest("POST", root, headers: headers, body: Array(draft.utf8)))
            _ = try response.problem(415)
        }
    }
}

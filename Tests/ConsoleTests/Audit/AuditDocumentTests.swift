import Console
import Enrollment
import Experiments
import HTTPServerTesting
import Testing

@Suite struct AuditDocumentTests {
    @Test func `Times before and after are told as all others, and nothing else is touched`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let root = "/api/v1/admin/experiments"
            let targeting = #"{"created":{"at least":1700000000000},"started":7}"#
            let draft = #"{"key":"one","variants":[{"value":"a","weight":33.3},{"value":"b","weight":0.1}],"targeting":\#(targeting)}"#
            #expect(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            for change in ["start", "finish"] {
                #expect(try await client.post("\(root)/one/\(change)", as: .editor, of: fixture).status == 200)
            }
            #expect(
                try await client.post("/api/v1/admin/holdouts", as: .editor, of: fixture, #"{"name":"h","percent":50}"#).status == 201)
            _ = try await fixture.registry.change(actor: "test", action: "release") { catalogue, context in
                try catalogue.releaseHoldout(ExperimentKey("h"), at: context.nextOrdinal, now: context.now)
            }
            // As it was stored before, and is stored.
            let stored = try await fixture.registry.auditLog(AuditQuery(subject: "one"))
            #expect(stored.first?.after?.contains(#""finished":1"#) == true)

            let shown = try await client.get("\(root)/one", headers: fixture.headers(.viewer))
            let (experiment, log) = (try shown.object(), try await client.get("/api/v1/admin/audit", headers: fixture.headers(.viewer)))
            let entries = try #require(try log.object()["entries"] as? [[String: Any]])
            let last = try #require(entries.first { $0["action"] as? String == "finish" }?["after"] as? [String: Any])
            for name in ["created", "started", "finished"] {
                let time = try #require(last[name] as? String)
                #expect(time == experiment[name] as? String && time.hasSuffix("Z"))
            }
            let epoch = try #require((last["epochs"] as? [[String: Any]])?.first)
            #expect((epoch["decided"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(log.text.contains(#""targeting":\#(targeting)"#), "an attribute of that name is no time")
            #expect(log.text.contains(#""weight":33.3"#) && log.text.contains(#""weight":0.1"#))
            let release = try #require(entries.first { $0["action"] as? String == "release" }?["after"] as? [String: Any])
            #expect(((release["released"] as? [String: Any])?["time"] as? String)?.hasSuffix("Z") == true)

            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            for path in ["/audit", "/experiments/one/audit"] {
                let page = try await viewer.get(path).text
                #expect(page.contains("&quot;finished&quot; : &quot;20") || page.contains("\"finished\" : \"20"), "\(page)")
            }
        }
    }
}

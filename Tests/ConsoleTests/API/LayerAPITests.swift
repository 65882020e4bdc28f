import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

private let root = "/api/v1/admin"

@Suite struct LayerAPITests {
    private func draft(_ key: String, _ more: String) -> String {
        #"{"key":"\#(key)","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],\#(more)}"#
    }

    @Test func `Experiments of a layer share its devices, and each tells why`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let made = try await client.post("\(root)/layers", as: .editor, of: fixture, #"{"name":"checkout","slots":10}"#)
            #expect(made.status == 201 && made.headers["Location"] == "\(root)/layers/checkout" && !made.text.contains("secret"))
            for (key, slots) in [("one", 4), ("two", 6)] {
                let body = draft(key, #""layer":{"name":"checkout","slots":\#(slots)}"#)
                #expect(try await client.post("\(root)/experiments", as: .editor, of: fixture, body).status == 201)
                #expect(try await client.post("\(root)/experiments/\(key)/start", as: .editor, of: fixture).status == 200)
            }
            var counts = ["one": 0, "two": 0]
            for number in 0..<50 {
                let values = try await client.values("device-\(number)")
                #expect(values.count == 1)
                for key in values.keys { counts[key, default: 0] += 1 }
                for key in ["one", "two"] {
                    let target = "\(root)/explain?experiment=\(key)&device=device-\(number)"
                    let explained = try await client.get(target, headers: fixture.headers(.viewer)).object()
                    #expect(explained["reason"] as? String == (values[key] == nil ? "other_slot" : "dealt"))
                    #expect(explained["value"] as? String == values[key])
                    let slots = try #require((explained["layer"] as? [String: Any])?["slots"] as? [Int])
                    #expect(slots.contains(try #require(explained["slot"] as? Int)) == (values[key] != nil))
                }
            }
            #expect(counts == ["one": 20, "two": 30])
            let statistics = try await client.get("/api/v1/statistics").object()
            let experiments = try #require(statistics["experiments"] as? [[String: Any]])
            #expect(experiments.map { $0["devices"] as? Int } == [20, 30])
            #expect(experiments.allSatisfy { $0["balanced"] as? Bool == true })
            let shown = try await client.get("\(root)/layers/checkout", headers: fixture.headers(.viewer)).object()
            #expect(shown["free"] as? Int == 0)
            #expect((shown["experiments"] as? [[String: Any]])?.map { $0["key"] as? String } == ["one", "two"])
        }
    }

    @Test func `A holdout keeps its devices out, and tells so`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let made = try await client.post("\(root)/holdouts", as: .editor, of: fixture, #"{"name":"global","percent":20}"#)
            #expect(made.status == 201 && !made.text.contains("secret"))
            let layer = #"{"name":"checkout","slots":2,"holdout":"global"}"#
            #expect(try await client.post("\(root)/layers", as: .editor, of: fixture, layer).status == 201)
            for (key, more) in [("alone", #""holdout":"global""#), ("half", #""layer":{"name":"checkout","slots":1}"#)] {
                #expect(try await client.post("\(root)/experiments", as: .editor, of: fixture, draft(key, more)).status == 201)
                #expect(try await client.post("\(root)/experiments/\(key)/start", as: .editor, of: fixture).status == 200)
            }
            var (held, half) = (0, 0)
            for number in 0..<50 {
                let values = try await client.values("device-\(number)")
                let target = "\(root)/explain?experiment=half&device=device-\(number)"
                let reason = try await client.get(target, headers: fixture.headers(.viewer)).object()["reason"] as? String
                if values.isEmpty { held += 1 }
                if values["half"] != nil { half += 1 }
                #expect(reason == (values.isEmpty ? "held_out" : values["half"] == nil ? "other_slot" : "dealt"))
            }
            #expect((held, half) == (10, 20))
            let shown = try await client.get("\(root)/holdouts/global", headers: fixture.headers(.viewer)).object()
            #expect(shown["layers"] as? [String] == ["checkout"])
            #expect(shown["experiments"] as? [String] == ["alone", "half"])
        }
    }

    @Test func `A holdout ends by an administrator who has seen what it means, once, and every answer tells`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            #expect(try await client.post("\(root)/holdouts", as: .editor, of: fixture, #"{"name":"global","percent":20}"#).status == 201)
            for key in ["won", "running"] {
                #expect(
                    try await client.post("\(root)/experiments", as: .editor, of: fixture, draft(key, #""holdout":"global""#)).status == 201
                )
                #expect(try await client.post("\(root)/experiments/\(key)/start", as: .editor, of: fixture).status == 200)
            }
            for number in 0..<20 { _ = try await client.values("device-\(number)") }
            let path = "\(root)/holdouts/global/release"
            let first = try await client.get(path, headers: fixture.headers(.viewer)).object()
            #expect(first["devices"] as? Int == 4 && (first["winners"] as? [Any])?.isEmpty == true && first["released"] is NSNull)
            #expect(first["running"] as? [String] == ["won", "running"])
            #expect(try await client.post("\(root)/experiments/won/finish", as: .editor, of: fixture, #"{"winner":"b"}"#).status == 200)
            let before = try await values(client)
            #expect(before.count { $0.isEmpty } == 4)

            func release(_ confirm: Any?, as role: AccessRole = .admin) async throws -> TestResponse {
                let body = confirm.map { #"{"confirm":"\#($0)"}"# } ?? "{}"
                return try await client.post(path, as: role, of: fixture, body)
            }
            // What was seen first is not what it means by now; and editors may not.
            #expect(try await release(first["confirm"]).problem(409).contains("Nothing was done"))
            let second = try await client.get(path, headers: fixture.headers(.viewer)).object()
            let winners = try #require(second["winners"] as? [[String: Any]])
            #expect(winners.map { $0["experiment"] as? String } == ["won"] && winners.first?["devices"] as? Int == 4)
            _ = try await release(second["confirm"], as: .editor).problem(403)
            _ = try await release(nil).problem(422)
            #expect(try await values(client) == before)
            let done = try await release(second["confirm"])
            #expect(done.status == 200, "\(done.text)")
            #expect((try done.object()["released"] as? [String: Any])?["ordinal"] as? Int == 20)
            #expect(try await release(second["confirm"]).problem(409).contains("released"))

            let after = try await values(client)
            for (had, has) in zip(before, after) { #expect(has == (had.isEmpty ? ["won": "b"] : had)) }
            let held = try #require(before.firstIndex { $0.isEmpty })
            for (key, reason, words) in [("won", "winner", "was released on"), ("running", "held_out", "goes on without the device")] {
                let target = "\(root)/explain?experiment=\(key)&device=device-\(held)"
                let explained = try await client.get(target, headers: fixture.headers(.viewer)).object()
                #expect(explained["reason"] as? String == reason && explained["holdoutReleased"] is String)
                #expect((explained["explanation"] as? String)?.contains(words) == true)
            }
            #expect(
                try await client.post("\(root)/experiments", as: .editor, of: fixture, draft("late", #""holdout":"global""#)).problem(409)
                    .contains("was released"))
            #expect(
                try await client.post("\(root)/layers", as: .editor, of: fixture, #"{"name":"l","holdout":"global"}"#).problem(409)
                    .contains("was released"))
            _ = try await client.get("\(root)/holdouts/x/release", headers: fixture.headers(.viewer)).problem(404)
            #expect(try await client.post("\(root)/holdouts/x/release", as: .admin, of: fixture, #"{"confirm":""}"#).status == 404)
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "holdout/global"))
            #expect(log.map(\.action) == ["release", "create"] && log.first?.actor == "the-admin")
        }
    }

    private func values(_ client: any TestClient) async throws -> [[String: String]] {
        var values: [[String: String]] = []
        for number in 0..<20 { values.append(try await client.values("device-\(number)")) }
        return values
    }

    @Test func `What breaks a rule is refused with what to mend`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            func refused(_ path: String, _ body: String, _ status: Int, _ says: String) async throws {
                let detail = try await client.post("\(root)/\(path)", as: .editor, of: fixture, body).problem(status)
                #expect(detail.contains(says), "\(detail)")
            }
            #expect(try await client.post("\(root)/layers", as: .editor, of: fixture, #"{"name":"l"}"#).status == 201)
            #expect(try await client.post("\(root)/holdouts", as: .editor, of: fixture, #"{"name":"h","percent":50}"#).status == 201)
            try await refused("layers", #"{"name":"l"}"#, 409, "'l' already")
            try await refused("layers", #"{"name":"m","slots":500}"#, 422, "128")
            try await refused("layers", #"{"name":"m","slots":-1}"#, 422, "slots")
            try await refused("layers", #"{"name":"m","holdout":"x"}"#, 422, "'x'")
            try await refused("layers", #"{"name":"a b"}"#, 422, "a b")
            try await refused("holdouts", #"{"name":"h","percent":5}"#, 409, "'h' already")
            try await refused("holdouts", #"{"name":"i","percent":0.1}"#, 422, "128")
            try await refused("experiments", draft("e", #""layer":{"name":"x","slots":1}"#), 422, "'x'")
            try await refused("experiments", draft("e", #""layer":{"name":"l","slots":0}"#), 422, "1 to 100")
            try await refused("experiments", draft("e", #""layer":{"name":"l","slots":-3}"#), 422, "1 to 100")
            try await refused("experiments", draft("e", #""layer":{"name":"l","slots":1},"holdout":"h""#), 422, "holdout")
            try await refused("experiments", draft("e", #""holdout":"x""#), 422, "'x'")
            let first = draft("e", #""layer":{"name":"l","slots":60}"#)
            #expect(try await client.post("\(root)/experiments", as: .editor, of: fixture, first).status == 201)
            try await refused("experiments", draft("f", #""layer":{"name":"l","slots":41}"#), 409, "40 free slots")
            func delete(_ path: String) async throws -> TestResponse {
                try await client.send(TestRequest("DELETE", "\(root)/\(path)", headers: fixture.headers(.editor)))
            }
            #expect(try await delete("layers/l").problem(409).contains("'e'"))
            _ = try await delete("layers/x").problem(404)
            _ = try await delete("holdouts/x").problem(404)
            #expect(try await delete("holdouts/h").status == 204)
            #expect(try await delete("experiments/e").status == 204)
            #expect(try await delete("layers/l").status == 204)
            _ = try await client.get("\(root)/layers/l", headers: fixture.headers(.viewer)).problem(404)
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "layer/l"))
            #expect(log.map(\.action) == ["delete", "create"])
            #expect(
                log.allSatisfy { $0.actor == "the-editor" && $0.before?.contains("secret") != true && $0.after?.contains("secret") != true }
            )
        }
    }
}

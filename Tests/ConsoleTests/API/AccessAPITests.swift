import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct AccessAPITests {
    private let root = "/api/v1/admin/tokens"

    @Test func `A token is shown once, works, and is revoked`() async throws {
        try await Fixture.both { fixture, client async throws in
            let created = try await client.post(root, as: .admin, of: fixture, #"{"name":"grafana","role":"viewer"}"#)
            #expect(created.status == 201)
            let secret = try #require(try created.object()["token"] as? String)
            let bearer = [("Authorization", "Bearer \(secret)")]
            #expect(try await client.get("/api/v1/admin/experiments", headers: bearer).status == 200)
            #expect(try await client.get(root, headers: bearer).status == 403)

            let listed = try await client.get(root, headers: fixture.headers(.admin))
            #expect(listed.text.contains("grafana") && !listed.text.contains(secret))

            #expect(try await client.delete("\(root)/grafana", headers: fixture.headers(.admin)).status == 204)
            #expect(try await client.get("/api/v1/admin/experiments", headers: bearer).status == 401)
            _ = try await client.delete("\(root)/grafana", headers: fixture.headers(.admin)).problem(404)

            let audit = try await client.get("/api/v1/admin/audit?subject=grafana", headers: fixture.headers(.viewer))
            #expect(audit.text.contains("grant access") && audit.text.contains("revoke access") && !audit.text.contains(secret))
        }
    }

    @Test func `The last administrator cannot be shut out`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await client.delete("\(root)/the-admin", headers: fixture.headers(.admin)).problem(409).contains("last"))
            #expect(try await client.get(root, headers: fixture.headers(.admin)).status == 200)
        }
    }

    @Test func `Names are taken once and roles exist`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.post(root, as: .admin, of: fixture, #"{"name":"the-viewer","role":"viewer"}"#).problem(409)
            #expect(try await client.post(root, as: .admin, of: fixture, #"{"name":"x","role":"king"}"#).problem(422).contains("king"))
            _ = try await client.post(root, as: .admin, of: fixture, #"{"name":"a b","role":"viewer"}"#).problem(422)
        }
    }

    @Test func `The audit log is read page by page, the newest first`() async throws {
        try await Fixture.both { fixture, client async throws in
            for change in ["pause", "resume", "pause"] {
                #expect(try await client.post("/api/v1/admin/experiments/price/\(change)", as: .editor, of: fixture).status == 200)
            }
            func page(_ query: String) async throws -> [[String: Any]] {
                let response = try await client.get("/api/v1/admin/audit?subject=price&\(query)", headers: fixture.headers(.viewer))
                return try #require(try response.object()["entries"] as? [[String: Any]])
            }
            let newest = try await page("limit=2")
            #expect(newest.map { $0["action"] as? String } == ["pause", "resume"])
            let oldest = try #require(newest.last?["id"] as? Int)
            let rest = try await page("before=\(oldest)")
            #expect(rest.map { $0["action"] as? String } == ["pause", "begin"])
            for query in ["limit=0", "limit=1001", "limit=x", "before=x"] {
                _ = try await client.get("/api/v1/admin/audit?\(query)", headers: fixture.headers(.viewer)).problem(400)
            }
        }
    }
}

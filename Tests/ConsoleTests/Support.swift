import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import Testing

// A console over a registry in memory, with a token for each role.
final class Fixture: Sendable {
    let registry: Registry
    let console: Console
    let tokens: [AccessRole: AccessToken]

    init(_ catalogue: Catalogue? = nil, registry: Registry? = nil, options: Console.Options = Console.Options()) async throws {
        let registry = try registry ?? Registry(MemoryStore())
        self.registry = registry
        console = Console(registry: registry, measurements: Measurements(), options: options)
        var tokens: [AccessRole: AccessToken] = [:]
        for role in AccessRole.allCases {
            let token = AccessToken.random()
            try await registry.grantAccess(to: "the-\(role.rawValue)", as: role, token: token, actor: "test")
            tokens[role] = token
        }
        self.tokens = tokens
        try await registry.change(actor: "test", action: "begin") { records, context in
            records = try catalogue ?? .examples(now: context.now)
        }
    }

    // Runs the same body in process and over sockets.
    static func both(
        _ catalogue: Catalogue? = nil, options: Console.Options = Console.Options(),
        _ body: @Sendable (Fixture, any TestClient) async throws -> Void
    ) async throws {
        let inProcess = try await Fixture(catalogue, options: options)
        try await body(inProcess, InProcessClient(inProcess.console.router))
        inProcess.registry.close()

        let live = try await Fixture(catalogue, options: options)
        let server = try Server.start(live.console.router, logger: .silent)
        do {
            try await body(live, LiveClient(port: server.port))
        } catch {
            await server.stop(grace: .seconds(1))
            throw error
        }
        await server.stop(grace: .seconds(1))
        live.registry.close()
    }

    func headers(_ role: AccessRole) -> [(String, String)] {
        [("Authorization", "Bearer \(tokens[role]?.secret ?? "")")]
    }
}

extension TestClient {
    func device(_ token: String, headers: [(String, String)] = []) async throws -> TestResponse {
        try await get("/api/v1/experiments", headers: [("Device-Token", token)] + headers)
    }

    func values(_ token: String) async throws -> [String: String] {
        let response = try await device(token)
        #expect(response.status == 200)
        return try response.json([String: String].self)
    }

    func post(_ target: String, as role: AccessRole, of fixture: Fixture, _ json: String = "") async throws -> TestResponse {
        guard !json.isEmpty else { return try await send(TestRequest("POST", target, headers: fixture.headers(role))) }
        return try await post(target, json: json, headers: fixture.headers(role))
    }

    func put(_ target: String, as role: AccessRole, of fixture: Fixture, _ json: String) async throws -> TestResponse {
        let headers = fixture.headers(role) + [("Content-Type", "application/json")]
        return try await send(TestRequest("PUT", target, headers: headers, body: Array(json.utf8)))
    }
}

extension TestResponse {
    // The JSON object as Foundation reads it.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    // Expects a problem of a status and returns what it tells.
    func problem(_ status: Int, _ location: SourceLocation = #_sourceLocation) throws -> String {
        #expect(self.status == status, "\(text)", sourceLocation: location)
        #expect(headers["Content-Type"] == "application/problem+json", sourceLocation: location)
        let problem = try object()
        #expect(problem["status"] as? Int == status, sourceLocation: location)
        return try #require(problem["detail"] as? String, sourceLocation: location)
    }
}

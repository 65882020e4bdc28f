import HTTPServerTesting
import Testing

// Somebody who may change experiments, over HTTP.
struct Operator: Sendable {
    let client: LiveClient
    let token: String

    private var bearer: (String, String) { ("Authorization", "Bearer \(token)") }

    func get(_ target: String) async throws -> TestResponse { try await client.get(target, headers: [bearer]) }

    func delete(_ target: String) async throws -> TestResponse { try await client.delete(target, headers: [bearer]) }

    func send(_ method: String, _ target: String, json: String = "") async throws -> TestResponse {
        let type = json.isEmpty ? [] : [("Content-Type", "application/json")]
        return try await client.send(TestRequest(method, target, headers: [bearer] + type, body: Array(json.utf8)))
    }

    // Makes a draft.
    func create(_ key: String, _ variants: [(String, Double)], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let json = "{\"key\":\(key.asJSON),\"variants\":\(Operator.json(variants))}"
        let response = try await send("POST", "/api/v1/admin/experiments", json: json)
        try #require(response.status == 201, "\(response.text)", sourceLocation: sourceLocation)
    }

    // Starts, pauses, resumes or finishes an experiment.
    func change(_ key: String, _ change: String, json: String = "", sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let response = try await send("POST", "/api/v1/admin/experiments/\(key)/\(change)", json: json)
        try #require(response.status == 200, "\(response.text)", sourceLocation: sourceLocation)
    }

    // Gives an experiment other variants and weights.
    func change(_ key: String, to variants: [(String, Double)], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let json = "{\"variants\":\(Operator.json(variants))}"
        let response = try await send("PUT", "/api/v1/admin/experiments/\(key)/variants", json: json)
        try #require(response.status == 200, "\(response.text)", sourceLocation: sourceLocation)
    }

    private static func json(_ variants: [(String, Double)]) -> String {
        "[" + variants.map { "{\"value\":\($0.asJSON),\"weight\":\($1)}" }.joined(separator: ",") + "]"
    }
}

extension GossetProcess {
    // Whoever holds the token that was shown at the first start.
    var admin: Operator { Operator(client: client, token: adminToken) }
}

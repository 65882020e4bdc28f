import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct GateTests {
    @Test func `Every admin route wants a token, and one of sufficient role`() async throws {
        try await Fixture.both { fixture, client async throws in
            for endpoint in fixture.console.endpoints where endpoint.path.hasPrefix("/api/v1/admin") {
                guard case .bearer(let role, _) = endpoint.handler else {
                    Issue.record("\(endpoint.path) lets anybody in")
                    continue
                }
                let path = endpoint.path.replacing("{key}", with: "price").replacing("{name}", with: "the-viewer")
                let bare = try await client.send(TestRequest(endpoint.method.rawValue, path))
                _ = try bare.problem(401)
                #expect(bare.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
                for lower in AccessRole.allCases where lower < role {
                    let response = try await client.send(TestRequest(endpoint.method.rawValue, path, headers: fixture.headers(lower)))
                    #expect(try response.problem(403).contains(role.rawValue))
                }
            }
            #expect(fixture.registry.catalogue.experiments.map(\.state) == [.running, .running])
        }
    }

    @Test(arguments: ["Bearer", "Bearer ", "Bearer wrong", "Basic dXNlcjpwYXNz", "bearer", "Bearer  "])
    func `Anything but a valid token is 401`(_ header: String) async throws {
        try await Fixture.both { _, client async throws in
            let response = try await client.get("/api/v1/admin/experiments", headers: [("Authorization", header)])
            _ = try response.problem(401)
        }
    }

    @Test func `The scheme matches in any case, the token only as it is`() async throws {
        try await Fixture.both { fixture, client async throws in
            let secret = fixture.tokens[.viewer]?.secret ?? ""
            #expect(try await client.get("/api/v1/admin/experiments", headers: [("Authorization", "bEaReR \(secret)")]).status == 200)
            let response = try await client.get("/api/v1/admin/experiments", headers: [("Authorization", "Bearer \(secret.uppercased())")])
            #expect(response.status == 401)
        }
    }
}

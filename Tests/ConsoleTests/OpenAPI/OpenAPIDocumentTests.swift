import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct OpenAPIDocumentTests {
    @Test func `The document covers every route but assets, and every reference leads somewhere`() async throws {
        try await Fixture.both { fixture, client async throws in
            let response = try await client.get("/openapi.json")
            let document = try response.object()
            #expect(document["openapi"] as? String == "3.1.0")
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            for (method, pattern) in fixture.console.router.endpoints where !pattern.hasPrefix("/assets/") {
                #expect(paths[pattern]?[method.rawValue.lowercased()] != nil, "\(method) \(pattern)")
            }
            let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
            let references = response.text.matches(of: /"\$ref":"#\/components\/schemas\/([A-Za-z]+)"/).map { String($0.1) }
            #expect(references.count > 30)
            for name in references { #expect(schemas[name] != nil, "\(name)") }
            #expect(Set(schemas.keys).subtracting(references).isEmpty)
        }
    }

    @Test func `Operations are named once and each tells its errors`() async throws {
        let fixture = try await Fixture()
        #expect(Set(fixture.console.endpoints.map(\.operation.id)).count == fixture.console.endpoints.count)
        let document = try await InProcessClient(fixture.console.router).get("/openapi.json").object()
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        for (path, operations) in paths {
            for (method, operation) in operations {
                let responses = try #require(operation["responses"] as? [String: Any])
                #expect(responses["500"] != nil && responses["503"] != nil)
                if path.hasPrefix("/api/v1/admin") { #expect(responses["401"] != nil && responses["403"] != nil, "\(method) \(path)") }
                let named = (operation["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "path" }
                #expect(named.count == path.count(where: { $0 == "{" }), "\(method) \(path)")
            }
        }
    }
}

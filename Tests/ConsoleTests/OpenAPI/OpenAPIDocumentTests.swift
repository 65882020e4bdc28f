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

    @Test func `What the page of sample sizes is asked is in the document, with examples that it answers`() async throws {
        try await Fixture.both { _, client async throws in
            let paths = try #require(try await client.get("/openapi.json").object()["paths"] as? [String: [String: [String: Any]]])
            let parameters = try #require(paths["/plan"]?["get"]?["parameters"] as? [[String: Any]])
            let page = try await client.get("/plan").text
            let form = try #require(page.firstMatch(of: /(?s)<form class="ask plan".*?<\/form>/)).0
            #expect(Set(parameters.compactMap { $0["name"] as? String }) == Set(form.matches(of: /name="([a-z]+)"/).map { String($0.1) }))
            let query = parameters.map { "\($0["name"] ?? "")=\(PercentEncoding.encode($0["example"] as? String ?? ""))" }
            let answered = try await client.get("/plan?" + query.joined(separator: "&"))
            #expect(answered.status == 200 && answered.text.contains("id=\"answer\""))
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

import Enrollment
import HTTPServer
package import Text

/// The document at `/openapi.json`, made from the endpoints that the router is made from.
package struct OpenAPIDocument {
    let endpoints: [Endpoint]
    let version: String

    /// The document, OpenAPI 3.1.
    package var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Gosset", "version": .string(version),
                "summary": "Experiments that a team owns: who gets which variant, and whether it worked.",
                "description": .string(OpenAPIDocument.description),
            ],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer", "description": "An access token: `gosset_…`"],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": "gosset_session",
                        "description": "The cookie that `POST /sign-in` gives; over HTTPS its name is `__Host-gosset_session`.",
                    ],
                ],
                "schemas": .object(schemas),
                "responses": .object(Operation.common.map { ($0.name, Operation.problem($0.text)) }),
            ],
        ]
    }

    private static let description = """
        Every error is `application/problem+json` (RFC 9457). Every route that answers GET answers HEAD as well. A path that is none of \
        these gets 404, a method that a path does not have 405.
        """

    /// Those of what is served.
    private var schemas: [(String, JSONValue)] {
        let tags = Set(endpoints.map(\.operation.tag))
        return Schemas.all + (tags.contains("Spending") ? Schemas.spending : []) + (tags.contains("Events") ? Schemas.events : [])
    }

    /// In the order of their first endpoint, with the pages last: they are for people.
    private var tags: [String] {
        var tags: [String] = []
        for endpoint in endpoints where !tags.contains(endpoint.operation.tag) { tags.append(endpoint.operation.tag) }
        return tags.filter { $0 != "Pages" } + ["Pages"]
    }

    private var paths: [(String, JSONValue)] {
        var paths: [(path: String, operations: [(String, JSONValue)])] = []
        for endpoint in endpoints {
            let operation = (endpoint.method.rawValue.lowercased(), endpoint.operation.json(for: endpoint.access))
            if let index = paths.firstIndex(where: { $0.path == endpoint.path }) {
                paths[index].operations.append(operation)
            } else {
                paths.append((endpoint.path, [operation]))
            }
        }
        return paths.map { ($0.path, .object($0.operations)) }
    }
}

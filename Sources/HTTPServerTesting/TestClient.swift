internal import Foundation
package import HTTPServer

/// Sends requests and reads responses.
///
/// A test written against it runs in process and against a live server.
package protocol TestClient: Sendable {
    func send(_ request: TestRequest) async throws -> TestResponse
}

package struct TestRequest: Sendable {
    package var method: String
    /// Path and query, percent-encoded.
    package var target: String
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

package struct TestResponse: Sendable {
    package let status: Int
    package let headers: Headers
    package let body: [UInt8]

    package init(status: Int, headers: Headers, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as text, with its no-break spaces, by which pages hold numbers and units together, read as spaces.
    package var text: String {
        String(decoding: body, as: UTF8.self).replacing("\u{A0}", with: " ")
    }

    package func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}

extension TestClient {
    package func get(_ target: String, headers: [(String, String)] = []) async throws -> TestResponse {
        try await send(TestRequest("GET", target, headers: headers))
    }

    package func delete(_ target: String, headers: [(String, String)] = []) async throws -> TestResponse {
        try await send(TestRequest("DELETE", target, headers: headers))
    }

    /// Posts JSON text.
    package func post(_ target: String, json: String, headers: [(String, String)] = []) async throws -> TestResponse {
        try await send(TestRequest("POST", target, headers: headers + [("Content-Type", "application/json")], body: Array(json.utf8)))
    }

    /// Posts the text of a form, such as `a=1&b=2`.
    package func post(_ target: String, form: String, headers: [(String, String)] = []) async throws -> TestResponse {
        let type = ("Content-Type", "application/x-www-form-urlencoded")
        return try await send(TestRequest("POST", target, headers: headers + [type], body: Array(form.utf8)))
    }
}

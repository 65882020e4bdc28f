import Foundation
package import HTTPClient
package import Text

/// What an app does: asks for its device's variants, and tells what happened.
package final class AudienceClient: Sendable {
    /// Why a server could not be asked, or what it answered instead.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let base: String
    private let client: HTTPClient

    /// - Parameter url: `http://host:port`, without a path.
    /// - Throws: ``Failure`` if it is none.
    package init(_ url: String, connections: Int = 16) throws(Failure) {
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme), parsed.host != nil,
            ["", "/"].contains(parsed.path), parsed.query == nil
        else { throw Failure(description: "'\(url)' is not the address of a server, such as http://127.0.0.1:8080") }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        client = HTTPClient(connections: connections)
    }

    /// The values that a device is given, by experiment.
    package func variants(of token: String) async throws(Failure) -> [String: String] {
        let answer = try await patiently("GET", "/api/v1/experiments", headers: [("Device-Token", token)])
        guard answer.status == 200, let values = try? JSONDecoder().decode([String: String].self, from: Data(answer.body)) else {
            throw unexpected(answer)
        }
        return values
    }

    /// Tells events, and returns when the server has them on its disk.
    package func tell(_ events: [JSONValue]) async throws(Failure) {
        guard !events.isEmpty else { return }
        let answer = try await patiently(
            "POST", "/api/v1/events", headers: [("Content-Type", "application/json")], body: JSONValue.array(events).description)
        guard answer.status == 202 else { throw unexpected(answer) }
    }

    /// Sends a request and returns what is answered, whatever the status.
    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: String? = nil
    ) async throws(Failure) -> HTTPAnswer {
        do {
            return try await client.send(HTTPCall(method, base + path, headers: headers, body: body.map { Array($0.utf8) }))
        } catch {
            throw Failure(description: "\(base) does not answer: \(error)")
        }
    }

    /// Asks again while the server says that it cannot just now, for half a minute at most.
    private func patiently(
        _ method: String, _ path: String, headers: [(String, String)], body: String? = nil
    ) async throws(Failure) -> HTTPAnswer {
        for _ in 0..<60 {
            let answer = try await send(method, path, headers: headers, body: body)
            guard answer.status == 503 else { return answer }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { throw Failure(description: "it was called off") }
        }
        throw Failure(description: "\(base) has been unable to take \(method) \(path) for half a minute")
    }

    private func unexpected(_ answer: HTTPAnswer) -> Failure {
        Failure(description: "\(base) answered \(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))")
    }
}

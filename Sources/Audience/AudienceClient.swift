package import Foundation
import FoundationNetworking
package import Text

/// What an app does: asks for its device's variants, and tells what happened.
package final class AudienceClient: Sendable {
    /// Why a server could not be asked, or what it answered instead.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// An answer.
    package struct Answer: Sendable {
        package let status: Int
        package let body: Data
    }

    private let base: String
    private let session: URLSession

    /// - Parameter url: `http://host:port`, without a path.
    /// - Throws: ``Failure`` if it is none.
    package init(_ url: String, connections: Int = 16) throws(Failure) {
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme), parsed.host != nil,
            ["", "/"].contains(parsed.path), parsed.query == nil
        else { throw Failure(description: "'\(url)' is not the address of a server, such as http://127.0.0.1:8080") }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = connections
        configuration.timeoutIntervalForRequest = 30
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        session = URLSession(configuration: configuration)
    }

    deinit { session.invalidateAndCancel() }

    /// The values that a device is given, by experiment.
    package func variants(of token: String) async throws(Failure) -> [String: String] {
        let answer = try await patiently("GET", "/api/v1/experiments", headers: [("Device-Token", token)])
        guard answer.status == 200, let values = try? JSONDecoder().decode([String: String].self, from: answer.body) else {
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
    ) async throws(Failure) -> Answer {
        guard let url = URL(string: base + path) else { throw Failure(description: "'\(path)' is no path") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        do {
            let (data, response) = try await session.data(for: request)
            return Answer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: data)
        } catch {
            throw Failure(description: "\(base) does not answer: \(error.localizedDescription)")
        }
    }

    /// Asks again while the server says that it cannot just now, for half a minute at most.
    private func patiently(
        _ method: String, _ path: String, headers: [(String, String)], body: String? = nil
    ) async throws(Failure) -> Answer {
        for _ in 0..<60 {
            let answer = try await send(method, path, headers: headers, body: body)
            guard answer.status == 503 else { return answer }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { throw Failure(description: "it was called off") }
        }
        throw Failure(description: "\(base) has been unable to take \(method) \(path) for half a minute")
    }

    private func unexpected(_ answer: Answer) -> Failure {
        Failure(description: "\(base) answered \(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))")
    }
}

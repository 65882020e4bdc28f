import HTTPClient

/// Asks a server about tests, one after the other over one connection.
struct CheckClient {
    /// Why the server could not be asked, or what it answered instead.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let url: String
    private let connection = HTTPConnection()

    /// - Parameter url: `http://host:port`.
    init(_ url: String) throws(UsageError) {
        guard let parts = url.wholeMatch(of: /https?:\/\/[^\/?#\s]+(\/?)/) else {
            throw UsageError("--url must be http://HOST:PORT, not '\(url)'")
        }
        self.url = String(url.dropLast(parts.1.count))
    }

    /// What the server says of a test.
    func hasEffect(_ test: [UInt8]) throws(Failure) -> Bool {
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try connection.send(
                HTTPCall("POST", url + "/check_test", headers: [("Content-Type", "application/json")], body: test))
        } catch {
            throw Failure(description: "\(url): \(error)")
        }
        let body = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw Failure(description: "\(url) answered \(answer.status): \(body.prefix(300))") }
        if body.contains("\"has_effect\":1") { return true }
        guard body.contains("\"has_effect\":0") else {
            throw Failure(description: "\(url) answered what was not expected: \(body.prefix(300))")
        }
        return false
    }
}

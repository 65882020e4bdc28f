package import Experiments
import Foundation
import HTTPClient
import Text

/// Somebody's own server, told by a signed POST of JSON.
///
/// `Gosset-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of the seconds, a dot and the body; `Gosset-Event` is the same whenever the same
/// event is sent again.
package struct WebhookSender: Sender {
    private let url: URL
    private let key: [UInt8]
    private let client: HTTPClient
    private let now: @Sendable () -> Timestamp

    /// - Parameter secret: what the receiver knows as well, 16 characters or more.
    /// - Returns: nil if the address is none, or the secret too short.
    package init?(
        url: String, secret: String, patienceSeconds: Double = 30, now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        guard let url = URL(string: url), url.scheme == "https" || url.scheme == "http", url.host != nil, secret.utf8.count >= 16 else {
            return nil
        }
        self.url = url
        key = Array(secret.utf8)
        client = HTTPClient(patienceSeconds: patienceSeconds)
        self.now = now
    }

    /// Without the query, which may hold a secret.
    package var name: String { "webhook:\(url.scheme ?? "")://\(url.host ?? "")\(url.port.map { ":\($0)" } ?? "")\(url.path)" }

    package func send(_ notice: Notice, event: String) async -> DeliveryOutcome {
        let body = Array(Self.json(notice, event: event).description.utf8)
        let seconds = now().milliseconds / 1000
        let signature = Signature.hmacSHA256(Array("\(seconds).".utf8) + body, key: key)
        let headers = [
            ("Content-Type", "application/json"), ("Gosset-Event", event), ("Gosset-Signature", "t=\(seconds),v1=\(signature)"),
        ]
        do throws(HTTPFailure) {
            return Self.outcome(try await client.send(HTTPCall("POST", url.absoluteString, headers: headers, body: body)))
        } catch {
            return .failed(reason: "Webhook: \(error)")
        }
    }

    private static func json(_ notice: Notice, event: String) -> JSONValue {
        let table: JSONValue =
            notice.table.map { table in
                [
                    "headings": .array(table.headings.map { .string($0) }),
                    "rows": .array(table.rows.map { .array($0.map { .string($0) }) }),
                ]
            } ?? .null
        return [
            "event": .string(event), "title": .string(notice.title),
            "paragraphs": .array(notice.paragraphs.map { .string($0) }), "table": table,
            "chart": notice.chart.map { .encoded($0) } ?? .null,
        ]
    }

    private static func outcome(_ answer: HTTPAnswer) -> DeliveryOutcome {
        switch answer.status {
        case 200...299: .delivered
        case 429, 503:
            answer.retryAfter.map { .throttled(seconds: max(1, $0)) } ?? .failed(reason: "Webhook: answered \(answer.status)")
        case 408, 425, 500...: .failed(reason: "Webhook: answered \(answer.status)")
        default: .refused(reason: "Webhook: answered \(answer.status)")
        }
    }
}

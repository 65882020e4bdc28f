import Foundation
import HTTPServer
import Logging
import Notifications
import Synchronization
import Testing

@Suite struct WebhookSenderTests {
    private struct Call: Sendable {
        let headers: [String: String]
        let body: [UInt8]
    }

    private func withHook(_ answer: Response, _ body: (String, Box) async throws -> Void) async throws {
        let box = Box()
        var router = Router()
        router.post("/hook") { request in
            let call = Call(
                headers: [
                    "type": try request.header("Content-Type") ?? "", "event": try request.header("Gosset-Event") ?? "",
                    "signature": try request.header("Gosset-Signature") ?? "",
                ], body: request.body)
            box.calls.withLock { $0.append(call) }
            return answer
        }
        let server = try Server.start(router, logger: .silent)
        do {
            try await body("http://127.0.0.1:\(server.port)/hook?secret=in-the-query", box)
        } catch {
            await server.stop(grace: .seconds(1))
            throw error
        }
        await server.stop(grace: .seconds(1))
    }

    private final class Box: Sendable { let calls = Mutex<[Call]>([]) }

    private let secret = "a secret of the two"

    @Test func `the signature is HMAC-SHA256 as RFC 4231 has it`() {
        #expect(
            Signature.hmacSHA256(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Signature.hmacSHA256(
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: Array(repeating: 0xAA, count: 131))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func `a receiver can check who sent what and when, and whether it had it before`() async throws {
        try await withHook(.empty()) { url, box async throws in
            let sender = try #require(WebhookSender(url: url, secret: secret) { time(1_700_000_000.5) })
            #expect(await sender.send(Notice(title: "<x>", paragraphs: ["p"], chart: #"{"a":1}"#), event: "t#1") == .delivered)
            let call = try #require(box.calls.withLock { $0.first })
            let signature = Signature.hmacSHA256(Array("1700000000.".utf8) + call.body, key: Array(secret.utf8))
            #expect(call.headers == ["type": "application/json", "event": "t#1", "signature": "t=1700000000,v1=\(signature)"])
            let json = try #require(try JSONSerialization.jsonObject(with: Data(call.body)) as? [String: Any])
            #expect(json["title"] as? String == "<x>" && json["event"] as? String == "t#1")
            #expect((json["chart"] as? [String: Int]) == ["a": 1])
            #expect(!sender.name.contains("secret"))
        }
    }

    @Test(
        arguments: [
            (200, nil, DeliveryOutcome.delivered), (204, nil, .delivered), (429, "9", .throttled(seconds: 9)),
            (503, "3", .throttled(seconds: 3)), (503, nil, .failed(reason: "Webhook: answered 503")),
            (500, nil, .failed(reason: "Webhook: answered 500")), (400, nil, .refused(reason: "Webhook: answered 400")),
            (410, nil, .refused(reason: "Webhook: answered 410")), (302, nil, .refused(reason: "Webhook: answered 302")),
        ] as [(Int, String?, DeliveryOutcome)])
    func `what it answers is what becomes of the message`(status: Int, retryAfter: String?, outcome: DeliveryOutcome) async throws {
        var answer = Response(Status(status))
        answer.headers["Retry-After"] = retryAfter
        if status == 302 { answer.headers["Location"] = "/elsewhere" }
        try await withHook(answer) { url, box async throws in
            let sender = try #require(WebhookSender(url: url, secret: secret))
            #expect(await sender.send(Notice(title: "x"), event: "e") == outcome)
            #expect(box.calls.withLock { $0.count } == 1, "redirections are not followed")
        }
    }

    @Test func `addresses and secrets that are none are refused`() {
        #expect(WebhookSender(url: "https://x/y", secret: "too short") == nil)
        for url in ["", "x", "ftp://x/y", "/y"] { #expect(WebhookSender(url: url, secret: secret) == nil, "\(url)") }
    }
}

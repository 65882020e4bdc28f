import HTTPServer
import Notifications
import Synchronization
import Text

/// The receiver of the demonstration's messages: a webhook on this machine that checks signatures, as everybody's own should, and prints.
final class DemoInbox: Sendable {
    private let server: Server
    private let titles: Titles

    private final class Titles: Sendable {
        let all = Mutex<[String]>([])
    }

    /// What came so far.
    var received: [String] { titles.all.withLock { $0 } }

    /// Where messages are to be sent.
    var url: String { "http://127.0.0.1:\(server.port)/messages" }

    init(secret: String) throws {
        let titles = Titles()
        let key = Array(secret.utf8)
        var router = Router()
        router.post("/messages") { request in
            let given = try request.header("Gosset-Signature") ?? ""
            let parts = given.split(separator: ",")
            guard parts.count == 2, parts[0].hasPrefix("t="), parts[1].hasPrefix("v1=") else {
                throw Problem.badRequest("The message is not signed.")
            }
            let message = Array("\(parts[0].dropFirst(2)).".utf8) + request.body
            guard Signature.isHMACSHA256(parts[1].dropFirst(3), of: message, key: key) else {
                throw Problem.badRequest("The signature is not ours.")
            }
            struct Message: Decodable {
                let title: String
                let paragraphs: [String]
            }
            let notice = try request.json(Message.self)
            titles.all.withLock { $0.append(notice.title) }
            Terminal.say("\n  MESSAGE  \(notice.title)")
            for line in notice.paragraphs.flatMap({ $0.wrapped(to: 88) }) { Terminal.say("           \(line)") }
            Terminal.say("")
            return .empty()
        }
        self.titles = titles
        server = try Server.start(router, threads: 1)
    }

    func close() async { await server.stop(grace: .seconds(1)) }
}

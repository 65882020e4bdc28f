import Foundation
import HTTPServer
import Synchronization

// A server that answers as the product does, for `Benchmarks/http/run` to measure against nginx.

/// Stands for a commit thread: answers in batches whatever came in while it answered the last batch.
final class Committer: Sendable {
    private let waiting = Mutex<[(Responder, PreparedResponse)]>([])
    private let signal = DispatchSemaphore(value: 0)

    init() {
        Thread.detachNewThread {
            while true {
                self.signal.wait()
                for (responder, answer) in self.waiting.withLock({ batch in
                    defer { batch = [] }
                    return batch
                }) {
                    responder.respond(answer)
                }
            }
        }
    }

    func submit(_ responder: Responder, _ answer: PreparedResponse) {
        let isFirst = waiting.withLock { batch in
            batch.append((responder, answer))
            return batch.count == 1
        }
        if isFirst { signal.signal() }
    }
}

@Sendable func answer(for request: borrowing Request, from answers: [PreparedResponse]) throws -> PreparedResponse {
    try request.withHeader("Device-Token") { token in
        guard let token, token.count > 0, token.count <= 256 else { throw Problem.badRequest("Device-Token is missing.") }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<token.count { hash = (hash ^ UInt64(token[index])) &* 0x100_0000_01B3 }
        return answers[Int(hash % UInt64(answers.count))]
    }
}

guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
    print("usage: HTTPServerBench <port>")
    exit(2)
}

let body = Array(##"{"button_color":"#0000FF","price":"10"}"##.utf8)
let answers = (0..<12).compactMap { _ in PreparedResponse(.json(bytes: body)) }
let committer = Committer()

var router = Router()
router.on(.get, "/api/v1/prepared", inline: { .prepared(try answer(for: $0, from: answers)) })
router.on(
    .get, "/api/v1/ordinary",
    inline: { request in
        _ = try answer(for: request, from: answers)
        return .response(.json(bytes: body))
    })
router.on(
    .get, "/api/v1/deferred",
    inline: { request in
        let answer = try answer(for: request, from: answers)
        return .deferred { committer.submit($0, answer) }
    })
router.get("/api/v1/async") { _ in .json(bytes: body) }

let server = try Server.start(router, port: port)
print("serving on port \(server.port)")
while true { sleep(1000) }

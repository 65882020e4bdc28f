import Synchronization

// Every answer that devices were ever given, and every contradiction.
final class Ledger: Sendable {
    private struct Content {
        var answers: [String: String] = [:]
        var tokens: [String] = []
        var contradictions: [String] = []
    }

    private let content = Mutex(Content())

    // Writes down what a device was told; it must be what it was told before.
    func record(_ answer: String, for token: String) {
        content.withLock { content in
            if let earlier = content.answers[token] {
                if earlier != answer { content.contradictions.append("\(token) was told \(earlier), then \(answer)") }
            } else {
                content.answers[token] = answer
                content.tokens.append(token)
            }
        }
    }

    // The devices that were answered, in the order of that.
    var tokens: [String] { content.withLock { $0.tokens } }

    var contradictions: [String] { content.withLock { $0.contradictions } }

    func randomToken(using generator: inout some RandomNumberGenerator) -> String? {
        content.withLock { $0.tokens.randomElement(using: &generator) }
    }
}

extension GossetProcess {
    // Asks for devices that were answered before, and writes down what they are told now.
    func ask(again tokens: [String], _ ledger: Ledger, connections: Int = 4) async throws {
        let counter = Counter()
        _ = try await onThreads(min(connections, max(tokens.count, 1))) { _ in
            let connection = try self.connect()
            while case let index = counter.next(), index < tokens.count {
                ledger.record(try connection.answer(to: tokens[index]), for: tokens[index])
            }
        }
    }
}

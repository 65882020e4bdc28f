import Foundation
import HTTPServerTesting

extension TestRequest {
    // What a device asks.
    static func device(_ token: String) -> TestRequest {
        TestRequest("GET", "/api/v1/experiments", headers: [("Device-Token", token)])
    }
}

// What a device was told: its value by the experiment's key.
typealias Assignments = [String: String]

struct UnexpectedAnswer: Error, CustomStringConvertible {
    let description: String

    init(_ response: TestResponse) { description = "answered \(response.status): \(response.text)" }
}

extension LiveConnection {
    // What the device is told, as text: the order of the experiments is always the same.
    func answer(to token: String) throws -> String {
        let response = try send(.device(token))
        guard response.status == 200 else { throw UnexpectedAnswer(response) }
        return response.text
    }
}

extension GossetProcess {
    func assignments(of token: String) async throws -> Assignments {
        let response = try await client.send(.device(token))
        guard response.status == 200 else { throw UnexpectedAnswer(response) }
        return try response.json()
    }

    // Lets devices ask over many connections at once, and gives what each was told, in their order.
    @discardableResult
    func assignments(of tokens: [String], connections: Int = 8) async throws -> [Assignments] {
        let counter = Counter()
        let parts = try await onThreads(min(connections, max(tokens.count, 1))) { _ in
            let connection = try self.connect()
            var answers: [(Int, Assignments)] = []
            while case let index = counter.next(), index < tokens.count {
                let text = try connection.answer(to: tokens[index])
                answers.append((index, try JSONDecoder().decode(Assignments.self, from: Data(text.utf8))))
            }
            return answers
        }
        return parts.flatMap { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension [Assignments] {
    // How many got each value of an experiment.
    func counts(of experiment: String) -> [String: Int] {
        compactMap { $0[experiment] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // `kill -9` while devices come and are linked to persons: every answer and every link that was given is there afterwards.
    @Suite struct LinkCrashTests {
        private static let rounds = 8
        private static let threads = 4

        @Test func `Every link and every answer outlasts crashes`() async throws {
            let data = try TemporaryDirectory()
            let (answers, links) = (Ledger(), Ledger())
            for round in 0..<LinkCrashTests.rounds {
                let gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
                try await gosset.ask(again: answers.tokens, answers)
                try await identify(again: links.tokens, links, gosset)
                try #require(answers.contradictions == [] && links.contradictions == [])
                try await crash(gosset, round, answers, links)
            }
            #expect(answers.tokens.count > 50 && links.tokens.count > 50, "there was too little load for this to mean anything")
            let gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await gosset.ask(again: answers.tokens + links.tokens, answers)
            try await identify(again: links.tokens, links, gosset)
            #expect(answers.contradictions == [] && links.contradictions == [])
            // One person counts once: fewer devices than tokens, and the blocks are exact.
            let statistics = try await gosset.statistics()
            #expect(statistics.devices < Set(answers.tokens + links.tokens).count)
            let color = try #require(statistics["button_color"])
            #expect(color.devices == statistics.devices)
            color.expectWholeBlocks()
            try await gosset.stop()
        }

        private func request(_ device: String, _ gosset: GossetProcess) -> TestRequest {
            // Every third device of a thread is the same person's.
            let parts = device.split(separator: "-")
            let person = "person-" + parts.dropFirst().dropLast().joined(separator: "-") + "-\((Int(parts.last ?? "") ?? 0) / 3)"
            return TestRequest(
                "POST", "/api/v1/identify",
                headers: [("Authorization", "Bearer \(gosset.adminToken)"), ("Content-Type", "application/json")],
                body: Array(#"{"device":"\#(device)","person":"\#(person)"}"#.utf8))
        }

        private func identify(again devices: [String], _ links: Ledger, _ gosset: GossetProcess) async throws {
            _ = try await onThreads(1) { _ in
                let connection = try gosset.connect()
                for device in devices { links.record(try connection.send(request(device, gosset)).text, for: device) }
            }
        }

        private func crash(_ gosset: GossetProcess, _ round: Int, _ answers: Ledger, _ links: Ledger) async throws {
            let answered = Counter()
            _ = try await onThreads(LinkCrashTests.threads) { thread in
                guard let connection = try? gosset.connect() else { return }
                for number in 0... {
                    let device = "device-\(round)-\(thread / 2)-\(number)"
                    // One thread asks for what another links at the same moment; the connection breaks when the process ends.
                    let isAsking = thread.isMultiple(of: 2)
                    guard let response = try? connection.send(isAsking ? .device(device) : request(device, gosset)) else { return }
                    guard response.status == 200 else { throw UnexpectedAnswer(response) }
                    (isAsking ? answers : links).record(response.text, for: device)
                    if answered.next() == 40 + 20 * round { gosset.program.signal(SIGKILL) }
                }
            }
            #expect(try await gosset.program.end() == .killed(signal: SIGKILL))
        }
    }
}

import Foundation
import HTTPServerTesting
import SeededRandom
import Testing

extension Processes {
    // `kill -9` at any moment: every answer that was ever given is given again.
    @Suite struct CrashTests {
        private static let rounds = 50
        private static let threads = 8
        private static let token = "an-operator-of-this-test"

        @Test func `Every answer outlasts fifty crashes`() async throws {
            let data = try TemporaryDirectory()
            let ledger = Ledger()
            var generator = SeededGenerator(seed: .random(in: .min ... .max))
            var weight = Weight(inForce: 75)
            for round in 0..<CrashTests.rounds {
                // Now and then it does not even get to serve.
                if round % 5 == 4 { try await crashWhileStarting(data, microseconds: .random(in: 0...30_000, using: &generator)) }
                let gosset = try await GossetProcess(data: data.path, adminToken: CrashTests.token)
                let older = (0..<100).compactMap { _ in ledger.randomToken(using: &generator) }
                try await gosset.ask(again: ledger.tokens.suffix(300) + older, ledger)
                weight = try await weight.found(by: gosset)
                weight = try await crash(gosset, round, ledger, weight, using: &generator)
                try #require(ledger.contradictions == [])
            }

            let gosset = try await GossetProcess(data: data.path, adminToken: CrashTests.token)
            let tokens = ledger.tokens
            try await gosset.ask(again: tokens, ledger)
            #expect(ledger.contradictions == [])
            #expect(tokens.count > 50 * CrashTests.rounds, "there was too little load for this to mean anything")

            // Whoever was enrolled but not answered had asked when the process ended: one a thread and round at most.
            let statistics = try await gosset.statistics()
            #expect((tokens.count...tokens.count + CrashTests.rounds * CrashTests.threads).contains(statistics.devices))
            let color = try #require(statistics["button_color"])
            #expect(color.devices == statistics.devices)
            color.expectWholeBlocks()
            #expect(statistics["price"]?.balanced == true)
            let ordinals = try await ordinals(of: tokens, gosset)
            #expect(Set(ordinals).count == tokens.count, "no two devices share an ordinal")
            #expect(ordinals.allSatisfy { (0..<statistics.devices).contains($0) })
            try await gosset.stop()
        }

        // Loads the server with new and known devices and an operator, and ends it at a random moment.
        private func crash(
            _ gosset: GossetProcess, _ round: Int, _ ledger: Ledger, _ weight: Weight, using generator: inout SeededGenerator
        ) async throws -> Weight {
            let answered = Counter()
            let last = Int.random(in: 1...400, using: &generator)
            let delay = UInt32.random(in: 0...3000, using: &generator)
            let seeds = (0..<CrashTests.threads).map { _ in generator.next() }
            let next = Double(round + 1)
            let admin = gosset.admin
            async let acknowledged = try? admin.send(
                "PUT", "/api/v1/admin/experiments/price/variants",
                json: "{\"variants\":[{\"value\":\"10\",\"weight\":\(next)},{\"value\":\"20\",\"weight\":1}]}")
            _ = try await onThreads(CrashTests.threads) { thread in
                var generator = SeededGenerator(seed: seeds[thread])
                // Another thread may have ended the process before this one came to it.
                guard let connection = try? gosset.connect() else { return }
                for number in 0... {
                    let known = Bool.random(using: &generator) ? ledger.randomToken(using: &generator) : nil
                    let token = known ?? "device-\(round)-\(thread)-\(number)"
                    // The connection breaks when the process ends; what was answered until then counts.
                    guard let response = try? connection.send(.device(token)) else { return }
                    guard response.status == 200 else { throw UnexpectedAnswer(response) }
                    ledger.record(response.text, for: token)
                    if answered.next() == last {
                        usleep(delay)
                        gosset.program.signal(SIGKILL)
                    }
                }
            }
            #expect(try await gosset.program.end() == .killed(signal: SIGKILL))
            return await acknowledged?.status == 200 ? Weight(inForce: next) : Weight(inForce: weight.inForce, unknown: next)
        }

        private func crashWhileStarting(_ data: TemporaryDirectory, microseconds: UInt32) async throws {
            let program = try Program([GossetProcess.path, "serve", "--port", "0", "--data", data.path])
            _ = try await onThreads(1) { _ in usleep(microseconds) }
            program.signal(SIGKILL)
            #expect(try await program.end() == .killed(signal: SIGKILL), "\(program.errors)")
        }

        private func ordinals(of tokens: [String], _ gosset: GossetProcess) async throws -> [Int] {
            struct Explanation: Decodable { let ordinal: Int }
            let counter = Counter()
            let parts = try await onThreads(4) { _ in
                let connection = try gosset.connect()
                var ordinals: [Int] = []
                while case let index = counter.next(), index < tokens.count {
                    let target = "/api/v1/admin/explain?experiment=price&device=\(tokens[index])"
                    let response = try connection.send(
                        TestRequest("GET", target, headers: [("Authorization", "Bearer \(CrashTests.token)")]))
                    ordinals.append(try response.json(Explanation.self).ordinal)
                }
                return ordinals
            }
            return parts.flatMap { $0 }
        }
    }

    // The weight that an operator gave a variant: what was acknowledged, and what may be in force although nobody was told.
    private struct Weight {
        var inForce: Double
        var unknown: Double?

        // What a restarted server has made of it.
        func found(by gosset: GossetProcess) async throws -> Weight {
            let experiment = try JSON(parsing: try await gosset.admin.get("/api/v1/admin/experiments/price").text)
            let weight = try #require(experiment["variants"][0]["weight"].number)
            #expect(weight == inForce || weight == unknown, "a change that was acknowledged is in force")
            return Weight(inForce: weight)
        }
    }
}

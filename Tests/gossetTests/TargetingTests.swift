import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // Layers, holdouts, targeting and forced values outlast whatever ends the process.
    @Suite struct TargetingTests {
        private static let root = "/api/v1/admin"
        private static let token = "an-operator-of-this-test"

        private func create(_ admin: Operator, _ key: String, _ more: String) async throws {
            let body = #"{"key":"\#(key)","variants":[{"value":"a","weight":2},{"value":"b","weight":1}],\#(more)}"#
            let made = try await admin.send("POST", "\(Self.root)/experiments", json: body)
            try #require(made.status == 201, "\(made.text)")
            try await admin.change(key, "start")
        }

        private func request(_ number: Int) -> TestRequest {
            let attributes = #"{"age":\#(number * 37 % 60),"country":"\#(number % 2 == 0 ? "DE" : "FI")"}"#
            return TestRequest(
                "GET", "/api/v1/experiments", headers: [("Device-Token", "device-\(number)"), ("Device-Attributes", attributes)])
        }

        @Test func `Every answer outlasts ten crashes, and blocks stay exact over those who are in`() async throws {
            let data = try TemporaryDirectory()
            let ledger = Ledger()
            let (asked, rounds, threads) = (Counter(), 10, 6)
            for round in 0..<rounds {
                let gosset = try await GossetProcess(data: data.path, adminToken: Self.token)
                if round == 0 {
                    let admin = gosset.admin
                    for (path, body) in [
                        ("holdouts", #"{"name":"global","percent":10}"#), ("layers", #"{"name":"layer","slots":4,"holdout":"global"}"#),
                    ] {
                        #expect(try await admin.send("POST", "\(Self.root)/\(path)", json: body).status == 201)
                    }
                    try await create(admin, "half", #""layer":{"name":"layer","slots":2}"#)
                    try await create(
                        admin, "adults", #""layer":{"name":"layer","slots":2},"targeting":{"age":{"at least":18}}"#)
                    try await create(admin, "germans", #""targeting":{"country":"DE"}"#)
                    let forced = try await admin.send("PUT", "\(Self.root)/experiments/germans/forced/device-3", json: #"{"value":"b"}"#)
                    #expect(forced.status == 200)
                }
                try await gosset.ask(again: ledger.tokens, ledger)
                let (answered, last) = (Counter(), Int.random(in: 20...200))
                _ = try await onThreads(threads) { _ in
                    guard let connection = try? gosset.connect() else { return }
                    while true {
                        let number = asked.next()
                        // The connection breaks when the process ends; what was answered until then counts.
                        guard let response = try? connection.send(request(number)) else { return }
                        guard response.status == 200 else { throw UnexpectedAnswer(response) }
                        ledger.record(response.text, for: "device-\(number)")
                        if answered.next() == last { gosset.program.signal(SIGKILL) }
                    }
                }
                #expect(try await gosset.program.end() == .killed(signal: SIGKILL))
                try #require(ledger.contradictions == [])
            }
            let gosset = try await GossetProcess(data: data.path, adminToken: Self.token)
            try await gosset.ask(again: ledger.tokens, ledger)
            #expect(ledger.contradictions == [])
            #expect(ledger.tokens.count > 15 * rounds, "there was too little load for this to mean anything")
            let statistics = try await gosset.statistics()
            for key in ["half", "adults", "germans"] {
                let experiment = try #require(statistics[key])
                #expect(experiment.devices > 20)
                #expect(experiment.balanced, "\(experiment.imbalance ?? "")")
                // One of the Germans is a tester, whose place stays empty.
                if key != "germans" { experiment.expectWholeBlocks() }
            }
            for token in ledger.tokens {
                let number = try #require(Int(token.dropFirst(7)))
                let answer = try await gosset.assignments(of: token)
                #expect(answer["half"] == nil || answer["adults"] == nil)
                #expect(answer["adults"] == nil || number * 37 % 60 >= 18)
                #expect((answer["germans"] != nil) == (number == 3 || number % 2 == 0))
                if number == 3 { #expect(answer["germans"] == "b") }
            }
            try await gosset.stop()
        }
    }
}

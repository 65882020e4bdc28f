import HTTPServer
import HTTPServerTesting
import Testing

// A time in which the registry cannot be written.
struct Outage {
    let gosset: GossetProcess
    // What devices were told, also in this outage.
    let ledger = Ledger()
    private let refused = Counter()

    init(of gosset: GossetProcess) { self.gosset = gosset }

    // Lets a new device ask, and says whether it was refused.
    func refusesNewDevice() async throws -> Bool {
        let token = "during-\(ledger.tokens.count)"
        let response = try await gosset.client.send(.device(token))
        if response.status == 200 { ledger.record(response.text, for: token) } else { _ = refused.next() }
        return response.status != 200
    }

    // Breaks the store, expects that new devices are refused, that known ones notice nothing and that the rest tells the truth; mends the
    // store and expects that everything is well again without a restart, and that nothing was lost or made up.
    func expectRefusalAndRecovery(
        sourceLocation: SourceLocation = #_sourceLocation, breaking: () async throws -> Void, mending: () async throws -> Void
    ) async throws {
        try await enroll("before", until: { $0 == 40 })
        try await breaking()

        // What is reserved already may still take some.
        try await eventually("a refusal", within: 60, every: .zero) { try await refusesNewDevice() }
        for number in 0..<20 { try expectProblem(try await gosset.client.send(.device("refused-\(number)")), sourceLocation) }
        try await gosset.ask(again: ledger.tokens, ledger)
        #expect(ledger.contradictions == [], "known devices are answered", sourceLocation: sourceLocation)

        // The server opens its database anew now and then. On a full disk that may succeed, as it frees what the next device then lacks: until
        // that comes, it can be written. So the two are asked right after a refusal, and once more if it was tried in between.
        let readiness = try await eventually("readiness and metrics to tell of it", within: 30) {
            guard try await refusesNewDevice() else { return nil as TestResponse? }
            let readiness = try await gosset.client.get("/readyz")
            let isTold = try await gosset.client.get("/metrics").text.contains("\ngosset_registry_writable 0\n")
            return isTold && readiness.status == 503 ? readiness : nil
        }
        try expectProblem(readiness, sourceLocation)
        #expect(try await gosset.client.get("/healthz").status == 200, sourceLocation: sourceLocation)
        #expect(try await gosset.client.get("/").status == 200, sourceLocation: sourceLocation)
        try expectProblem(try await gosset.admin.send("POST", "/api/v1/admin/experiments/price/pause"), sourceLocation)
        #expect(try await gosset.statistics()["price"]?.state == "running", sourceLocation: sourceLocation)

        try await mending()
        try await eventually("recovery", within: 60) { try await gosset.client.get("/readyz").status == 200 }
        #expect(try await gosset.client.get("/metrics").text.contains("\ngosset_registry_writable 1\n"), sourceLocation: sourceLocation)
        try await enroll("after", until: { $0 >= 120 })
        try await gosset.ask(again: ledger.tokens, ledger)
        #expect(ledger.contradictions == [], sourceLocation: sourceLocation)
        let late = try await gosset.client.send(.device("refused-0"))
        #expect(late.status == 200, "who was refused is welcome now", sourceLocation: sourceLocation)

        let statistics = try await gosset.statistics()
        for experiment in statistics.experiments { experiment.expectWholeBlocks(sourceLocation: sourceLocation) }
        // A transaction may have become durable although nobody could be told.
        #expect(
            (ledger.tokens.count + 1...ledger.tokens.count + 20 + refused.soFar).contains(statistics.devices),
            sourceLocation: sourceLocation)
    }

    // Lets new devices come one after the other until there are enough.
    private func enroll(_ name: String, until isEnough: (Int) -> Bool) async throws {
        let connection = try gosset.connect()
        while !isEnough(ledger.tokens.count) {
            let token = "\(name)-\(ledger.tokens.count)"
            ledger.record(try connection.answer(to: token), for: token)
        }
    }

    private func expectProblem(_ response: TestResponse, _ sourceLocation: SourceLocation) throws {
        try #require(response.status == 503, "\(response.text)", sourceLocation: sourceLocation)
        #expect(response.headers["Content-Type"] == "application/problem+json", sourceLocation: sourceLocation)
        #expect(response.headers["Retry-After"].flatMap { Int($0) } != nil, sourceLocation: sourceLocation)
        let problem = try JSON(parsing: response.text)
        #expect(problem["status"].number == 503, sourceLocation: sourceLocation)
        #expect(problem["title"].string?.isEmpty == false, sourceLocation: sourceLocation)
        #expect(!response.text.contains("127.0.0.1"), "where the store is, is nobody's business", sourceLocation: sourceLocation)
        #expect(problem["detail"].string?.contains("cannot be written") == true, "\(response.text)", sourceLocation: sourceLocation)
    }
}

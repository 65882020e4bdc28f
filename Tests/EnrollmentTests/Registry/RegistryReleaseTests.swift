import Enrollment
import Experiments
import Testing

/// A released holdout is released for every server and after every restart.
@Suite struct RegistryReleaseTests {
    private func prepare(_ registry: Registry) async throws {
        try await registry.change(actor: "ann", action: "begin") { catalogue, context in
            let global = try ExperimentKey("global")
            try catalogue.add(Holdout(name: global, percent: 20, created: context.now))
            try catalogue.make(Layer(name: ExperimentKey("layer"), slots: 2, holdout: global, created: context.now))
            for name in ["won", "running"] {
                var experiment = Experiment(
                    key: try ExperimentKey(name), allocation: try Allocation([Variant("a", weight: 1), Variant("b", weight: 1)]),
                    created: context.now)
                try experiment.start(at: context.nextOrdinal, now: context.now)
                try catalogue.add(experiment, under: global)
            }
            let late = Experiment(
                key: try ExperimentKey("late"), allocation: try Allocation([Variant("a", weight: 1), Variant("b", weight: 1)]),
                targeting: Targeting(["country": .isIn([.text("DE")])]), created: context.now)
            try catalogue.add(late, slots: 1, of: ExperimentKey("layer"))
        }
    }

    private func answers(_ registry: Registry, _ count: Int) throws -> [String] {
        try (0..<count).map { number in
            let device = try #require(try registry.device(for: Samples.token(number)))
            var answer: [UInt8] = []
            registry.snapshot.assigner.appendAnswer(for: device.ordinal, to: &answer)
            return String(decoding: answer, as: UTF8.self)
        }
    }

    private func release(_ registry: Registry) async throws {
        try await registry.change(actor: "ann", action: "finish") { catalogue, context in
            try catalogue.change(ExperimentKey("won")) { try $0.finish(winner: "b", at: context.nextOrdinal, now: context.now) }
        }
        try await registry.change(actor: "ann", action: "release") { catalogue, context in
            try catalogue.releaseHoldout(ExperimentKey("global"), at: context.nextOrdinal, now: context.now)
        }
        try await registry.change(actor: "ann", action: "start") { catalogue, context in
            try catalogue.change(ExperimentKey("late")) { try $0.start(at: context.nextOrdinal, now: context.now) }
        }
    }

    @Test(arguments: StoreKind.allCases) func whatWasReleasedStaysSoAfterReopening(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        try await prepare(registry)
        for number in 0..<50 { _ = try await registry.enroll(Samples.token(number)) }
        #expect(try answers(registry, 50).count { $0 == "{}" } == 10)
        try await release(registry)
        let known = try answers(registry, 50)
        #expect(known.count { $0 == #"{"won":"b"}"# } == 10 && known.allSatisfy { $0.contains(#""won":"b""#) })
        let german = try Attributes(["country": .text("DE")])
        for number in 50..<150 { _ = try await registry.enroll(Samples.token(number), attributes: german) }
        let all = try answers(registry, 150)
        #expect(Array(all.prefix(50)) == known)
        #expect(abs(all.count { $0.contains("late") } - 50) <= 2)
        let dealer = try registry.snapshot.assigner.dealer(ExperimentKey("late"))
        #expect(dealer.tally(below: registry.nextOrdinal).imbalance == nil)
        let log = try await registry.auditLog(AuditQuery(subject: "holdout/global"))
        #expect(log.map(\.action) == ["release", "begin"] && log.first?.after?.contains("released") == true)
        registry.close()
        guard StoreKind.durable.contains(kind) else { return }
        registry = try Registry(place.makeStore())
        #expect(try answers(registry, 150) == all)
        registry.close()
    }

    @Test func anotherServerAnswersTheSame() async throws {
        let place = try StoreKind.postgres.makePlace()
        var options = Registry.Options()
        options.pollInterval = .seconds(3600)
        let servers = try (0..<2).map { _ in try Registry(place.makeStore(), options: options) }
        try await prepare(servers[0])
        for number in 0..<50 { _ = try await servers[number % 2].enroll(Samples.token(number)) }
        try await release(servers[0])
        let german = try Attributes(["country": .text("DE")])
        for number in 50..<150 { _ = try await servers[(number + 1) % 2].enroll(Samples.token(number), attributes: german) }
        // Whoever hears of a newcomer has heard of the release before.
        for number in 0..<150 { for server in servers { _ = try await server.enroll(Samples.token(number)) } }
        #expect(try answers(servers[0], 150) == answers(servers[1], 150))
        #expect(try answers(servers[1], 50).allSatisfy { $0.contains(#""won":"b""#) })
        for server in servers { server.close() }
    }
}

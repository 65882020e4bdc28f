import Enrollment
import EnrollmentTesting
import Experiments
import Foundation
import Synchronization
import Testing

/// Several servers, each a registry of its own, on one database.
@Suite struct RegistryOnPostgresTests {
    private let database: String

    init() throws { database = try PostgresTestServer.shared.get().makeDatabase() }

    private func makeServer(poll: Duration = .milliseconds(20)) throws -> Registry {
        var options = Registry.Options()
        options.pollInterval = poll
        return try Registry(PostgresStore(uri: database), options: options)
    }

    @Test func theSameTokenAtTwoServersAtOnceIsOneDevice() async throws {
        let (one, other) = (try makeServer(), try makeServer())
        var ordinals: Set<Ordinal> = []
        for number in 0..<50 {
            async let here = one.enroll(Samples.token(number))
            async let there = other.enroll(Samples.token(number))
            let (a, b) = try await (here, there)
            #expect(a == b)
            ordinals.insert(a.ordinal)
        }
        #expect(ordinals == Set(0..<50))
        one.close()
        other.close()
    }

    @Test func `Of two servers that write the same at once, one is first and knows it`() async throws {
        let (one, other) = (try makeServer(), try makeServer())
        var last: Int64?
        for number in 0..<50 {
            let known = last
            @Sendable func note(_ server: Registry, _ name: String) async throws -> Bool {
                try await server.note(
                    actor: "gosset", action: "verdict", subject: "s", before: nil, after: "{\"by\":\"\(name)\"}", following: known)
            }
            async let here = note(one, "one")
            async let there = note(other, "other")
            let (a, b) = try await (here, there)
            #expect(a != b)
            let log = try await one.auditLog(of: "s", actions: ["verdict"])
            #expect(log.count == number + 1 && log[0].after == "{\"by\":\"\(a ? "one" : "other")\"}")
            last = log[0].id
        }
        one.close()
        other.close()
    }

    @Test func `Whoever another server has just met, or linked, is forgotten as well, and new on all servers if they come again`()
        async throws
    {
        // The one looks for news so seldom that it has none.
        let (one, other) = (try makeServer(poll: .seconds(600)), try makeServer())
        let key = try ExperimentKey("one")
        _ = try await other.change(actor: "a", action: "start") { catalogue, context in
            try catalogue.add(Samples.experiment("one"))
            try catalogue.change(key) { experiment throws(ExperimentError) in
                try experiment.start(at: context.nextOrdinal, now: context.now)
            }
        }
        let (ann, began) = (try PersonID("ann"), Timestamp.now())
        for number in 0..<6 { _ = try await other.enroll(Samples.token(number)) }
        for number in [3, 4, 7] { _ = try await other.link(Samples.token(number), to: ann) }
        let forced = other.unit(of: try Samples.token(1))
        try await other.change(actor: "a", action: "force value") { catalogue, _ in
            try catalogue.change(key) { experiment throws(ExperimentError) in try experiment.force(forced, to: experiment.values[0]) }
        }

        #expect(try await one.forget(Samples.token(1), actor: "root"))
        #expect(try await one.forget(ann, actor: "root") == [3, 4, 7].map(Samples.token))
        #expect(try await !one.forget(Samples.token(9), actor: "root"))

        let devices = try await other.devices(from: 0, limit: 10).devices
        #expect(devices.map(\.token.isForgotten) == [false, true, false, true, true, false])
        try await eventually("the other to have let go of them") {
            try [1, 3, 4, 7].allSatisfy { try other.device(for: Samples.token($0)) == nil }
        }
        #expect(try other.device(for: Samples.token(2))?.ordinal == 2)
        // Who was forced is left out under whatever name, on both servers.
        for registry in [one, other] {
            try await registry.catchUp(for: Samples.token(9))
            #expect(registry.excluded(from: try registry.catalogue.experiment(key)) == [1])
        }
        #expect(try await other.enroll(Samples.token(1)).ordinal == 6)
        #expect(try await one.enroll(Samples.token(1)).ordinal == 6)
        // By the names, and by nothing else, it can be asked who that was.
        let forgotten = try await other.forgotten(since: began, unless: nil)
        for token in try [1, 3, 4, 7, 9].map(Samples.token) { #expect(forgotten.time(of: token.description) != nil) }
        #expect(forgotten.time(of: "ann") != nil && forgotten.time(of: "device-2") == nil)
        #expect(try await other.forgotten(since: began, unless: forgotten.revision).isEmpty)
        #expect(try await other.forgotten(since: Timestamp(milliseconds: .max), unless: nil).isEmpty)
        one.close()
        other.close()
    }

    @Test func ordinalsOfManyServersAreDenseAndEachServerKnowsThemAll() async throws {
        let servers = try (0..<3).map { _ in try makeServer() }
        let ordinals = try await withThrowingTaskGroup { group in
            for number in 0..<900 {
                // Every device comes to two of the three servers.
                for server in [servers[number % 3], servers[(number + 1) % 3]] {
                    group.addTask { (number, try await server.enroll(Samples.token(number)).ordinal) }
                }
            }
            return try await group.reduce(into: [Int: Set<Ordinal>]()) { $0[$1.0, default: []].insert($1.1) }
        }
        #expect(ordinals.values.allSatisfy { $0.count == 1 })
        #expect(Set(ordinals.values.flatMap(\.self)) == Set(0..<900))
        for server in servers {
            try await eventually("it knows them all") {
                try (0..<900).allSatisfy { try server.device(for: Samples.token($0))?.ordinal == ordinals[$0]?.first }
            }
            #expect(server.nextOrdinal == 900)
            server.close()
        }
    }

    @Test func aChangeIsInForceOnEveryServerBeforeItAnswersALaterDevice() async throws {
        // The second server hears of nothing but by what it enrolls.
        let (one, other) = (try makeServer(), try makeServer(poll: .seconds(3600)))
        for number in 0..<30 {
            let start = try await one.change(actor: "ann", action: "start") { catalogue, context in
                var experiment = try Samples.experiment("e\(number)")
                try experiment.start(at: context.nextOrdinal, now: context.now)
                try catalogue.add(experiment)
                return context.nextOrdinal
            }
            // Sometimes a new device, sometimes one that the first server has met meanwhile.
            if number.isMultiple(of: 2) { _ = try await one.enroll(Samples.token(number)) }
            #expect(try await other.enroll(Samples.token(number)).ordinal == start)
            #expect(other.revision == UInt64(number + 1))
            #expect(try other.catalogue.experiment(ExperimentKey("e\(number)")).firstOrdinal == start)
        }
        one.close()
        other.close()
    }

    @Test func changesOfTwoServersAtOnceAreBothMade() async throws {
        let servers = [try makeServer(), try makeServer()]
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    try await servers[number % 2].change(actor: "ann", action: "create") { catalogue, _ in
                        try catalogue.add(Samples.experiment("e\(number)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        for server in servers {
            try await eventually("it knows all changes") { server.catalogue.experiments.count == 20 }
            #expect(server.revision == 20)
            server.close()
        }
    }

    @Test func whatHappensElsewhereIsHeardOfWithoutAsking() async throws {
        let (one, other) = (try makeServer(), try makeServer())
        let device = try await one.enroll(Samples.token(1))
        let token = AccessToken.random()
        try await one.grantAccess(to: "ann", as: .editor, token: token, actor: "root")
        try await eventually("the device is known") { try other.device(for: Samples.token(1)) == device }
        try await eventually("the token is valid") { other.accessTokens.bearer(of: token.secret)?.name == "ann" }
        one.close()
        other.close()
    }
}

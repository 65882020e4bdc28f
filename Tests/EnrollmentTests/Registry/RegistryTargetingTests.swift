import Enrollment
import Experiments
import Testing

/// Who is targeted is settled at the first contact, and for ever.
@Suite struct RegistryTargetingTests {
    private static let key = "adults"

    private func start(_ registry: Registry, _ key: String = key, minimum: Double = 18) async throws {
        let targeting = Targeting(["age": .compares([.init(sign: .atLeast, value: .number(minimum))])])
        try await registry.change(actor: "ann", action: "start") { catalogue, context in
            var experiment = Experiment(
                key: try ExperimentKey(key), allocation: try Allocation([Variant("a", weight: 2), Variant("b", weight: 1)]),
                targeting: targeting, created: context.now)
            try experiment.start(at: context.nextOrdinal, now: context.now)
            try catalogue.add(experiment)
        }
    }

    private func age(_ number: Int) throws -> Attributes { try Attributes(["age": .number(Double(number * 37 % 60))]) }

    private func value(_ number: Int, _ registry: Registry, _ key: String = key) throws -> String? {
        let device = try #require(try registry.device(for: Samples.token(number)))
        return try registry.snapshot.assigner.dealer(ExperimentKey(key)).placement(of: device.ordinal).value
    }

    private func expectExactBlocks(_ values: [String?], _ ordinals: [Ordinal]) {
        let inOrder = zip(ordinals, values).sorted { $0.0 < $1.0 }.compactMap(\.1)
        for (index, _) in inOrder.enumerated() where (index + 1).isMultiple(of: 3) {
            #expect(inOrder[...index].count { $0 == "b" } == (index + 1) / 3)
        }
    }

    @Test(arguments: StoreKind.allCases) func whoMatchesIsDealtExactlyAndAfterReopeningTheSame(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        _ = try await registry.enroll(Samples.token(1000), attributes: age(1))
        try await start(registry)
        for number in 0..<200 { _ = try await registry.enroll(Samples.token(number), attributes: age(number)) }
        // What a known device tells later changes nothing, nor do those who tell nothing.
        _ = try await registry.enroll(Samples.token(1), attributes: Attributes(["age": .number(99)]))
        _ = try await registry.enroll(Samples.token(500))
        let values = try (0..<200).map { try value($0, registry) }
        for number in 0..<200 { #expect((values[number] != nil) == (number * 37 % 60 >= 18)) }
        expectExactBlocks(values, (0..<200).map { Ordinal($0) })
        #expect(try value(500, registry) == nil && value(1000, registry) == nil)
        registry.close()
        guard StoreKind.durable.contains(kind) else { return }
        registry = try Registry(place.makeStore())
        #expect(try (0..<200).map { try value($0, registry) } == values)
        for number in 200..<300 { _ = try await registry.enroll(Samples.token(number), attributes: age(number)) }
        let all = try (0..<300).map { try value($0, registry) }
        #expect(Array(all.prefix(200)) == values)
        let ordinals = try (0..<300).map { try #require(try registry.device(for: Samples.token($0))).ordinal }
        expectExactBlocks(all, ordinals)
        #expect(try registry.snapshot.assigner.dealer(ExperimentKey("adults")).tally(below: registry.nextOrdinal).imbalance == nil)
        registry.close()
    }

    @Test func manyServersDealOneSequence() async throws {
        let place = try StoreKind.postgres.makePlace()
        var options = Registry.Options()
        options.pollInterval = .seconds(3600)
        // They hear of each other only by what they enroll.
        let servers = try (0..<3).map { _ in try Registry(place.makeStore(), options: options) }
        _ = try await servers[1].enroll(Samples.token(5000), attributes: age(1))
        try await start(servers[0])
        let answers = try await withThrowingTaskGroup { group in
            for number in 0..<600 {
                for server in [servers[number % 3], servers[(number + 1) % 3]] {
                    group.addTask {
                        let device = try await server.enroll(Samples.token(number), attributes: self.age(number))
                        return (number, device.ordinal, try self.value(number, server))
                    }
                }
            }
            return try await group.reduce(into: [Int: Set<[String]>]()) {
                $0[$1.0, default: []].insert(["\($1.1)", $1.2 ?? "none"])
            }
        }
        // Both servers said the same.
        #expect(answers.values.allSatisfy { $0.count == 1 })
        let values = try (0..<600).map { number in try #require(answers[number]?.first?[1]) }.map { $0 == "none" ? nil : $0 }
        for number in 0..<600 { #expect((values[number] != nil) == (number * 37 % 60 >= 18)) }
        expectExactBlocks(values, try (0..<600).map { number in try #require(answers[number]?.first.flatMap { Ordinal($0[0]) }) })
        // Another server starts an experiment that these do not know of.
        try await start(servers[1], "seniors", minimum: 50)
        for number in 600..<640 {
            _ = try await servers[2].enroll(Samples.token(number), attributes: age(number))
            #expect(try (value(number, servers[2], "seniors") != nil) == (number * 37 % 60 >= 50))
        }
        for server in servers { server.close() }
        let late = try Registry(place.makeStore())
        for number in 0..<600 { #expect(try value(number, late) == values[number]) }
        late.close()
    }

    @Test(arguments: StoreKind.allCases) func aDeviceThatIsEnrolledByALinkIsTargetedAsByItself(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        try await start(registry)
        // Every other one is enrolled by being linked to a person of its own.
        for number in 0..<200 {
            if number.isMultiple(of: 2) {
                _ = try await registry.link(Samples.token(number), to: PersonID("person-\(number)"), attributes: age(number))
            } else {
                _ = try await registry.enroll(Samples.token(number), attributes: age(number))
            }
        }
        let values = try (0..<200).map { try value($0, registry) }
        for number in 0..<200 { #expect((values[number] != nil) == (number * 37 % 60 >= 18)) }
        expectExactBlocks(values, try (0..<200).map { try #require(try registry.device(for: Samples.token($0))).ordinal })
        // One that is answered as a person's other device, or is known, joins nothing by it.
        _ = try await registry.link(Samples.token(300), to: PersonID("person-0"), attributes: Attributes(["age": .number(50)]))
        #expect(try value(300, registry) == value(0, registry))
        registry.close()
        guard StoreKind.durable.contains(kind) else { return }
        registry = try Registry(place.makeStore())
        #expect(try (0..<200).map { try value($0, registry) } == values)
        #expect(try registry.snapshot.assigner.dealer(ExperimentKey("adults")).tally(below: registry.nextOrdinal).imbalance == nil)
        registry.close()
    }

    // Two servers link and enroll at once while a third starts experiments that they do not know of.
    @Test func linksOnManyServersJoinOneSequence() async throws {
        let place = try StoreKind.postgres.makePlace()
        var options = Registry.Options()
        options.pollInterval = .seconds(3600)
        let servers = try (0..<3).map { _ in try Registry(place.makeStore(), options: options) }
        try await start(servers[0])
        for number in 0..<90 {
            if number == 30 { try await start(servers[0], "seniors", minimum: 50) }
            let server = servers[1 + number % 2]
            if number.isMultiple(of: 3) {
                _ = try await server.enroll(Samples.token(number), attributes: age(number))
            } else {
                _ = try await server.link(Samples.token(number), to: PersonID("person-\(number)"), attributes: age(number))
            }
            #expect(try (value(number, server) != nil) == (number * 37 % 60 >= 18))
            if number >= 30 { #expect(try (value(number, server, "seniors") != nil) == (number * 37 % 60 >= 50)) }
        }
        for server in servers { server.close() }
        let late = try Registry(place.makeStore())
        let values = try (0..<90).map { try value($0, late) }
        expectExactBlocks(values, (0..<90).map { Ordinal($0) })
        late.close()
    }

    @Test func whatWasWrittenWithoutTheAnswerCountsOnce() async throws {
        let faults = FaultyStore.Faults()
        let registry = try Registry(FaultyStore(faults))
        try await start(registry)
        _ = try await registry.enroll(Samples.token(1), attributes: Attributes(["age": .number(20)]))
        faults.set(.forgetToTell)
        await #expect(throws: EnrollmentError.self) {
            try await registry.enroll(Samples.token(2), attributes: Attributes(["age": .number(20)]))
        }
        faults.set(nil)
        try await eventually("it is known again") { try registry.device(for: Samples.token(2)) != nil }
        _ = try await registry.enroll(Samples.token(3), attributes: Attributes(["age": .number(20)]))
        let values = try [1, 2, 3].map { try value($0, registry) }
        #expect(values.compactMap(\.self).sorted() == ["a", "a", "b"])
        registry.close()
    }
}

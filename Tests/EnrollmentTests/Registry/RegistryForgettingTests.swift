import Enrollment
import Experiments
import Testing

// Values that were forced, and those whom they were forced on, once these are to be forgotten.
@Suite struct RegistryForgettingTests {
    private func registry(_ place: StoreKind.Place, starting key: String) async throws -> Registry {
        let registry = try Registry(place.makeStore())
        _ = try await registry.change(actor: "a", action: "start") { catalogue, context in
            try catalogue.add(Samples.experiment(key))
            try catalogue.change(ExperimentKey(key)) { experiment throws(ExperimentError) in
                try experiment.start(at: context.nextOrdinal, now: context.now)
            }
        }
        return registry
    }

    private func force(_ number: Int, _ key: String, _ registry: Registry) async throws {
        let unit = registry.unit(of: try Samples.token(number))
        try await registry.change(actor: "a", action: "force value") { catalogue, _ in
            try catalogue.change(ExperimentKey(key)) { experiment throws(ExperimentError) in
                try experiment.force(unit, to: experiment.values[0])
            }
        }
    }

    private func excluded(_ key: String, _ registry: Registry) throws -> [Ordinal] {
        registry.excluded(from: try registry.catalogue.experiment(ExperimentKey(key)))
    }

    @Test(arguments: StoreKind.allCases) func `A forgotten tester still counts for nothing, and is a new device without a forced value`(
        kind: StoreKind
    ) async throws {
        let place = try kind.makePlace()
        var registry = try await registry(place, starting: "one")
        for number in 0..<3 { _ = try await registry.enroll(Samples.token(number)) }
        // One of them was never seen.
        for number in [1, 9] { try await force(number, "one", registry) }
        let units = try [1, 9].map { registry.unit(of: try Samples.token($0)) }
        let before = try await registry.auditLog().count
        for number in [1, 9] { _ = try await registry.forget(Samples.token(number), actor: "root") }

        func check() throws {
            #expect(try excluded("one", registry) == [1])
            let forced = try registry.catalogue.experiment(ExperimentKey("one")).forced
            #expect(forced.count == 1 && forced[0].value == nil && !units.contains(forced[0].unit))
            for number in [1, 9] { #expect(try registry.forcedValues(of: Samples.token(number)).isEmpty) }
        }
        try check()
        // Nothing says under which name it goes now.
        let log = try await registry.auditLog()
        #expect(log.count == before + 2 && log.prefix(2).allSatisfy { $0.action == "forget" && $0.before == nil && $0.after == nil })
        if StoreKind.durable.contains(kind) {
            registry.close()
            registry = try Registry(place.makeStore())
            try check()
        }
        #expect(try await registry.enroll(Samples.token(1)).ordinal == 3)
        #expect(try excluded("one", registry) == [1], "whoever comes anew counts")
        registry.close()
    }

    @Test(arguments: StoreKind.allCases) func `Who was forced on a later device stays left out, whoever is forgotten`(
        kind: StoreKind
    ) async throws {
        let ann = try PersonID("ann")
        let registry = try await registry(kind.makePlace(), starting: "one")
        for number in [1, 2, 3] { _ = try await registry.link(Samples.token(number), to: ann) }
        for number in [2, 3] { try await force(number, "one", registry) }
        #expect(try excluded("one", registry) == [0])
        _ = try await registry.forget(Samples.token(2), actor: "root")
        #expect(try excluded("one", registry) == [0])
        #expect(try registry.forcedValues(of: Samples.token(2)).isEmpty && !registry.forcedValues(of: Samples.token(3)).isEmpty)
        #expect(try registry.forcedValues(of: Samples.token(1)).isEmpty, "nothing is forced on it now that was not")
        #expect(try await registry.forget(ann, actor: "root").count == 2)
        #expect(try excluded("one", registry) == [0])
        #expect(try registry.catalogue.experiment(ExperimentKey("one")).forced.count == 1)
        for number in [1, 2, 3] { #expect(try registry.forcedValues(of: Samples.token(number)).isEmpty) }
        registry.close()
    }

    @Test func `Of a draft nothing is kept`() async throws {
        let registry = try Registry(MemoryStore())
        _ = try await registry.change(actor: "a", action: "create") { catalogue, _ in try catalogue.add(Samples.experiment("one")) }
        _ = try await registry.enroll(Samples.token(1))
        try await force(1, "one", registry)
        _ = try await registry.forget(Samples.token(1), actor: "root")
        #expect(try registry.catalogue.experiment(ExperimentKey("one")).forced.isEmpty)
        registry.close()
    }
}

import Enrollment
import Experiments
import Foundation
import Testing

@Suite struct RegistryChangesTests {
    @Test(arguments: StoreKind.allCases) func aChangeIsInForceForEveryLaterDevice(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        _ = try await registry.enroll(Samples.token(0))
        let context = try await registry.change(actor: "ann", action: "start") { catalogue, context in
            var experiment = try Samples.experiment("price")
            try experiment.start(at: context.nextOrdinal, now: context.now)
            try catalogue.add(experiment)
            return context
        }
        #expect(context.nextOrdinal == 1)
        #expect(context.revision == 0)
        #expect(registry.revision == 1)
        #expect(registry.snapshot.revision == 1)
        #expect(try registry.catalogue.experiment(ExperimentKey("price")).firstOrdinal == 1)
        #expect(try await registry.enroll(Samples.token(1)).ordinal == 1)
        registry.close()
    }

    @Test(arguments: StoreKind.allCases) func aRefusedChangeIsThrownToWhoAsked(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        let key = try ExperimentKey("none")
        await #expect(throws: ExperimentError.unknownKey(key)) {
            try await registry.change(actor: "ann", action: "pause") { catalogue, context in
                try catalogue.change(key) { experiment throws(ExperimentError) in try experiment.pause(at: context.nextOrdinal) }
            }
        }
        #expect(registry.revision == 0)
        #expect(registry.failure == nil)
        #expect(try await registry.auditLog() == [])
        registry.close()
    }

    @Test(arguments: StoreKind.allCases) func aDraftThatIsDeletedIsGoneButForTheAuditLog(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        let key = try ExperimentKey("b")
        try await registry.change(actor: "ann", action: "create") { catalogue, _ in
            for key in ["a", "b", "c"] { try catalogue.add(Samples.experiment(key)) }
        }
        try await registry.change(actor: "bob", action: "delete") { catalogue, _ in try catalogue.removeDraft(key) }
        #expect(registry.catalogue.experiments.map(\.key.text) == ["a", "c"])
        let log = try await registry.auditLog(AuditQuery(subject: "b"))
        #expect(log.map(\.action) == ["delete", "create"])
        #expect(log[0].before != nil && log[0].after == nil)
        registry.close()
        guard StoreKind.durable.contains(kind) else { return }
        let again = try Registry(place.makeStore())
        #expect(again.catalogue.experiments.map(\.key.text) == ["a", "c"])
        again.close()
    }

    @Test(arguments: StoreKind.allCases)
    func `What is to be the next of its kind is written down only if it is`(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        func note(_ after: String, following last: Int64?, of subject: String = "s") async throws -> Bool {
            try await registry.note(
                actor: "a", action: "verdict", subject: subject, before: nil, after: "{\"n\":\"\(after)\"}", following: last)
        }
        func last() async throws -> Int64? { try await registry.auditLog(of: "s", actions: ["verdict"]).first?.id }
        #expect(try await last() == nil)
        #expect(try await !note("x", following: 1))
        #expect(try await note("1", following: nil))
        #expect(try await !note("y", following: nil))
        let first = try await last()
        #expect(try await note("2", following: first))
        // Other kinds and subjects are none of its kind, however many there are.
        for number in 0..<1001 { try await registry.note(actor: "a", action: "other", subject: "s", after: "{\"n\":\(number)}") }
        #expect(try await note("1", following: nil, of: "t"))
        #expect(try await !note("z", following: first))
        let second = try await last()
        #expect(try await note("3", following: second))
        let log = try await registry.auditLog(of: "s", actions: ["verdict"])
        #expect(log.map(\.after) == ["3", "2", "1"].map { "{\"n\":\"\($0)\"}" } && log.map(\.id) == log.map(\.id).sorted(by: >))
        #expect(try await registry.auditLog(of: "s", actions: ["other", "verdict"]).count == 1004)
        #expect(try await registry.auditLog(of: "s", actions: []).isEmpty)
        #expect(try await registry.auditLog(AuditQuery(actions: ["verdict"])).map(\.subject) == ["s", "t", "s", "s"])
        registry.close()
    }

    @Test func theAuditLogTellsBeforeAndAfterButNeverTheSecret() async throws {
        var options = Registry.Options()
        options.now = { Timestamp(milliseconds: 77) }
        let registry = try Registry(MemoryStore(), options: options)
        let key = try ExperimentKey("price")
        try await registry.change(actor: "ann", action: "create") { catalogue, _ in try catalogue.add(Samples.experiment("price")) }
        try await registry.change(actor: "bob", action: "start") { catalogue, context in
            try catalogue.change(key) { experiment throws(ExperimentError) in
                try experiment.start(at: context.nextOrdinal, now: context.now)
            }
        }
        let log = try await registry.auditLog()
        #expect(log.map(\.actor) == ["bob", "ann"])
        #expect(log.map(\.action) == ["start", "create"])
        #expect(log.map(\.subject) == ["price", "price"])
        #expect(log.map(\.time.milliseconds) == [77, 77])
        #expect(log[1].before == nil)
        #expect(log[1].after == log[0].before)
        #expect(log[0].before?.contains(#""state":"draft""#) == true)
        #expect(log[0].after?.contains(#""state":"running""#) == true)
        for text in log.flatMap({ [$0.before, $0.after] }).compactMap(\.self) { #expect(!text.contains("secret")) }
        registry.close()
    }

    @Test(arguments: StoreKind.durable) func experimentsAreTheSameAfterReopening(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        try await registry.change(actor: "ann", action: "create") { catalogue, _ in
            for key in ["b", "a", "c"] { try catalogue.add(Samples.experiment(key)) }
        }
        let catalogue = registry.catalogue
        registry.close()
        let reopened = try Registry(place.makeStore())
        #expect(reopened.catalogue == catalogue)
        #expect(reopened.id == registry.id)
        reopened.close()
    }

    @Test func aChangeThatChangesNothingLeavesNoTrace() async throws {
        let registry = try Registry(MemoryStore())
        try await registry.change(actor: "ann", action: "look") { _, _ in }
        #expect(registry.revision == 0)
        #expect(try await registry.auditLog() == [])
        registry.close()
    }

    @Test func changesAndFirstContactsTakeTurns() async throws {
        let registry = try Registry(MemoryStore())
        let starts = try await withThrowingTaskGroup { group in
            for number in 0..<500 {
                group.addTask { () -> Ordinal? in
                    if number.isMultiple(of: 10) {
                        return try await registry.change(actor: "ann", action: "start") { catalogue, context in
                            var experiment = try Samples.experiment("e\(number)")
                            try experiment.start(at: context.nextOrdinal, now: context.now)
                            try catalogue.add(experiment)
                            return context.nextOrdinal
                        }
                    }
                    let device = try await registry.enroll(Samples.token(number))
                    // Whoever has an ordinal finds everything in force that began at it or before.
                    let revision = registry.revision
                    #expect(registry.snapshot.revision >= revision)
                    return device.ordinal < 450 ? nil : device.ordinal
                }
            }
            return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
        }
        #expect(starts.count == 50)
        #expect(registry.catalogue.experiments.count == 50)
        #expect(registry.nextOrdinal == 450)
        registry.close()
    }
}

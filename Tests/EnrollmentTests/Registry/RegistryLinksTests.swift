import Enrollment
import EnrollmentTesting
import Experiments
import Foundation
import SeededRandom
import Testing

@Suite struct RegistryLinksTests {
    private func person(_ number: Int) throws -> PersonID { try PersonID("person-\(number)") }

    /// A device asks for its values, or is linked to a person.
    private struct Step {
        let token: Int
        let person: Int?
    }

    private func ordinal(after step: Step, _ registry: Registry) async throws -> Ordinal? {
        let token = try Samples.token(step.token)
        guard let number = step.person else { return try await registry.enroll(token).ordinal }
        return ordinal(try await registry.link(token, to: person(number)))
    }

    private func ordinal(_ outcome: LinkOutcome) -> Ordinal? {
        if case .linked(_, let device) = outcome { device.ordinal } else { nil }
    }

    @Test(arguments: StoreKind.allCases) func `A linked device is answered as the person's first, also after a restart`(kind: StoreKind)
        async throws
    {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        let ann = try person(1)
        _ = try await registry.enroll(Samples.token(1))
        let first = try await registry.enroll(Samples.token(2))
        #expect(ordinal(try await registry.link(Samples.token(2), to: ann)) == 1)
        #expect(ordinal(try await registry.link(Samples.token(3), to: ann)) == 1)
        #expect(ordinal(try await registry.link(Samples.token(1), to: ann)) == 0)
        #expect(try await registry.link(Samples.token(3), to: person(2)) == .taken)
        #expect(ordinal(try await registry.link(Samples.token(4), to: person(2))) == 2)
        func check() async throws {
            #expect(try registry.device(for: Samples.token(3)) == first)
            #expect(try await registry.enroll(Samples.token(3)) == first)
            #expect(registry.nextOrdinal == 3)
            #expect(registry.census == Census())
            #expect(try await registry.devices(from: 0, limit: 100).devices.map(\.token) == [1, 2, 4].map(Samples.token))
            #expect(try await registry.links(.after(0, limit: 100)).map(\.number) == [1, 2, 3, 4])
            #expect(registry.lastLink == 4)
            #expect(try await registry.links(.after(1, limit: 1)).map(\.token) == [Samples.token(3)])
            #expect(try await registry.links(.ofPerson(ann)).map(\.isAlias) == [false, true, false])
        }
        try await check()
        if StoreKind.durable.contains(kind) {
            registry.close()
            registry = try Registry(place.makeStore())
            try await check()
        }
        #expect(try await registry.enroll(Samples.token(5)).ordinal == 3)
        registry.close()
    }

    @Test(arguments: StoreKind.allCases) func `No answer ever changes by linking, whatever comes at once`(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        var random = SeededGenerator(seed: 7)
        var answers: [Int: Ordinal] = [:]
        var owners: [Int: Int] = [:]
        for _ in 0..<(kind == .memory ? 1 : 4) {
            let registry = try Registry(place.makeStore())
            for _ in 0..<15 {
                // Tokens come to be linked and to ask for their values, at once and in any order.
                let steps = (0..<60).map { _ in
                    Step(
                        token: Int.random(in: 0..<200, using: &random),
                        person: Bool.random(using: &random) ? Int.random(in: 0..<40, using: &random) : nil)
                }
                let results = try await withThrowingTaskGroup(of: (Step, Ordinal?).self) { group in
                    for step in steps { group.addTask { (step, try await ordinal(after: step, registry)) } }
                    return try await group.reduce(into: [(Step, Ordinal?)]()) { $0.append($1) }
                }
                for (step, ordinal) in results {
                    guard let ordinal else { continue }
                    #expect(answers[step.token] ?? ordinal == ordinal, "device \(step.token)")
                    answers[step.token] = ordinal
                    if let person = step.person {
                        #expect(owners[step.token] ?? person == person)
                        owners[step.token] = person
                    }
                }
            }
            for (number, ordinal) in answers { #expect(try registry.device(for: Samples.token(number))?.ordinal == ordinal) }
            #expect(registry.census == Census())
            // Every ordinal is one device's, and whatever else is answered by it is the same person's.
            let devices = try await registry.devices(from: 0, limit: 1000).devices
            #expect(devices.map(\.device.ordinal) == Array(0..<registry.nextOrdinal))
            let links = try await registry.links(.after(0, limit: 1000))
            for (person, theirs) in Dictionary(grouping: links, by: \.person) {
                let first = theirs[0].device
                #expect(theirs.allSatisfy { $0.device == first } && !theirs[0].isAlias, "\(person)")
                for link in theirs where link.isAlias { #expect(registry.device(for: link.token) == first) }
            }
            #expect(links.contains { $0.isAlias } && links.contains { !$0.isAlias })
            registry.close()
        }
    }

    @Test func `Two servers agree on a device that asks at one and is linked at the other at the same moment`() async throws {
        let database = try PostgresTestServer.shared.get().makeDatabase()
        var options = Registry.Options()
        options.pollInterval = .milliseconds(20)
        let (one, other) = (
            try Registry(PostgresStore(uri: database), options: options), try Registry(PostgresStore(uri: database), options: options)
        )
        for number in 0..<40 {
            // The person's first device, and then a second that comes to both servers.
            let first = try await one.enroll(Samples.token(2 * number))
            _ = try await one.link(Samples.token(2 * number), to: person(number))
            async let asked = one.enroll(Samples.token(2 * number + 1))
            async let linked = other.link(Samples.token(2 * number + 1), to: person(number))
            let (device, outcome) = (try await asked, try await linked)
            #expect(ordinal(outcome) == device.ordinal)
            guard case .linked(let link, _) = outcome else { continue }
            #expect(link.device == first && link.isAlias == (device == first))
        }
        for server in [one, other] {
            try await eventually("it knows all") {
                try (0..<80).allSatisfy { try server.device(for: Samples.token($0)) != nil } && server.lastLink == 80
            }
        }
        for number in 0..<80 {
            #expect(try one.device(for: Samples.token(number)) == other.device(for: Samples.token(number)))
        }
        #expect(one.nextOrdinal == other.nextOrdinal)
        one.close()
        other.close()
    }

    @Test(arguments: StoreKind.allCases) func `A person is forgotten with all their devices, whose ordinals stay`(kind: StoreKind)
        async throws
    {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        let ann = try person(1)
        for number in 0..<3 { _ = try await registry.enroll(Samples.token(number)) }
        for number in [1, 2, 7] { _ = try await registry.link(Samples.token(number), to: ann) }
        #expect(try await registry.forget(ann, actor: "root") == [1, 2, 7].map(Samples.token))
        #expect(try await registry.forget(ann, actor: "root").isEmpty)
        func check() async throws {
            for number in [1, 2, 7] { #expect(try registry.device(for: Samples.token(number)) == nil) }
            #expect(try registry.device(for: Samples.token(0))?.ordinal == 0)
            #expect(registry.census == Census())
            #expect(registry.nextOrdinal == 3)
            #expect(try await registry.links(.after(0, limit: 10)).isEmpty)
            let log = try await registry.auditLog()
            #expect(log.allSatisfy { $0.subject.hasPrefix("person ") && !"\($0)".contains("person-1") && !"\($0)".contains("device-") })
        }
        try await check()
        if StoreKind.durable.contains(kind) {
            registry.close()
            registry = try Registry(place.makeStore())
            try await check()
        }
        // Whoever comes again is new, also as a person.
        #expect(ordinal(try await registry.link(Samples.token(7), to: ann)) == 3)
        #expect(try await registry.links(.of(Samples.token(7))).first?.number == 4)
        registry.close()
    }

    @Test(arguments: StoreKind.allCases) func `A forgotten device that had no ordinal of its own takes nothing from the person's first`(
        kind: StoreKind
    ) async throws {
        let registry = try Registry(kind.makePlace().makeStore())
        let first = try await registry.enroll(Samples.token(1))
        for number in [1, 2, 3] { _ = try await registry.link(Samples.token(number), to: person(1)) }
        #expect(try await registry.forget(Samples.token(2), actor: "root"))
        #expect(try registry.device(for: Samples.token(1)) == first)
        #expect(try registry.device(for: Samples.token(2)) == nil)
        #expect(try registry.device(for: Samples.token(3)) == first)
        // Without the first device the others stay what they are.
        #expect(try await registry.forget(Samples.token(1), actor: "root"))
        #expect(try registry.device(for: Samples.token(3)) == first)
        #expect(ordinal(try await registry.link(Samples.token(4), to: person(1))) == first.ordinal)
        #expect(registry.census == Census())
        registry.close()
    }

    @Test func `A link that may not have been written is refused, and is one link when it is told again`() async throws {
        for fault in [FaultyStore.Faults.Fault.refuse, .forgetToTell] {
            let faults = FaultyStore.Faults()
            let registry = try Registry(FaultyStore(faults))
            let first = try await registry.enroll(Samples.token(1))
            _ = try await registry.link(Samples.token(1), to: person(1))
            faults.set(fault, opening: true)
            await #expect(throws: EnrollmentError.self) { try await registry.link(Samples.token(2), to: person(1)) }
            #expect(try registry.device(for: Samples.token(1)) == first)
            faults.set(nil)
            try await eventually("it recovers") { registry.failure == nil }
            #expect(ordinal(try await registry.link(Samples.token(2), to: person(1))) == 0)
            #expect(try await registry.links(.after(0, limit: 10)).map(\.number) == [1, 2])
            #expect(registry.census == Census())
            registry.close()
        }
    }

    @Test func `Links share transactions, and first contacts are not kept waiting by them`() async throws {
        let directory = try TemporaryDirectory()
        let registry = try Registry(SQLiteStore(directory: directory.path))
        try await withThrowingTaskGroup { group in
            for number in 0..<2000 {
                group.addTask { _ = try await registry.link(Samples.token(number), to: self.person(number / 4)) }
                if number.isMultiple(of: 20) { group.addTask { _ = try await registry.enroll(Samples.token(10_000 + number)) } }
            }
            try await group.waitForAll()
        }
        #expect(registry.nextOrdinal == 600)
        #expect(registry.lastLink == 2000)
        #expect(registry.census == Census())
        registry.close()
    }
}

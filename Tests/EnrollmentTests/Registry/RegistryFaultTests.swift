import Enrollment
import Experiments
import Foundation
import Synchronization
import Testing

/// The store fails; what is known stays known, what is new is refused, and all is well again without a restart.
@Suite struct RegistryFaultTests {
    private let faults = FaultyStore.Faults()

    private func makeRegistry() throws -> Registry {
        var options = Registry.Options()
        options.retry = .milliseconds(1)...(.milliseconds(10))
        return try Registry(FaultyStore(faults), options: options)
    }

    @Test func firstContactsAreRefusedAndKnownDevicesAnsweredWhileTheStoreFails() async throws {
        let registry = try makeRegistry()
        let known = try await registry.enroll(Samples.token(1))
        faults.set(.refuse, opening: true)
        await #expect(throws: EnrollmentError.unavailable(reason: "no room")) { try await registry.enroll(Samples.token(2)) }
        #expect(try registry.device(for: Samples.token(1)) == known)
        #expect(try await registry.enroll(Samples.token(1)) == known)
        #expect(try registry.device(for: Samples.token(2)) == nil)
        try await eventually("the reason is the latest") { registry.failure == .unavailable(reason: "still away") }
        await #expect(throws: EnrollmentError.unavailable(reason: "still away")) { try await registry.enroll(Samples.token(3)) }
        faults.set(nil)
        try await eventually("it recovers") { registry.failure == nil }
        #expect(try await registry.enroll(Samples.token(2)).ordinal == 1)
        #expect(registry.nextOrdinal == 2)
        registry.close()
    }

    @Test func aCommitOfUnknownOutcomeIsTakenInAfterwards() async throws {
        let registry = try makeRegistry()
        faults.set(.forgetToTell)
        await #expect(throws: EnrollmentError.unavailable(reason: "connection lost")) { try await registry.enroll(Samples.token(1)) }
        faults.set(nil)
        try await eventually("it recovers") { registry.failure == nil }
        #expect(try registry.device(for: Samples.token(1))?.ordinal == 0)
        // The same device, not another one.
        #expect(try await registry.enroll(Samples.token(1)).ordinal == 0)
        #expect(try await registry.enroll(Samples.token(2)).ordinal == 1)
        registry.close()
    }

    @Test func aStoreThatOpensButCannotCommitIsNotTriedWithoutPause() async throws {
        var options = Registry.Options()
        options.retry = .seconds(600)...(.seconds(600))
        let registry = try Registry(FaultyStore(faults), options: options)
        faults.set(.refuse)
        for number in 0..<200 {
            await #expect(throws: EnrollmentError.self) { try await registry.enroll(Samples.token(number)) }
        }
        // When it was made, at once after the first failure, and not yet after the second.
        #expect(faults.openings.load(ordering: .relaxed) <= 2)
        #expect(registry.metrics.failures <= 2)
        registry.close()
    }

    @Test func aChangeThatTheStoreRefusesIsNotInForce() async throws {
        let registry = try makeRegistry()
        faults.set(.refuse, opening: true)
        await #expect(throws: EnrollmentError.unavailable(reason: "no room")) {
            try await registry.change(actor: "ann", action: "create") { catalogue, _ in try catalogue.add(Samples.experiment("price")) }
        }
        #expect(registry.catalogue == .empty)
        await #expect(throws: EnrollmentError.self) { try await registry.auditLog() }
        faults.set(nil)
        try await eventually("it recovers") { registry.failure == nil }
        #expect(try await registry.auditLog() == [])
        registry.close()
    }

    @Test func failureAndRecoveryAreReported() async throws {
        let events = Mutex<[String]>([])
        var options = Registry.Options()
        options.report = { event in
            events.withLock {
                switch event {
                case .failed(let error): $0.append(error.description)
                case .recovered: $0.append("recovered")
                case .incomplete(let census): $0.append(census.alarm ?? "")
                }
            }
        }
        let registry = try Registry(FaultyStore(faults), options: options)
        faults.set(.forgetToTell)
        await #expect(throws: EnrollmentError.self) { try await registry.enroll(Samples.token(1)) }
        try await eventually("it recovers") { events.withLock { $0 } == ["connection lost", "recovered"] }
        registry.close()
    }

    @Test func closingDoesNotWaitForAStoreThatIsAway() async throws {
        let registry = try makeRegistry()
        faults.set(.refuse, opening: true)
        await #expect(throws: EnrollmentError.self) { try await registry.enroll(Samples.token(1)) }
        registry.close()
        #expect(registry.failure == .closed)
    }

    @Test func tooManyFirstContactsAreRefused() throws {
        var options = Registry.Options()
        options.waiting = 10
        let registry = try Registry(MemoryStore(), options: options)
        let (entered, held) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        // The writer is kept busy by the first answer.
        registry.enroll(try Samples.token(0)) { _ in
            entered.signal()
            held.wait()
        }
        entered.wait()
        let answers = Answers()
        for number in 1...50 {
            answers.expect()
            registry.enroll(try Samples.token(number)) { answers.record(number, $0) }
        }
        held.signal()
        let all = answers.wait(threads: 0)
        #expect(all.failures == 40 && all.ordinals.count == 10)
        registry.close()
    }
}

import Enrollment
import EnrollmentTesting
import Experiments
import Foundation
import Testing

/// PostgreSQL goes away and comes back.
///
/// It is a server of our own, since the others need theirs.
@Suite struct RegistryWithoutPostgresTests {
    @Test func knownDevicesAreAnsweredWhilePostgresIsGoneAndAllIsWellWhenItIsBack() async throws {
        let server = try PostgresTestServer()
        let registry = try Registry(PostgresStore(uri: server.makeDatabase()))
        let known = try await registry.enroll(Samples.token(0))

        try server.stop()
        let refused = try await registry.refusal(of: Samples.token(1))
        guard case .unavailable = refused else { Issue.record("\(String(describing: refused))"); return }
        #expect(try registry.device(for: Samples.token(0)) == known)
        #expect(try await registry.enroll(Samples.token(0)) == known)
        // It fails fast, however long it is gone.
        let began = ContinuousClock.now
        for number in 1..<100 { _ = try await registry.refusal(of: Samples.token(number)) }
        #expect(ContinuousClock.now - began < .seconds(2))

        try server.start()
        try await eventually("it recovers") { registry.failure == nil }
        #expect(try await registry.enroll(Samples.token(1)).ordinal == 1)
        #expect(registry.nextOrdinal == 2)
        registry.close()
    }

    @Test func aRestartUnderLoadLosesAndChangesNoAnswer() async throws {
        let server = try PostgresTestServer()
        let database = try server.makeDatabase()
        let registry = try Registry(PostgresStore(uri: database))
        let answers = Answers()
        let clients = 16
        for client in 0..<clients {
            Thread.detachNewThread {
                let end = Date(timeIntervalSinceNow: 3)
                var number = client
                while Date() < end {
                    answers.expect()
                    if let token = try? Samples.token(number) {
                        let answered = DispatchSemaphore(value: 0)
                        let asked = number
                        registry.enroll(token) { result in
                            answers.record(asked, result)
                            answered.signal()
                        }
                        answered.wait()
                    }
                    number += clients
                }
                answers.finish()
            }
        }
        try await Task.sleep(for: .seconds(1))
        try server.stop()
        try server.start()
        let all = answers.wait(threads: clients)
        try await eventually("it recovers") { registry.failure == nil }
        registry.close()

        let reopened = try Registry(PostgresStore(uri: database))
        #expect(all.ordinals.count > 0)
        for (number, ordinals) in all.ordinals {
            let device = try reopened.device(for: Samples.token(number))
            #expect(device.map { ordinals == [$0.ordinal] } == true)
        }
        #expect(reopened.nextOrdinal >= Ordinal(all.ordinals.count))
        reopened.close()
    }
}

extension Registry {
    /// The error that a first contact gets, or nil if it is enrolled.
    fileprivate func refusal(of token: DeviceToken) async throws -> EnrollmentError? {
        do throws(EnrollmentError) {
            _ = try await enroll(token)
            return nil
        } catch {
            return error
        }
    }
}

import Enrollment
import EnrollmentTesting
import Experiments
import Foundation
import Testing

/// Several servers, each a registry of its own, on one database.
@Suite struct RegistryOnPostgresTests {
    @Test func theSameTokenAtTwoServersAtOnceIsOneDevice() async throws {
        let database = try PostgresTestServer.shared.get().makeDatabase()
        let one = try Registry(PostgresStore(uri: database))
        let other = try Registry(PostgresStore(uri: database))
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
}

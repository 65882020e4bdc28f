import Enrollment
import Experiments
import Foundation
import Testing

@Suite struct RegistryTests {
    @Test func devicesAreNumberedInTheOrderOfTheirFirstContact() async throws {
        let registry = try Registry(MemoryStore())
        for number in 0..<10 {
            #expect(try await registry.enroll(Samples.token(number)).ordinal == Ordinal(number))
        }
        #expect(try await registry.enroll(Samples.token(3)).ordinal == 3)
        #expect(registry.nextOrdinal == 10)
        registry.close()
    }

    @Test func aDeviceIsKnownAtOnceAndAfterReopening() async throws {
        let directory = try TemporaryDirectory()
        let token = try DeviceToken("phone")
        let first: Device
        do {
            let registry = try Registry(SQLiteStore(directory: directory.path))
            #expect(registry.device(for: token) == nil)
            first = try await registry.enroll(token)
            #expect(registry.device(for: token) == first)
            registry.close()
        }
        let registry = try Registry(SQLiteStore(directory: directory.path))
        #expect(registry.device(for: token) == first)
        #expect(registry.nextOrdinal == 1)
        registry.close()
    }

    @Test func sixtyFourThreadsEnrolAllDevicesOnceEach() throws {
        let directory = try TemporaryDirectory()
        let registry = try Registry(SQLiteStore(directory: directory.path))
        let answers = Answers()
        // Each of 600 tokens is asked for by several threads at once.
        for thread in 0..<64 {
            Thread.detachNewThread {
                for step in 0..<75 {
                    let number = (thread * 37 + step) % 600
                    answers.expect()
                    guard let token = try? Samples.token(number) else { continue }
                    registry.enroll(token) { answers.record(number, $0) }
                }
                answers.finish()
            }
        }
        let all = answers.wait(threads: 64)
        #expect(all.failures == 0)
        #expect(all.ordinals.count == 600)
        #expect(all.ordinals.values.allSatisfy { $0.count == 1 })
        #expect(Set(all.ordinals.values.flatMap(\.self)) == Set(0..<600))
        #expect(registry.nextOrdinal == 600)
        registry.close()
    }

    @Test func aClosedRegistryRefuses() async throws {
        let registry = try Registry(MemoryStore())
        let device = try await registry.enroll(Samples.token(1))
        registry.close()
        await #expect(throws: EnrollmentError.closed) { try await registry.enroll(Samples.token(2)) }
        #expect(try registry.device(for: Samples.token(1)) == device)
        #expect(registry.failure == .closed)
    }
}

import Enrollment
import Experiments
import Testing

@Suite struct RegistryDevicesTests {
    @Test(arguments: StoreKind.allCases) func devicesAreReadInTheirOrder(kind: StoreKind) async throws {
        let registry = try Registry(kind.makePlace().makeStore())
        for number in 0..<10 { _ = try await registry.enroll(Samples.token(number)) }
        let first = try await registry.devices(from: 2, limit: 3)
        #expect(try first.devices.map(\.token) == (2..<5).map(Samples.token))
        #expect(first.devices.map(\.device.ordinal) == [2, 3, 4])
        #expect(first.next == 5)
        #expect(try await registry.devices(from: 8, limit: 100).next == 10)
        #expect(try await registry.devices(from: 10, limit: 100).devices.isEmpty)
        registry.close()
    }

    private func checkThatOneIsForgotten(_ registry: Registry) async throws {
        let (one, two) = (try Samples.token(1), try Samples.token(2))
        #expect(registry.device(for: one) == nil)
        #expect(registry.device(for: two)?.ordinal == 2)
        #expect(registry.census == Census())
        let devices = try await registry.devices(from: 0, limit: 100).devices
        #expect(devices.map(\.device.ordinal) == [0, 1, 2])
        #expect(!devices.contains { $0.token == one })
        #expect(devices[1].token.description.hasPrefix("forgotten-"))
        #expect(devices.map(\.token.isForgotten) == [false, true, false])
    }

    @Test(arguments: StoreKind.allCases) func aForgottenDeviceIsNewAgainAndItsOrdinalStays(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        var registry = try Registry(place.makeStore())
        for number in 0..<3 { _ = try await registry.enroll(Samples.token(number)) }
        #expect(try await registry.forget(Samples.token(1), actor: "ann"))
        #expect(try await !registry.forget(Samples.token(7), actor: "ann"))
        let one = try Samples.token(1)
        try await checkThatOneIsForgotten(registry)
        let log = try await registry.auditLog()
        #expect(log.map(\.action) == ["forget", "forget"])
        #expect(!log.contains { "\($0)".contains(one.description) })
        if StoreKind.durable.contains(kind) {
            registry.close()
            registry = try Registry(place.makeStore())
            try await checkThatOneIsForgotten(registry)
        }
        #expect(try await registry.enroll(Samples.token(1)).ordinal == 3)
        registry.close()
    }
}

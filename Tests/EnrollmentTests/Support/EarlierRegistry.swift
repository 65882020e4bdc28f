import Enrollment
import Experiments
import Testing

// A registry with devices, an experiment and an access token in it, as every version could write them.
enum EarlierRegistry {
    static func fill(_ store: sending any RegistryStore) async throws -> [Device] {
        let registry = try Registry(store)
        defer { registry.close() }
        var devices: [Device] = []
        for number in 0..<25 { devices.append(try await registry.enroll(Samples.token(number))) }
        _ = try await registry.change(actor: "ann", action: "start") { catalogue, context in
            try catalogue.add(Samples.experiment("one"))
            try catalogue.change(ExperimentKey("one")) { experiment throws(ExperimentError) in
                try experiment.start(at: context.nextOrdinal, now: context.now)
            }
        }
        devices.append(try await registry.enroll(Samples.token(25)))
        return devices
    }

    static func expect(_ devices: [Device], in store: sending any RegistryStore) async throws {
        let registry = try Registry(store)
        defer { registry.close() }
        for (number, device) in devices.enumerated() { #expect(try registry.device(for: Samples.token(number)) == device) }
        #expect(registry.census == Census() && registry.nextOrdinal == 26)
        #expect(try registry.catalogue.experiment(ExperimentKey("one")).state == .running)
        #expect(try await registry.auditLog().map(\.actor) == ["ann"])
        // And what later versions brought: links, and devices by what is known of them.
        let ann = try PersonID("ann")
        for number in [3, 90] { _ = try await registry.link(Samples.token(number), to: ann) }
        #expect(try registry.device(for: Samples.token(90)) == devices[3])
        _ = try await registry.change(actor: "ann", action: "start") { catalogue, context in
            let targeting = Targeting(["age": .compares([.init(sign: .atLeast, value: .number(18))])])
            let allocation = try Allocation([Variant("a", weight: 1), Variant("b", weight: 1)])
            try catalogue.add(
                Experiment(key: ExperimentKey("two"), allocation: allocation, targeting: targeting, created: Timestamp(milliseconds: 1)))
            try catalogue.change(ExperimentKey("two")) { experiment throws(ExperimentError) in
                try experiment.start(at: context.nextOrdinal, now: context.now)
            }
        }
        let adult = try await registry.enroll(Samples.token(91), attributes: Attributes(["age": .number(30)]))
        let child = try await registry.enroll(Samples.token(92), attributes: Attributes(["age": .number(8)]))
        let dealer = try registry.snapshot.assigner.dealer(ExperimentKey("two"))
        #expect(dealer.placement(of: adult.ordinal).value != nil && dealer.placement(of: child.ordinal).value == nil)
    }
}

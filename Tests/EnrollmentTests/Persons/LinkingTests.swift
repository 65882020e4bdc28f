import Enrollment
import Experiments
import Testing

@Suite struct LinkingTests {
    private let now = Timestamp(milliseconds: 1000)
    private let old = Device(ordinal: 4, firstSeen: Timestamp(milliseconds: 1))
    private let older = Device(ordinal: 2, firstSeen: Timestamp(milliseconds: 1))

    private func linking(_ devices: [Int: Device] = [:]) throws -> Linking {
        let devices = try Dictionary(uniqueKeysWithValues: devices.map { (try Samples.token($0), $1) })
        return Linking(devices: devices, links: [], nextOrdinal: 7, lastNumber: 10, now: now)
    }

    @Test func `A person's first device is enrolled as any device, and later ones are answered as it`() throws {
        var linking = try linking()
        let ann = try PersonID("ann")
        let first = try linking.link(Samples.token(1), to: ann)
        let device = Device(ordinal: 7, firstSeen: now)
        #expect(
            try first == .linked(Link(number: 11, token: Samples.token(1), person: ann, time: now, device: device, isAlias: false), device))
        let second = try linking.link(Samples.token(2), to: ann)
        #expect(
            try second == .linked(Link(number: 12, token: Samples.token(2), person: ann, time: now, device: device, isAlias: true), device))
        #expect(linking.fresh == 7..<8)
        #expect(try linking.enrolled.map(\.token) == [Samples.token(1)])
        #expect(linking.added.map(\.number) == [11, 12])
    }

    @Test func `A device that has an ordinal keeps it, and the person's values are settled by the first link`() throws {
        var linking = try linking([1: old, 2: older])
        let ann = try PersonID("ann")
        for (token, device, isAlias) in [(1, old, false), (2, older, false), (3, old, true)] {
            guard case .linked(let link, let answered) = try linking.link(Samples.token(token), to: ann) else {
                Issue.record("not linked")
                continue
            }
            #expect(answered == device && link.device == old && link.isAlias == isAlias)
        }
        #expect(linking.fresh.isEmpty)
    }

    @Test func `The same link again changes nothing, and another person's is refused`() throws {
        var linking = try linking([1: old])
        let (ann, bob) = (try PersonID("ann"), try PersonID("bob"))
        let first = try linking.link(Samples.token(1), to: ann)
        #expect(try linking.link(Samples.token(1), to: ann) == first)
        let alias = try linking.link(Samples.token(2), to: ann)
        #expect(try linking.link(Samples.token(2), to: ann) == alias)
        #expect(try linking.link(Samples.token(1), to: bob) == .taken)
        #expect(try linking.link(Samples.token(2), to: bob) == .taken)
        #expect(linking.added.count == 2)
    }
}

import Events
import Testing

@Suite struct DeliveryPaceTests {
    @Test func `It connects, delivers until nothing waits, and then gathers`() {
        var pace = DeliveryPace()
        #expect(pace.step(now: .zero) == .connect)
        pace.connected(now: .zero)
        #expect(pace.step(now: .zero) == .deliver)
        pace.delivered(.events, now: .zero)
        #expect(pace.step(now: .zero) == .deliver)
        pace.delivered(.nothing, now: .zero)
        #expect(pace.step(now: .milliseconds(400)) == .rest(.milliseconds(600)))
        #expect(pace.step(now: .seconds(1)) == .deliver)
    }

    @Test func `After a failure it connects anew, at growing intervals up to the most`() {
        var pace = DeliveryPace()
        var pauses: [Duration] = []
        for _ in 0..<9 {
            pace.failed(now: .zero)
            guard case .rest(let pause) = pace.step(now: .zero) else { return #expect(Bool(false), "it does not rest") }
            pauses.append(pause)
            #expect(pace.step(now: pause) == .connect)
        }
        #expect(pauses.prefix(4) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
        #expect(pauses.last == .seconds(30))
        // Connecting alone does not count: a warehouse may let in and then take nothing.
        pace.connected(now: .zero)
        pace.failed(now: .zero)
        #expect(pace.step(now: .zero) == .rest(.seconds(30)))
        pace.connected(now: .zero)
        pace.delivered(.nothing, now: .zero)
        pace.failed(now: .zero)
        #expect(pace.step(now: .zero) == .rest(.milliseconds(500)))
    }

    @Test func `Old events are looked for now and then`() {
        var policy = DeliveryPace.Policy()
        policy.expiry = .seconds(60)
        var pace = DeliveryPace(policy: policy)
        pace.connected(now: .zero)
        #expect(pace.step(now: .zero) == .expire)
        pace.expired(now: .zero)
        #expect(pace.step(now: .seconds(59)) == .deliver)
        #expect(pace.step(now: .seconds(60)) == .expire)
    }

    @Test func `Exposures that wait alone leave time to others, the more the more devices arrive, events do not wait`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.exposures(areArriving: true), took: .seconds(2), now: .seconds(2))
        #expect(pace.step(now: .seconds(2)) == .rest(.seconds(38)))
        #expect(pace.step(now: .seconds(40)) == .deliver)
        pace.delivered(.exposures(areArriving: false), took: .seconds(2), now: .seconds(42))
        #expect(pace.step(now: .seconds(42)) == .rest(.seconds(8)))
        pace.delivered(.events, took: .seconds(2), now: .seconds(42))
        #expect(pace.step(now: .seconds(42)) == .deliver)
    }

    @Test func `What comes meanwhile is gathered, the longer the more a delivery costs, up to a limit`() {
        for (took, rest) in [
            (Duration.milliseconds(20), Duration.seconds(1)), (.milliseconds(300), .milliseconds(2700)), (.seconds(9), .seconds(5)),
        ] {
            var pace = DeliveryPace()
            pace.connected(now: .zero)
            pace.delivered(.nothing, took: took, now: .zero)
            #expect(pace.step(now: .zero) == .rest(rest))
        }
    }

    @Test func `While news is taken in, what waits is gathered longer, up to a limit; many events wait for nobody`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.nothing, now: .zero)
        #expect(pace.step(now: .milliseconds(400), besides: true) == .rest(.milliseconds(600)))
        // When the reading ends, it is not waited for any longer.
        #expect(pace.step(now: .seconds(1), besides: true) == .rest(.milliseconds(100)))
        #expect(pace.step(now: .seconds(1), besides: false) == .deliver)
        #expect(pace.step(now: .milliseconds(30_950), besides: true) == .rest(.milliseconds(50)))
        #expect(pace.step(now: .seconds(31), besides: true) == .deliver)
        pace.delivered(.events, now: .seconds(31))
        #expect(pace.step(now: .seconds(31), besides: true) == .deliver)
    }

    @Test func `News is told once no more events wait than one delivery takes, and at the latest after a while`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.events, now: .seconds(60))
        #expect(!pace.tells(now: .seconds(60), last: .seconds(31)))
        #expect(pace.tells(now: .seconds(60), last: .seconds(30)))
        for remainder in [DeliveryPace.Remainder.nothing, .exposures(areArriving: true), .exposures(areArriving: false)] {
            pace.delivered(remainder, now: .seconds(60))
            #expect(pace.tells(now: .seconds(60), last: .seconds(60)))
        }
    }
}

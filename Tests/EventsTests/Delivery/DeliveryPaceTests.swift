import Events
import Testing

@Suite struct DeliveryPaceTests {
    @Test func `It connects, delivers until nothing waits, and then gathers`() {
        var pace = DeliveryPace()
        #expect(pace.step(now: .zero) == .connect)
        pace.connected(now: .zero)
        #expect(pace.step(now: .zero) == .deliver(withExposures: true))
        pace.delivered(.init(events: true), now: .zero)
        #expect(pace.step(now: .zero) == .deliver(withExposures: true))
        pace.delivered(.init(), now: .zero)
        #expect(pace.step(now: .milliseconds(400)) == .rest(.milliseconds(600)))
        #expect(pace.step(now: .seconds(1)) == .deliver(withExposures: true))
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
        pace.delivered(.init(), now: .zero)
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
        #expect(pace.step(now: .seconds(59)) == .deliver(withExposures: true))
        #expect(pace.step(now: .seconds(60)) == .expire)
    }

    @Test func `Exposures that wait leave time to others, up to a limit; events do not wait for them`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.init(exposures: .some(took: .seconds(4))), took: .milliseconds(300), now: .zero)
        // Events are gathered as ever.
        #expect(pace.step(now: .zero) == .rest(.milliseconds(2700)))
        #expect(pace.step(now: .milliseconds(2700)) == .deliver(withExposures: false))
        pace.delivered(.init(exposures: .asBefore), took: .milliseconds(10), now: .milliseconds(3600))
        #expect(pace.step(now: .milliseconds(3600)) == .rest(.milliseconds(400)))
        #expect(pace.step(now: .seconds(4)) == .deliver(withExposures: true))
        // On a busy machine it took long.
        pace.delivered(.init(exposures: .some(took: .seconds(12))), took: .seconds(12), now: .seconds(10))
        #expect(pace.step(now: .seconds(10)) == .rest(.seconds(5)))
        #expect(pace.step(now: .seconds(15)) == .deliver(withExposures: false))
        pace.delivered(.init(events: true, exposures: .asBefore), took: .seconds(3), now: .seconds(18))
        #expect(pace.step(now: .seconds(18)) == .deliver(withExposures: false))
        pace.delivered(.init(exposures: .asBefore), took: .seconds(3), now: .seconds(19))
        #expect(pace.step(now: .seconds(19)) == .rest(.seconds(1)))
        #expect(pace.step(now: .seconds(20)) == .deliver(withExposures: true))
    }

    @Test func `What comes meanwhile is gathered, the longer the more a delivery costs, up to a limit`() {
        for (took, rest) in [
            (Duration.milliseconds(20), Duration.seconds(1)), (.milliseconds(300), .milliseconds(2700)), (.seconds(9), .seconds(5)),
        ] {
            var pace = DeliveryPace()
            pace.connected(now: .zero)
            pace.delivered(.init(), took: took, now: .zero)
            #expect(pace.step(now: .zero) == .rest(rest))
        }
    }

    @Test func `While news is taken in, what waits is gathered longer, up to a limit; many events wait for nobody`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.init(), now: .zero)
        #expect(pace.step(now: .milliseconds(400), besides: true) == .rest(.milliseconds(600)))
        // When the reading ends, it is not waited for any longer.
        #expect(pace.step(now: .seconds(1), besides: true) == .rest(.milliseconds(100)))
        #expect(pace.step(now: .seconds(1), besides: false) == .deliver(withExposures: true))
        #expect(pace.step(now: .milliseconds(10_950), besides: true) == .rest(.milliseconds(50)))
        #expect(pace.step(now: .seconds(11), besides: true) == .deliver(withExposures: true))
        pace.delivered(.init(events: true), now: .seconds(11))
        #expect(pace.step(now: .seconds(11), besides: true) == .deliver(withExposures: true))
    }

    @Test func `News is told once no more events wait than one delivery takes, and at the latest after a while`() {
        var pace = DeliveryPace()
        pace.connected(now: .zero)
        pace.delivered(.init(events: true), now: .seconds(60))
        #expect(!pace.tells(now: .seconds(60), last: .seconds(51)))
        #expect(pace.tells(now: .seconds(60), last: .seconds(50)))
        for exposures in [DeliveryPace.Exposures.none, .some(took: .zero), .asBefore] {
            pace.delivered(.init(exposures: exposures), now: .seconds(60))
            #expect(pace.tells(now: .seconds(60), last: .seconds(60)))
        }
    }
}

import Experiments
import Notifications
import Testing

@Suite struct DeliveryQueueTests {
    private func queue(_ ids: Int64..., channel: String = "a") -> DeliveryQueue {
        var queue = DeliveryQueue()
        for id in ids { queue.add(.init(id: id, channel: channel, created: time(0))) }
        return queue
    }

    @Test func `messages of a channel go one at a time, the oldest first, a second apart`() {
        var queue = queue(2, 1, 3)
        #expect(queue.next(at: time(0)) == .send(id: 1))
        #expect(queue.next(at: time(0)) == .rest, "one is under way")
        #expect(queue.finished(1, .delivered, at: time(5)) == .delivered)
        #expect(queue.next(at: time(5)) == .wait(until: time(6)))
        #expect(queue.next(at: time(6)) == .send(id: 2))
        _ = queue.finished(2, .delivered, at: time(6))
        #expect(queue.next(at: time(7)) == .send(id: 3))
        _ = queue.finished(3, .delivered, at: time(7))
        #expect(queue.next(at: time(100)) == .rest)
    }

    @Test func `a channel that waits holds up no other`() {
        var queue = queue(1, 2)
        queue.add(.init(id: 3, channel: "b", created: time(0)))
        #expect(queue.next(at: time(0)) == .send(id: 1))
        #expect(queue.next(at: time(0)) == .send(id: 3))
        _ = queue.finished(1, .throttled(seconds: 100), at: time(0))
        _ = queue.finished(3, .delivered, at: time(0))
        queue.add(.init(id: 4, channel: "b", created: time(0)))
        #expect(queue.next(at: time(0)) == .wait(until: time(1)))
        #expect(queue.next(at: time(1)) == .send(id: 4))
    }

    @Test func `a receiver who asks for time gets it to the second, and it is no failure`() {
        var queue = queue(1)
        _ = queue.next(at: time(0))
        #expect(queue.finished(1, .throttled(seconds: 37), at: time(10)) == .again(at: time(47), failures: 0, reason: "asked to wait 37 s"))
        #expect(queue.next(at: time(46.999)) == .wait(until: time(47)))
        #expect(queue.next(at: time(47)) == .send(id: 1))
    }

    @Test func `each failure doubles the pause, up to a quarter of an hour, and after three days it is given up`() throws {
        var queue = queue(1)
        var now = time(0)
        var pauses: [Double] = []
        var conclusion = DeliveryQueue.Conclusion.delivered
        for _ in 0..<1000 {
            #expect(queue.next(at: now) == .send(id: 1))
            conclusion = queue.finished(1, .failed(reason: "no"), at: now)
            guard case .again(let due, _, "no") = conclusion else { break }
            pauses.append(Double(due.milliseconds - now.milliseconds) / 1000)
            now = due
        }
        #expect(conclusion == .givenUp(reason: "no"))
        #expect(now.milliseconds > Int64(2.9 * 86400) * 1000 && now.milliseconds <= 3 * 86400 * 1000)
        for (index, pause) in pauses.enumerated() {
            let doubled = min(900, 2 * Double(1 << min(index, 20)))
            #expect(pause >= doubled && pause <= min(900, doubled * 1.25) + 0.001, "\(index)")
        }
        #expect(queue.next(at: now) == .rest)
    }

    @Test func `messages that fail together do not all come back together`() {
        let pauses = (Int64(1)...50).map { id -> Int64 in
            var queue = queue(id)
            _ = queue.next(at: time(0))
            guard case .again(let due, _, _) = queue.finished(id, .failed(reason: ""), at: time(0)) else { return 0 }
            return due.milliseconds
        }
        #expect(Set(pauses).count > 20)
    }

    @Test func `what is refused is given up and the next one goes`() {
        var queue = queue(1, 2)
        _ = queue.next(at: time(0))
        #expect(queue.finished(1, .refused(reason: "chat not found"), at: time(0)) == .givenUp(reason: "chat not found"))
        #expect(queue.next(at: time(1)) == .send(id: 2))
    }

    @Test func `a message of an earlier run keeps its failures and its time`() {
        var queue = DeliveryQueue()
        queue.add(.init(id: 1, channel: "a", created: time(0), failures: 3), free: time(50))
        #expect(queue.next(at: time(0)) == .wait(until: time(50)))
        _ = queue.next(at: time(50))
        guard case .again(let due, 4, _) = queue.finished(1, .failed(reason: ""), at: time(50)) else {
            Issue.record("it should be tried again")
            return
        }
        #expect(due >= time(66) && due <= time(70.1))
    }

    @Test func `what was written down while the clock was far ahead goes all the same, and grows old from now on`() {
        let (now, year) = (time(0), 365.0 * 86400)
        var queue = DeliveryQueue()
        queue.add(.init(id: 1, channel: "a", created: time(year)), free: time(year))
        queue.add(.init(id: 2, channel: "b", created: time(year)))
        queue.add(.init(id: 3, channel: "c", created: now), free: time(3600))
        #expect(queue.next(at: now) == .send(id: 1))
        #expect(queue.next(at: now) == .send(id: 2))
        #expect(queue.next(at: now) == .wait(until: time(3600)), "an hour is what a channel may rest")
        guard case .again = queue.finished(1, .failed(reason: "no"), at: now) else {
            Issue.record("it should be tried again")
            return
        }
        _ = queue.next(at: time(4 * 86400))
        #expect(queue.finished(1, .failed(reason: "no"), at: time(4 * 86400)) == .givenUp(reason: "no"))
    }

    @Test func `a receiver who asks for longer than an hour gets an hour`() {
        var queue = queue(1)
        _ = queue.next(at: time(0))
        let conclusion = queue.finished(1, .throttled(seconds: .max), at: time(0))
        #expect(conclusion == .again(at: time(3600), failures: 0, reason: "asked to wait \(Int.max) s"))
        #expect(queue.next(at: time(3600)) == .send(id: 1))
    }
}

import Foundation
import Scheduling
import Synchronization
import Testing

@Suite struct RestraintTests {
    private func restraint(share: Double = 0.1, processors: Double = 2) -> Restraint {
        Restraint(policy: Restraint.Policy(share: share), processors: processors, from: Self.reading(0, own: 0, others: 0))
    }

    // In milliseconds.
    private static func reading(_ now: Int, own: Int, others: Int) -> Restraint.Reading {
        Restraint.Reading(now: .milliseconds(now), own: .milliseconds(own), others: .milliseconds(others))
    }

    @Test func `while others are busy, no more than the share is used`() {
        var restraint = restraint()
        // A fifth of one processor of two: 100 ms are used in half a second.
        #expect(restraint.rest(Self.reading(100, own: 100, others: 50)) == .milliseconds(50))
        var now = 100
        while let rest = restraint.rest(Self.reading(now, own: 100, others: now / 2)) { now += max(1, Int(rest / .milliseconds(1))) }
        #expect(now == 500)
        // It may be used again at once, and not more of it because nobody used it for a while.
        #expect(restraint.rest(Self.reading(5000, own: 100, others: 2500)) == nil)
        #expect(restraint.rest(Self.reading(5100, own: 200, others: 2550)) == .milliseconds(50))
    }

    @Test func `nothing is owed for what nobody else wanted`() {
        var restraint = restraint()
        #expect(restraint.rest(Self.reading(1000, own: 1000, others: 299)) == nil)
        #expect(restraint.rest(Self.reading(1100, own: 1100, others: 330)) == .milliseconds(50))
        // They are done.
        #expect(restraint.rest(Self.reading(1150, own: 1100, others: 330)) == nil)
    }

    @Test func `whether others are busy is not told from a moment`() {
        var restraint = restraint()
        #expect(restraint.rest(Self.reading(20, own: 10, others: 20)) == nil)
        #expect(restraint.rest(Self.reading(40, own: 20, others: 20)) != nil)
    }

    @Test func `on many processors it is one thread, which may have one of them`() {
        var restraint = restraint(processors: 10)
        #expect(restraint.rest(Self.reading(1000, own: 1000, others: 9000)) == nil)
    }

    @Test func `what is urgent does not rest, and is not owed later`() {
        var restraint = restraint()
        #expect(restraint.rest(Self.reading(1000, own: 900, others: 900), isUrgent: true) == nil)
        #expect(restraint.rest(Self.reading(1100, own: 910, others: 990)) == nil)
        #expect(restraint.rest(Self.reading(1200, own: 1010, others: 1080)) == .milliseconds(50))
    }

    @Test(
        arguments: [
            ("max 100000", nil), ("150000 100000\n", 1.5), ("50000 100000", 0.5), ("", nil), ("0 100000", nil), ("1 2 3", nil),
        ] as [(String, Double?)])
    func `the limit of a control group`(_ text: String, _ processors: Double?) { #expect(Processors.limit(text) == processors) }

    @Test func `what those use who come before others is counted, and what the rest uses is not`() async {
        let stop = Atomic(false)
        let began = ProcessorTime.reading()
        let used = await withCheckedContinuation { (told: CheckedContinuation<Duration, Never>) in
            Thread.detachNewThread {
                Precedence.early.take()
                let (before, start) = (ProcessorTime.reading(), ContinuousClock.now)
                while ContinuousClock.now - start < .milliseconds(100) {}
                let after = ProcessorTime.reading()
                told.resume(returning: after.own - before.own)
                // Nobody else's, and not to the nanosecond: clocks are read one after the other.
                #expect(after.others - before.others >= (after.own - before.own) / 2)
                while !stop.load(ordering: .acquiring) { usleep(1000) }
            }
        }
        #expect(used > .zero)
        let now = ProcessorTime.reading()
        #expect(now.others - began.others >= used / 2 && now.now > began.now)
        stop.store(true, ordering: .releasing)
    }
}

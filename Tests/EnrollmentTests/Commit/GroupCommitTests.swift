import Commit
import Enrollment
import Testing

@Suite struct GroupCommitTests {
    typealias Queue = GroupCommit<Int, String>

    /// Begins its commits as soon as it can.
    private func queue(_ change: (inout Queue.Limits) -> Void = { _ in }) -> Queue {
        var limits = Queue.Limits()
        limits.spacing.least = .zero
        change(&limits)
        return Queue(limits: limits)
    }

    private func newcomer(_ number: Int) throws -> Newcomer {
        Newcomer(token: try Samples.token(number), fingerprint: Samples.fingerprint(number))
    }

    private func tokens(_ step: Queue.Step) -> [String]? {
        if case .commit(let newcomers) = step { newcomers.map(\.token.description) } else { nil }
    }

    private func isSleep(_ step: Queue.Step, until time: Duration? = nil) -> Bool {
        if case .sleep(until: time) = step { true } else { false }
    }

    @Test func theWriterSleepsUntilSomebodyComesAndIsWokenOnce() throws {
        var queue = queue()
        #expect(isSleep(queue.next(now: .zero)))
        #expect(queue.arrive(try newcomer(1), 1) == .queued(wakeWriter: true))
        #expect(queue.arrive(try newcomer(2), 2) == .queued(wakeWriter: false))
        #expect(tokens(queue.next(now: .zero)) == ["device-1", "device-2"])
    }

    @Test func whoComesDuringACommitIsInTheNextBatch() throws {
        var queue = queue()
        _ = queue.arrive(try newcomer(1), 1)
        #expect(tokens(queue.next(now: .zero)) == ["device-1"])
        #expect(queue.arrive(try newcomer(2), 2) == .queued(wakeWriter: false))
        #expect(queue.committed().map(\.waiters) == [[1]])
        #expect(tokens(queue.next(now: .zero)) == ["device-2"])
    }

    @Test func allWhoWaitForOneDeviceAreAnsweredTogetherAlsoDuringItsCommit() throws {
        var queue = queue()
        _ = queue.arrive(try newcomer(1), 1)
        _ = queue.arrive(try newcomer(1), 2)
        #expect(tokens(queue.next(now: .zero)) == ["device-1"])
        _ = queue.arrive(try newcomer(1), 3)
        #expect(queue.isWaiting(for: Samples.fingerprint(1)))
        #expect(queue.committed().map(\.waiters) == [[1, 2, 3]])
        #expect(!queue.isWaiting(for: Samples.fingerprint(1)))
        #expect(isSleep(queue.next(now: .zero)))
    }

    @Test func aBatchIsBounded() throws {
        var queue = queue { $0.batch = 3 }
        for number in 1...7 { _ = queue.arrive(try newcomer(number), number) }
        var batches: [[Int]] = []
        while tokens(queue.next(now: .zero)) != nil { batches.append(queue.committed().flatMap(\.waiters)) }
        #expect(batches == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test func tooManyWaitersAreRefusedAndMakeRoomWhenAnswered() throws {
        var queue = queue { $0.waiting = 2 }
        _ = queue.arrive(try newcomer(1), 1)
        // Who waits for the same device counts too: each holds a connection.
        _ = queue.arrive(try newcomer(1), 2)
        #expect(queue.arrive(try newcomer(3), 3) == .refused(.overloaded(waiting: 2)))
        _ = queue.next(now: .zero)
        _ = queue.committed()
        #expect(queue.arrive(try newcomer(3), 3) == .queued(wakeWriter: false))
    }

    @Test func whoComesSoonAfterACommitIsWaitedWithUnlessEnoughWait() throws {
        var queue = queue { ($0.spacing.least, $0.spacing.enough) = (.milliseconds(2), 3) }
        _ = queue.arrive(try newcomer(1), 1)
        #expect(tokens(queue.next(now: .milliseconds(10))) == ["device-1"])
        _ = queue.committed()
        #expect(isSleep(queue.next(now: .milliseconds(11))))
        #expect(queue.arrive(try newcomer(2), 2) == .queued(wakeWriter: true))
        #expect(isSleep(queue.next(now: .milliseconds(11)), until: .milliseconds(12)))
        #expect(queue.arrive(try newcomer(3), 3) == .queued(wakeWriter: false))
        #expect(queue.arrive(try newcomer(4), 4) == .queued(wakeWriter: true))
        #expect(tokens(queue.next(now: .milliseconds(11))) == ["device-2", "device-3", "device-4"])
        _ = queue.committed()
        // A request does not wait for those who wait for company.
        _ = queue.arrive(try newcomer(5), 5)
        #expect(isSleep(queue.next(now: .milliseconds(11)), until: .milliseconds(13)))
        #expect(queue.request("change") == .queued(wakeWriter: true))
        guard case .perform("change") = queue.next(now: .milliseconds(11)) else { Issue.record("not the request"); return }
        #expect(isSleep(queue.next(now: .milliseconds(12)), until: .milliseconds(13)))
        #expect(tokens(queue.next(now: .milliseconds(13))) == ["device-5"])
    }

    @Test func aRequestHasItsTurnBetweenTwoBatches() throws {
        var queue = queue()
        _ = queue.arrive(try newcomer(1), 1)
        _ = queue.next(now: .zero)
        _ = queue.request("change")
        _ = queue.arrive(try newcomer(2), 2)
        _ = queue.committed()
        guard case .perform("change") = queue.next(now: .zero) else { Issue.record("not the request"); return }
        #expect(tokens(queue.next(now: .zero)) == ["device-2"])
    }

    @Test func aFailureRefusesAllWhoWaitAndAllWhoCome() throws {
        var queue = queue()
        _ = queue.arrive(try newcomer(1), 1)
        _ = queue.next(now: .zero)
        _ = queue.arrive(try newcomer(2), 2)
        _ = queue.request("change")
        let refused = queue.failed("disk full", now: .zero)
        #expect(refused.error == .unavailable(reason: "disk full"))
        #expect(refused.waiters == [1, 2])
        #expect(refused.requests == ["change"])
        #expect(queue.arrive(try newcomer(3), 3) == .refused(.unavailable(reason: "disk full")))
        #expect(queue.request("another") == .refused(.unavailable(reason: "disk full")))
        #expect(queue.failure == .unavailable(reason: "disk full"))
        #expect(queue.waiting == 0)
    }

    @Test func nothingIsAskedOfABrokenStoreUntilItHasRecovered() throws {
        var queue = queue { $0.pollInterval = .milliseconds(1) }
        _ = queue.failed("gone", now: .seconds(1))
        guard case .resynchronise = queue.next(now: .seconds(1)) else { Issue.record("not at once"); return }
        _ = queue.failed("still gone", now: .seconds(1))
        #expect(isSleep(queue.next(now: .seconds(1)), until: .seconds(1) + .milliseconds(100)))
        guard case .resynchronise = queue.next(now: .seconds(2)) else { Issue.record("not in time"); return }
        queue.recovered()
        #expect(queue.failure == nil)
        #expect(queue.arrive(try newcomer(1), 1) == .queued(wakeWriter: false))
    }

    @Test func thePauseDoublesUpToTheMostAndIsForgottenOnlyAfterACommit() throws {
        var queue = queue()
        var pauses: [Duration] = []
        for _ in 0..<8 {
            _ = queue.failed("gone", now: .zero)
            // A store that opens but cannot commit is no better than one that does not open.
            if case .sleep(let time?) = queue.next(now: .zero) { pauses.append(time) }
            _ = queue.next(now: .seconds(10))
            queue.recovered()
        }
        #expect(pauses == [100, 200, 400, 800, 1600, 2000, 2000].map { .milliseconds($0) })
        _ = queue.arrive(try newcomer(1), 1)
        _ = queue.next(now: .zero)
        _ = queue.committed()
        _ = queue.failed("gone", now: .zero)
        guard case .resynchronise = queue.next(now: .zero) else { Issue.record("not at once"); return }
    }

    @Test func othersNewsIsAskedForWhenItIsTimeAlsoUnderLoad() throws {
        var queue = queue { $0.pollInterval = .milliseconds(500) }
        #expect(isSleep(queue.next(now: .zero), until: .milliseconds(500)))
        _ = queue.arrive(try newcomer(1), 1)
        guard case .poll = queue.next(now: .milliseconds(500)) else { Issue.record("no poll"); return }
        #expect(tokens(queue.next(now: .milliseconds(501))) == ["device-1"])
        _ = queue.committed()
        #expect(isSleep(queue.next(now: .milliseconds(502)), until: .seconds(1)))
    }

    @Test func closingFinishesWhatWasAcceptedAndRefusesTheRest() throws {
        var queue = queue()
        #expect(isSleep(queue.next(now: .zero)))
        _ = queue.arrive(try newcomer(1), 1)
        #expect(queue.close() == false)
        #expect(queue.arrive(try newcomer(2), 2) == .refused(.closed))
        #expect(tokens(queue.next(now: .zero)) == ["device-1"])
        _ = queue.committed()
        guard case .stop = queue.next(now: .zero) else { Issue.record("not stopped"); return }
    }

    @Test func closingWakesASleepingWriterAndDoesNotWaitForABrokenStore() {
        var queue = queue()
        _ = queue.failed("gone", now: .zero)
        _ = queue.next(now: .zero)
        _ = queue.failed("gone", now: .zero)
        #expect(isSleep(queue.next(now: .zero), until: .milliseconds(100)))
        #expect(queue.close() == true)
        guard case .stop = queue.next(now: .zero) else { Issue.record("not stopped"); return }
    }
}

import Enrollment
import Testing

@Suite struct GroupCommitTests {
    typealias Queue = GroupCommit<Int, String>

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
        var queue = Queue()
        #expect(isSleep(queue.next(now: .zero)))
        #expect(queue.arrive(try newcomer(1), 1) == .queued(wakeWriter: true))
        #expect(queue.arrive(try newcomer(2), 2) == .queued(wakeWriter: false))
        #expect(tokens(queue.next(now: .zero)) == ["device-1", "device-2"])
    }

    @Test func whoComesDuringACommitIsInTheNextBatch() throws {
        var queue = Queue()
        _ = queue.arrive(try newcomer(1), 1)
        #expect(tokens(queue.next(now: .zero)) == ["device-1"])
        #expect(queue.arrive(try newcomer(2), 2) == .queued(wakeWriter: false))
        #expect(queue.committed().map(\.waiters) == [[1]])
        #expect(tokens(queue.next(now: .zero)) == ["device-2"])
    }

    @Test func allWhoWaitForOneDeviceAreAnsweredTogetherAlsoDuringItsCommit() throws {
        var queue = Queue()
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
        var limits = Queue.Limits()
        limits.batch = 3
        var queue = Queue(limits: limits)
        for number in 1...7 { _ = queue.arrive(try newcomer(number), number) }
        var batches: [[Int]] = []
        while tokens(queue.next(now: .zero)) != nil { batches.append(queue.committed().flatMap(\.waiters)) }
        #expect(batches == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test func tooManyWaitersAreRefusedAndMakeRoomWhenAnswered() throws {
        var limits = Queue.Limits()
        limits.waiting = 2
        var queue = Queue(limits: limits)
        _ = queue.arrive(try newcomer(1), 1)
        // Who waits for the same device counts too: each holds a connection.
        _ = queue.arrive(try newcomer(1), 2)
        #expect(queue.arrive(try newcomer(3), 3) == .refused(.overloaded(waiting: 2)))
        _ = queue.next(now: .zero)
        _ = queue.committed()
        #expect(queue.arrive(try newcomer(3), 3) == .queued(wakeWriter: false))
    }

    @Test func aRequestHasItsTurnBetweenTwoBatches() throws {
        var queue = Queue()
        _ = queue.arrive(try newcomer(1), 1)
        _ = queue.next(now: .zero)
        _ = queue.request("change")
        _ = queue.arrive(try newcomer(2), 2)
        _ = queue.committed()
        guard case .perform("change") = queue.next(now: .zero) else { Issue.record("not the request"); return }
        #expect(tokens(queue.next(now: .zero)) == ["device-2"])
    }

    @Test func aFailureRefusesAllWhoWaitAndAllWhoCome() throws {
        var queue = Queue()
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
        var limits = Queue.Limits()
        limits.pollInterval = .milliseconds(1)
        var queue = Queue(limits: limits)
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
        var queue = Queue()
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
        var limits = Queue.Limits()
        limits.pollInterval = .milliseconds(500)
        var queue = Queue(limits: limits)
        #expect(isSleep(queue.next(now: .zero), until: .milliseconds(500)))
        _ = queue.arrive(try newcomer(1), 1)
        guard case .poll = queue.next(now: .milliseconds(500)) else { Issue.record("no poll"); return }
        #expect(tokens(queue.next(now: .milliseconds(501))) == ["device-1"])
        _ = queue.committed()
        #expect(isSleep(queue.next(now: .milliseconds(502)), until: .seconds(1)))
    }

    @Test func closingFinishesWhatWasAcceptedAndRefusesTheRest() throws {
        var queue = Queue()
        #expect(isSleep(queue.next(now: .zero)))
        _ = queue.arrive(try newcomer(1), 1)
        #expect(queue.close() == false)
        #expect(queue.arrive(try newcomer(2), 2) == .refused(.closed))
        #expect(tokens(queue.next(now: .zero)) == ["device-1"])
        _ = queue.committed()
        guard case .stop = queue.next(now: .zero) else { Issue.record("not stopped"); return }
    }

    @Test func closingWakesASleepingWriterAndDoesNotWaitForABrokenStore() {
        var queue = Queue()
        _ = queue.failed("gone", now: .zero)
        _ = queue.next(now: .zero)
        _ = queue.failed("gone", now: .zero)
        #expect(isSleep(queue.next(now: .zero), until: .milliseconds(100)))
        #expect(queue.close() == true)
        guard case .stop = queue.next(now: .zero) else { Issue.record("not stopped"); return }
    }
}

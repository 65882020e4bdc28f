import Commit
import Testing

struct WriterTurnsTests {
    typealias Rest = WriterTurns.Rest

    private func turns() -> WriterTurns { WriterTurns(retry: .milliseconds(100)...(.milliseconds(300))) }

    @Test func aSleeperIsWokenOnce() {
        var turns = turns()
        let before = turns.wake()
        let rests = [turns.begin(now: .zero), turns.rest(until: .seconds(2))]
        #expect(rests == [nil, .sleep(until: .seconds(2))])
        let wakes = [before, turns.wake(), turns.wake()]
        #expect(wakes == [false, true, false])
    }

    @Test func aWriterAtWorkIsNotWoken() {
        var turns = turns()
        let rests = [turns.rest(), turns.begin(now: .zero)]
        #expect(rests == [.sleep(until: nil), nil])
        let isWoken = turns.wake()
        #expect(!isWoken)
    }

    @Test func commitsBeginApartUnlessEnoughWait() {
        var spacing = WriterTurns.Spacing()
        (spacing.least, spacing.enough) = (.milliseconds(10), 3)
        var turns = WriterTurns(retry: .milliseconds(100)...(.milliseconds(300)), spacing: spacing)
        // By when it is asked: at last there are enough.
        let rests = [(0, 1), (4, 1), (10, 1), (12, 2), (13, 3), (22, 2), (23, 1)].map { turns.commit(waiting: $1, now: .milliseconds($0)) }
        #expect(
            rests == [
                nil, .sleep(until: .milliseconds(10)), nil, .sleep(until: .milliseconds(20)), nil,
                .sleep(until: .milliseconds(23)), nil,
            ])
    }

    @Test func whoWaitsForCompanyIsWokenWhenThereIsEnoughOrForSomethingElse() {
        var spacing = WriterTurns.Spacing()
        spacing.enough = 3
        var turns = WriterTurns(retry: .milliseconds(100)...(.milliseconds(300)), spacing: spacing)
        _ = turns.commit(waiting: 1, now: .zero)
        _ = turns.commit(waiting: 1, now: .zero)
        let wakes = [turns.wake(waiting: 2), turns.wake(waiting: 3), turns.wake(waiting: 4)]
        #expect(wakes == [false, true, false])
        _ = turns.begin(now: .zero)
        _ = turns.commit(waiting: 1, now: .zero)
        #expect(turns.wake() == true)
        // Nobody waits for company who sleeps because there is nothing to do.
        _ = turns.begin(now: .zero)
        _ = turns.rest()
        #expect(turns.wake(waiting: 1) == true)
    }

    @Test func whoClosesWaitsForNoCompany() {
        var turns = turns()
        _ = turns.commit(waiting: 1, now: .zero)
        _ = turns.commit(waiting: 1, now: .zero)
        #expect(turns.close() == true)
        let rests = [turns.begin(now: .zero), turns.commit(waiting: 1, now: .zero)]
        #expect(rests == [nil, nil])
    }

    @Test func recoveryIsTriedAtOnceAndThenAfterPausesThatDoubleToTheMost() {
        var turns = turns()
        var now = Duration.seconds(5)
        for pause in [0, 100, 200, 300, 300] {
            turns.failed("away", now: now)
            #expect(turns.refusal == .unavailable(reason: "away"))
            let due = now + .milliseconds(pause)
            let rests = [turns.begin(now: now), turns.begin(now: due)]
            #expect(rests == [pause == 0 ? .recover : .sleep(until: due), .recover])
            now = due
        }
        turns.recovered()
        #expect(turns.refusal == nil)
        let rest = turns.begin(now: now)
        #expect(rest == nil)
    }

    @Test func onlyACommitEndsTheDoubling() {
        var turns = turns()
        func rest(afterFailure reason: String) -> Rest? {
            turns.failed(reason, now: .zero)
            defer { turns.recovered() }
            return turns.begin(now: .zero)
        }
        let first = [rest(afterFailure: "away"), rest(afterFailure: "opens, but cannot commit")]
        turns.succeeded()
        #expect(first + [rest(afterFailure: "away")] == [.recover, .sleep(until: .milliseconds(100)), .recover])
    }

    @Test func whatWasAcceptedIsFinishedBeforeItStops() {
        var turns = turns()
        let asleep = turns.rest()
        let isWoken = turns.close()
        #expect(asleep == .sleep(until: nil) && isWoken && turns.isClosing)
        #expect(turns.refusal == .closed)
        // The queue may still hold something.
        let rests = [turns.begin(now: .zero), turns.rest(until: .seconds(1))]
        #expect(rests == [nil, .stop])
    }

    @Test func aBrokenStoreIsNotTriedAgainWhenItCloses() {
        var turns = turns()
        turns.failed("away", now: .zero)
        _ = turns.close()
        let rest = turns.begin(now: .zero)
        #expect(rest == .stop)
    }
}

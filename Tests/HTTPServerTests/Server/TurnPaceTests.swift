import HTTPServer
import Testing

@Suite struct TurnPaceTests {
    @Test func `Nobody is parked: the loop waits as long as libmicrohttpd wants`() {
        var pace = TurnPace()
        for wanted: Int32 in [0, -1, 250, 0] { #expect(pace.begin(wanted: wanted) == wanted) }
        pace.park()
        pace.unpark()
        for wanted: Int32 in [0, -1, 250, 0] { #expect(pace.begin(wanted: wanted) == wanted) }
    }

    @Test func `A turn that left nothing to do is followed by a wait`() {
        var pace = TurnPace()
        pace.park()
        // What the first turn finds to do, nobody knows.
        #expect(pace.begin(wanted: 0) == 0)
        #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
        #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
    }

    @Test func `After what may go on, one turn does not wait`() {
        var pace = TurnPace()
        pace.park()
        _ = pace.begin(wanted: 0)
        for _ in 0..<3 {
            pace.move()
            #expect(pace.begin(wanted: 0) == 0)
            #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
        }
    }

    @Test func `An answer that is sent in its turn leaves nothing to do`() {
        var pace = TurnPace()
        pace.park()
        _ = pace.begin(wanted: 0)
        pace.send(answerOf: pace.answer())
        #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
    }

    @Test func `An answer that is not sent in its turn is followed by one that does not wait`() {
        var pace = TurnPace()
        pace.park()
        _ = pace.begin(wanted: 0)
        let first = pace.answer()
        #expect(pace.begin(wanted: 0) == 0)
        // Sent in this turn, in which another is made: they do not make up for each other.
        let second = pace.answer()
        pace.send(answerOf: first)
        #expect(pace.begin(wanted: 0) == 0)
        // Its client does not read: an event will tell when it does.
        #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
        pace.send(answerOf: second)
        #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
    }

    @Test func `As long as one is parked, the loop waits`() {
        var pace = TurnPace()
        for _ in 0..<3 { pace.park() }
        _ = pace.begin(wanted: 0)
        for left in [2, 1] {
            pace.unpark()
            #expect(pace.asked == left)
            #expect(pace.begin(wanted: 0) == TurnPace.longestWait)
        }
        pace.unpark()
        #expect(pace.begin(wanted: 0) == 0)
    }

    @Test func `A wait that libmicrohttpd wants is not shortened`() {
        var pace = TurnPace()
        pace.park()
        for _ in 0..<2 { #expect(pace.begin(wanted: 30_000) == 30_000) }
    }
}

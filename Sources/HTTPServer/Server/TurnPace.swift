/// Whether an event loop may wait for events though libmicrohttpd would go round again at once.
///
/// A connection whose handler has no answer yet and that is not suspended is asked again in every turn of its event loop, and libmicrohttpd
/// does not wait while there is one. Instead the loop waits until something happens, unless the last turn left something that may go on
/// without being announced: an answer that was made and is not sent, or whatever it was told of by `move`.
///
/// A value without I/O: the loop tells it what happened, and is told how long to wait.
package struct TurnPace: Sendable {
    /// The longest wait in milliseconds: a bound on what a mistake about libmicrohttpd would cost.
    package static let longestWait: Int32 = 1

    /// Connections that are asked in every turn.
    package private(set) var asked = 0
    /// Of the turn; wraps.
    private var number: UInt = 0
    /// Made in this turn and not sent.
    private var answers = 0
    private var isMoving = true

    /// Nobody has to be asked.
    package init() {}

    /// A connection has to be asked from now on.
    package mutating func park() { asked += 1 }

    /// It need not be any more.
    package mutating func unpark() { asked -= 1 }

    /// Something happened that may go on in the next turn.
    package mutating func move() { isMoving = true }

    /// An answer was made.
    /// - Returns: what `send` wants to be told of it.
    package mutating func answer() -> UInt {
        answers += 1
        return number
    }

    /// An answer was sent, or its connection broke.
    package mutating func send(answerOf turn: UInt) {
        if turn == number { answers -= 1 }
    }

    /// A turn begins.
    /// - Parameter wanted: for how many milliseconds libmicrohttpd would wait for events; -1 for ever.
    /// - Returns: for how many to wait.
    package mutating func begin(wanted: Int32) -> Int32 {
        let mayWait = asked > 0 && answers == 0 && !isMoving
        (isMoving, answers, number) = (false, 0, number &+ 1)
        return wanted == 0 && mayWait ? TurnPace.longestWait : wanted
    }
}

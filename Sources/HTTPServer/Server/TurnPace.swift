/// Whether an event loop may wait for events though libmicrohttpd would go round again at once.
///
/// A connection whose handler has no answer yet and that is not suspended is asked again in every turn of its event loop, and libmicrohttpd
/// does not wait while there is one. Instead the loop waits until something happens: when the last turn brought no events and did nothing
/// but ask in vain, so would the next. A turn that did anything else is followed by one that does not wait, since the connection
/// may have more to be done that nothing announces.
///
/// A value without I/O: the loop tells it what happened, and is told how long to wait.
struct TurnPace {
    /// The longest wait in milliseconds: a bound on what a mistake about libmicrohttpd would cost, and how often those who wait are looked at.
    static let longestWait: Int32 = 1

    /// Connections that are asked in every turn.
    private(set) var asked = 0
    private var isMoving = true

    /// A connection has to be asked from now on.
    mutating func park() { asked += 1 }

    /// It need not be any more.
    mutating func unpark() { asked -= 1 }

    /// Something happened other than asking in vain.
    mutating func move() { isMoving = true }

    /// A turn begins.
    /// - Parameter wanted: for how many milliseconds libmicrohttpd would wait for events; -1 for ever.
    /// - Returns: for how many to wait.
    mutating func begin(wanted: Int32) -> Int32 {
        defer { isMoving = false }
        return wanted == 0 && asked > 0 && !isMoving ? TurnPace.longestWait : wanted
    }
}

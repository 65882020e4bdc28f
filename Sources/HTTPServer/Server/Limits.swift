/// How much of everything a server takes on.
///
/// Each limit is tested; the defaults suit a server that faces the internet. What is refused is refused with a problem, whoever finds it:
/// what libmicrohttpd itself cannot read, such as a malformed length or chunk, as well. Only what does not even begin like a request of
/// HTTP is closed without an answer.
package struct Limits: Sendable {
    /// Bytes of a request's body.
    ///
    /// Above it: 413.
    package var bodyBytes = 1 << 20
    /// Bytes that a request's head weighs: its line and headers, 64 more for each header and each cookie, and the cookies once more.
    ///
    /// So much libmicrohttpd needs for them, which keeps a record of each and cuts up a copy of the cookies. Above it: 431.
    package var headWeight = 10 << 10
    /// Bytes of a request target, path and query.
    ///
    /// Above it: 414.
    package var targetBytes = 4 << 10
    /// Connections at a time.
    ///
    /// Beyond it, clients wait in the kernel's backlog.
    package var connections = 4096
    /// Connections at a time from one address; 0 is no limit.
    ///
    /// Those beyond it are closed at once.
    package var connectionsPerAddress = 0
    /// Seconds from a connection's opening, or from its last answer, to the first line of its next request; then it is closed.
    package var idleSeconds = 30
    /// Seconds from the complete head of a request to the end of its body; the head may take as long, after `idleSeconds`.
    ///
    /// Beyond it: 408. It is what stops a client that sends one byte now and then, which is never idle.
    package var receiveSeconds = 20
    /// Seconds a client may take to read an answer that is not a stream; then the connection is closed.
    package var sendSeconds = 60
    /// Asynchronous handlers that run at a time.
    ///
    /// Beyond it: 503.
    package var asyncHandlers = 256
    /// Streams that are open at a time.
    ///
    /// Beyond it: 503.
    package var streams = 256

    package init() {}

    /// Nanoseconds that a body may take beyond `receiveSeconds`: one that may be larger may take longer, at the same pace.
    func delay(of bodyBytes: Int) -> UInt64 {
        guard bodyBytes > self.bodyBytes else { return 0 }
        return MonotonicClock.seconds(receiveSeconds * (bodyBytes / max(1, self.bodyBytes)))
    }

    /// What libmicrohttpd may use for a connection: a request's head and that of its answer.
    ///
    /// It clears all of that for every request, and what all connections have should fit a processor's cache: smaller is faster.
    var connectionMemory: Int {
        headWeight + (2 << 10)
    }
}

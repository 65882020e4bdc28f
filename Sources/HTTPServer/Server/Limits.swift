/// How much of everything a server takes on.
///
/// Each limit is tested; the defaults suit a server that faces the internet. What is not HTTP at all, or has a malformed length or chunk,
/// libmicrohttpd itself answers with 400, 413 or 505 and a short page of its own, or closes without an answer.
package struct Limits: Sendable {
    /// Bytes of a request's body.
    ///
    /// Above it: 413.
    package var bodyBytes = 1 << 20
    /// Bytes of a request's line and headers together.
    ///
    /// Above it libmicrohttpd itself answers 431, with a page of its own.
    ///
    /// It also bounds the memory of a connection, which libmicrohttpd clears for every request: smaller is faster.
    package var headerBytes = 8 << 10
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
    /// Seconds without a byte in or out, after which a connection is closed.
    package var idleSeconds = 30
    /// Seconds from the first byte of a request (or from the connection, plus `idleSeconds`) to its last; then the connection is closed.
    ///
    /// It is what stops a client that sends one byte now and then, which is never idle.
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
}

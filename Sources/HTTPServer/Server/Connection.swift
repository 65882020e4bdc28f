internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// One connection and the request that is on it: what libmicrohttpd's callbacks for the connection act on.
///
/// `@unchecked Sendable`: libmicrohttpd calls back for a connection from one thread, its event loop, and only there the plain variables
/// are touched. What other threads see is constant, atomic or behind the mutex; the socket is theirs only while the daemon lists the
/// connection, which it does until just before the socket is closed.
final class Connection: @unchecked Sendable {
    private enum Phase {
        /// Between requests, or receiving the head of one.
        case idle
        case receivingBody
        case waiting(Deferral)
        case answering
    }

    /// What is going on, for the sweeper and the measurements.
    enum Activity: UInt8, AtomicRepresentable {
        case idle
        case receiving
        case answering
    }

    /// What a stopping server has to bring to an end.
    enum Work {
        case deferral(Deferral)
        case stream(BodyPipe, heartbeat: (seconds: Int, bytes: [UInt8])?)
    }

    let socket: Int32
    /// The number of its event loop, of those that keep things apart.
    let stripe: Int
    private let daemon: Daemon

    // MARK: For all threads

    /// When the connection is to be cut, in `Clock` time.
    let deadline: Atomic<UInt64>
    let activity = Atomic(Activity.idle)
    let work = Mutex<Work?>(nil)

    // MARK: For the event loop

    private var phase = Phase.idle
    private var method: Method?
    private var target = Target()
    private var body: [UInt8] = []
    private var bodyBytesReceived = 0
    private var bodyBytesSent = 0
    private var started: UInt64 = 0
    private var route: Int?
    private var status = 0

    init(socket: Int32, stripe: Int, daemon: Daemon) {
        self.socket = socket
        self.stripe = stripe
        self.daemon = daemon
        deadline = Atomic(Clock.now() + daemon.headTime)
    }

    /// The target has arrived, the first part of a request; libmicrohttpd is about to cut it up.
    func receive(target: UnsafePointer<CChar>) {
        self.target = Target(bytes(target))
    }

    /// The head has arrived, or more of the body, or all of it, or the answer that the connection waited for.
    func access(
        _ native: OpaquePointer, target: UnsafePointer<CChar>, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        upload: UnsafePointer<CChar>?, uploadCount: inout Int
    ) -> MHD_Result {
        let path = PathTree.path(of: bytes(target))
        let head = RequestHead.live(LiveHead(connection: native, path: path, query: self.target.query, stripe: stripe))
        switch phase {
        case .idle:
            self.method = Method(bytes(method))
            return begin(native, head, needsHost: strcmp(version, "HTTP/1.0") != 0)
        case .receivingBody where uploadCount > 0:
            return receive(UnsafeRawBufferPointer(start: upload, count: uploadCount), &uploadCount)
        case .receivingBody:
            return bodyBytesReceived > daemon.limits.bodyBytes
                ? answer(native, .response(daemon.dispatcher.response(for: Problem.bodyTooLarge(daemon.limits), head)))
                : dispatch(native, head)
        case .waiting(let deferral):
            daemon.resumptions[stripe].deliver()
            guard let outcome = deferral.take() else { return .YES }
            return answer(native, daemon.dispatcher.answer(for: outcome, head))
        case .answering:
            return .YES
        }
    }

    private func bytes(_ text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
        UnsafeRawBufferPointer(start: text, count: strlen(text)).assumingMemoryBound(to: UInt8.self)
    }

    private func begin(_ native: OpaquePointer, _ head: RequestHead, needsHost: Bool) -> MHD_Result {
        started = Clock.now()
        activity.store(.receiving, ordering: .relaxed)
        do {
            try Framing.check(head, target: target, needsHost: needsHost, limits: daemon.limits)
        } catch {
            // What follows on the connection cannot be told apart from the next request.
            return answer(native, .response(daemon.dispatcher.response(for: error, head)), closing: true)
        }
        // Even a request without a body is answered at the next call, which follows at once: libmicrohttpd takes an answer at this one
        // for a refusal to read on, and closes the connection.
        deadline.store(started + Clock.seconds(daemon.limits.receiveSeconds), ordering: .relaxed)
        phase = .receivingBody
        return .YES
    }

    private func receive(_ bytes: UnsafeRawBufferPointer, _ uploadCount: inout Int) -> MHD_Result {
        uploadCount = 0
        bodyBytesReceived += bytes.count
        if bodyBytesReceived <= daemon.limits.bodyBytes {
            body.append(contentsOf: bytes)
            return .YES
        }
        // A chunked body shows its size only now. It may end before long, then there is an answer; it need not be endless.
        body = []
        return bodyBytesReceived <= 2 * daemon.limits.bodyBytes ? .YES : .NO
    }

    private func dispatch(_ native: OpaquePointer, _ head: RequestHead) -> MHD_Result {
        let (reply, route) = daemon.dispatcher.dispatch(method, head, body: body)
        self.route = route
        body = []
        switch reply {
        case .response(let response): return answer(native, .response(response))
        case .prepared(let prepared): return answer(native, .prepared(prepared))
        case .deferred(let start):
            guard let suspended = daemon.suspend(native, stripe: stripe) else { return .NO }
            let deferral = Deferral(suspended)
            phase = .waiting(deferral)
            activity.store(.answering, ordering: .relaxed)
            deadline.store(.max, ordering: .relaxed)
            work.withLock { $0 = .deferral(deferral) }
            start(Responder { deferral.complete($0) })
            return .YES
        }
    }

    private func answer(_ native: OpaquePointer, _ answer: Answer, closing: Bool = false) -> MHD_Result {
        phase = .answering
        activity.store(.answering, ordering: .relaxed)
        deadline.store(Clock.now() + Clock.seconds(daemon.limits.sendSeconds), ordering: .relaxed)
        let isClosing = closing || daemon.isDraining
        if case .prepared(let prepared) = answer, !isClosing {
            status = prepared.response.status.code
            bodyBytesSent = prepared.byteCount
            return MHD_queue_response(native, UInt32(status), prepared.native)
        }
        var response = answer.response
        if isClosing { response.headers["Connection"] = "close" }
        guard let built = build(response, native) else { return .NO }
        defer { MHD_destroy_response(built) }
        return MHD_queue_response(native, UInt32(status), built)
    }

    private func build(_ response: Response, _ native: OpaquePointer) -> OpaquePointer? {
        status = response.status.code
        switch response.body {
        case .bytes(let body):
            bodyBytesSent = body.count
            return NativeResponse.make(response)
        case .stream(let stream):
            guard daemon.openStream() else {
                return build(.problem(.unavailable("Too many streams are open; try again later.", retryAfterSeconds: 10)), native)
            }
            let pipe = BodyPipe(capacity: stream.capacity)
            let reader = StreamReader(pipe, native: native, connection: self, daemon: daemon)
            guard let built = NativeResponse.make(response, reader: reader) else {
                reader.abandon()
                return nil
            }
            deadline.store(.max, ordering: .relaxed)
            work.withLock { $0 = .stream(pipe, heartbeat: stream.heartbeat) }
            pipe.run(stream.produce)
            return built
        }
    }

    /// Bytes of a stream were handed to the kernel.
    func didSend(_ count: Int) {
        bodyBytesSent += count
    }

    /// The answer is sent, or the connection broke.
    func complete() {
        let now = Clock.now()
        if case .answering = phase {
            daemon.record(
                stripe: stripe, method: method, route: route, status: status, nanoseconds: now - started, received: bodyBytesReceived,
                sent: bodyBytesSent)
        }
        switch phase {
        case .idle: return
        case .waiting: daemon.resumptions[stripe].deliver()
        case .receivingBody, .answering: break
        }
        work.withLock { $0 = nil }
        phase = .idle
        route = nil
        body = []
        bodyBytesReceived = 0
        bodyBytesSent = 0
        deadline.store(now + daemon.headTime, ordering: .relaxed)
        activity.store(.idle, ordering: .relaxed)
    }
}

// MARK: - Sweeping

extension Connection {
    /// Cuts the connection if it is past its deadline, and keeps its stream alive.
    /// - Returns: whether to see if the client has left, which nothing else would tell.
    func watch(_ now: UInt64) -> Bool {
        let deadline = deadline.load(ordering: .relaxed)
        guard deadline >= now else {
            shutdown(socket, Int32(SHUT_RDWR))
            return false
        }
        switch activity.load(ordering: .relaxed) {
        // A client may close its side and wait for the answer: what it sent last may just be on its way to the handler.
        case .idle: return now + daemon.headTime > deadline + Connection.settling
        case .receiving: return now + Clock.seconds(daemon.limits.receiveSeconds) > deadline + Connection.settling
        case .answering:
            guard case .stream(let pipe, let heartbeat) = work.withLock({ $0 }) else { return false }
            if let heartbeat { pipe.offer(heartbeat.bytes, ifIdleSince: now - Clock.seconds(heartbeat.seconds)) }
            return true
        }
    }

    /// How long, in nanoseconds, a connection must have been as it is.
    private static let settling: UInt64 = 100_000_000

    /// Cuts the connection if the client has closed its side and all it sent is read.
    func cutIfLeft() {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        guard count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        if case .stream(let pipe, _) = work.withLock({ $0 }) { pipe.breakOff() }
    }
}

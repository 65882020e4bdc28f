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
        /// Asked in every turn whether the answer is there.
        case parked(Deferral)
        case suspended(Deferral)
        case answering
    }

    /// What is going on, for the sweeper and the measurements.
    enum Activity: UInt8, AtomicRepresentable {
        /// Between requests.
        case idle
        /// The first line of a request has arrived.
        case receivingHead
        case receivingBody
        /// A handler is at work, or a stream is sent.
        case working
        case sending
        /// The sweeper has told a slow client that its time is over.
        case refused
    }

    /// What a stopping server has to bring to an end.
    enum Work {
        case deferral(Deferral)
        case stream(BodyPipe, heartbeat: (seconds: Int, bytes: [UInt8])?)
    }

    let socket: Int32
    let loop: EventLoop
    let daemon: Daemon

    // MARK: For all threads

    let activity = Atomic(Activity.idle)
    /// When that began, in the clock's time; for a head, when the idleness before it began; for a body larger than usual, when the time
    /// that any body may take began.
    ///
    /// It is set before the activity, so that whoever sees an activity never takes it for older than it is.
    let since: Atomic<UInt64>
    let work = Mutex<Work?>(nil)

    // MARK: For the event loop

    private var phase = Phase.idle
    /// In vain, since it was parked.
    private var timesAsked = 0
    /// The turn of the loop in which the answer was made that is being sent.
    private var answeredIn: UInt?
    private var method: Method?
    private var target = Target()
    private var body: [UInt8] = []
    private var bodyBytesReceived = 0
    private var bodyLimit = 0
    /// As the head tells it; 0 where it does not.
    private var bodyLength = 0
    /// Whether it is an encoding of what the route wants.
    private var isBodyEncoded = false
    private var bodyBytesSent = 0
    private var started: UInt64 = 0
    private var route: Int?
    private var status = 0

    init(socket: Int32, loop: EventLoop, daemon: Daemon) {
        self.socket = socket
        self.loop = loop
        self.daemon = daemon
        since = Atomic(daemon.clock.now())
    }

    /// The number of its event loop, of those that keep things apart.
    var stripe: Int { loop.stripe }

    /// The request line has arrived; libmicrohttpd is about to cut up the target.
    /// - Parameter target: nil when the line has none.
    func receive(target: UnsafePointer<CChar>?) {
        activity.store(.receivingHead, ordering: .releasing)
        guard let target else {
            self.target = Target()
            return
        }
        self.target = Target(bytes(target))
        if let mark = self.target.mark { gosset_mhd_cut(target, mark + 1) }
    }

    /// The head has arrived, or more of the body, or all of it, or the answer that the connection waited for.
    func access(
        _ native: OpaquePointer, target: UnsafePointer<CChar>, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        upload: UnsafePointer<CChar>?, uploadCount: inout Int
    ) -> MHD_Result {
        if case .parked(let deferral) = phase, !deferral.isReady {
            timesAsked += 1
            return timesAsked < EventLoop.mostAsked || suspend(native, deferral) ? .YES : .NO
        }
        let path = PathTree.path(of: bytes(target))
        let live = LiveHead(connection: native, path: path, query: self.target.query, stripe: stripe)
        let head = RequestHead.live(live)
        switch phase {
        case .idle:
            let method = bytes(method)
            self.method = Method(method)
            // Its client may wait for 100 Continue, which is sent in the next turn.
            if self.method != .get { loop.move() }
            started = daemon.clock.now()
            do {
                let length: BodyLength
                (length, isBodyEncoded) = try live.check(
                    method: method, target: self.target, version: bytes(version), limits: daemon.limits)
                bodyLimit = daemon.limits.bodyBytes
                if case .told(let count) = length { bodyLength = count } else { bodyLength = 0 }
                if length.mayExceed(bodyLimit) { bodyLimit = try daemon.dispatcher.bodyLimit(self.method, head, length) }
            } catch {
                // What follows on the connection cannot be told apart from the next request.
                return refuse(daemon.dispatcher.response(for: error, head))
            }
            // Even a request without a body is answered at the next call, which follows at once: libmicrohttpd takes an answer at this
            // one for a refusal to read on, and closes the connection.
            phase = .receivingBody
            return enter(.receivingBody, at: started + daemon.limits.delay(of: bodyLimit)) ? .YES : .NO
        case .receivingBody where uploadCount > 0:
            loop.move()
            return receive(UnsafeRawBufferPointer(start: upload, count: uploadCount), &uploadCount)
                ? .YES : refuse(daemon.dispatcher.response(for: Problem.bodyTooLarge(bodyLimit), head))
        case .receivingBody:
            return bodyBytesReceived > bodyLimit
                ? answer(native, .response(daemon.dispatcher.response(for: Problem.bodyTooLarge(bodyLimit), head)))
                : dispatch(native, head)
        case .parked(let deferral), .suspended(let deferral):
            stopWaiting()
            guard let outcome = deferral.take() else { return .NO }
            return answer(native, daemon.dispatcher.answer(for: outcome, head))
        case .answering:
            return .YES
        }
    }

    private func bytes(_ text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
        UnsafeRawBufferPointer(start: text, count: strlen(text)).assumingMemoryBound(to: UInt8.self)
    }

    /// Goes on to another activity.
    /// - Returns: false when the sweeper was first and has refused the request: then all that is left to do is to close the connection.
    private func enter(_ activity: Activity, at now: UInt64) -> Bool {
        since.store(now, ordering: .relaxed)
        guard self.activity.exchange(activity, ordering: .acquiringAndReleasing) != .refused else {
            self.activity.store(.refused, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Answers without libmicrohttpd, whose memory the head may have used up, and closes the connection.
    private func refuse(_ response: Response) -> MHD_Result {
        guard enter(.sending, at: started), case .bytes(let body) = response.body else { return .NO }
        phase = .answering
        status = response.status.code
        bodyBytesSent = method == .head ? 0 : body.count
        sendLast(response.wire(hasBody: method != .head))
        if response.status == .contentTooLarge { LingeringClose.start(socket) }
        return .NO
    }

    /// Sends bytes on a connection that is closed after them.
    ///
    /// They are few, and what was to be sent before is on its way: if there is no room for them, the client does not read.
    func sendLast(_ bytes: [UInt8]) {
        _ = send(socket, bytes, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
    }

    /// Answers a request that libmicrohttpd cannot read, before it does so itself with a page of its own.
    ///
    /// That page then finds the connection closed. It is better off so: of a malformed length libmicrohttpd sends the head of its page twice,
    /// and of a query with too many parameters nothing at all.
    func refuse(status: Int) {
        let now = daemon.clock.now()
        let problem = problem(of: status)
        let nanoseconds = if case .receivingBody = phase { now - started } else { UInt64(0) }
        phase = .idle
        guard enter(.sending, at: now) else { return }
        sendLast(Response.problem(problem).wire())
        shutdown(socket, Int32(SHUT_RDWR))
        // Without a whole head libmicrohttpd does not tell when it is done with a request.
        daemon.record(
            stripe: stripe, method: nil, route: nil, status: problem.status.code, nanoseconds: nanoseconds, received: bodyBytesReceived,
            sent: 0)
    }

    private func problem(of status: Int) -> Problem {
        let limits = daemon.limits
        switch status {
        case 431 where target.count > limits.targetBytes, 414: return .targetTooLong(limits)
        case 431: return .headTooLarge(limits)
        case 413: return .bodyTooLarge(limits.bodyBytes)
        case 505: return Problem(.versionNotSupported, "HTTP/1.1 and HTTP/1.0 are understood.")
        default: return Problem(Status(status), "The request cannot be read: its first line, a header, a length or a chunk is malformed.")
        }
    }

    /// Takes in a part of the body.
    /// - Returns: whether to read on.
    private func receive(_ bytes: UnsafeRawBufferPointer, _ uploadCount: inout Int) -> Bool {
        uploadCount = 0
        bodyBytesReceived += bytes.count
        if bodyBytesReceived <= bodyLimit {
            // Room for all of it once a sixteenth is here: to grow until the end copies a large body once more, and whoever only announces
            // one is not given memory for it.
            if bodyLength > body.capacity, bodyLength / 16 <= bodyBytesReceived { body.reserveCapacity(bodyLength) }
            body.append(contentsOf: bytes)
            return true
        }
        // A chunked body shows its size only now. It may end before long, and then the connection can be kept; it need not be endless.
        body = []
        return bodyBytesReceived <= 2 * bodyLimit
    }

    private func dispatch(_ native: OpaquePointer, _ head: RequestHead) -> MHD_Result {
        let (reply, route) = daemon.dispatcher.dispatch(method, head, body: body, isEncoded: isBodyEncoded)
        self.route = route
        body = []
        switch reply {
        case .response(let response): return answer(native, .response(response))
        case .prepared(let prepared): return answer(native, .prepared(prepared))
        case .deferred(let start):
            guard enter(.working, at: started) else { return .NO }
            let deferral = Deferral(loop)
            if loop.park() {
                phase = .parked(deferral)
                timesAsked = 0
            } else if !suspend(native, deferral) {
                return .NO
            }
            work.withLock { $0 = .deferral(deferral) }
            start(Responder { deferral.complete($0) })
            return .YES
        }
    }

    /// Sets the connection aside until the answer is there.
    /// - Returns: false when the server is past waiting for anything.
    private func suspend(_ native: OpaquePointer, _ deferral: Deferral) -> Bool {
        switch deferral.suspend({ daemon.suspend(native, stripe: stripe) }) {
        case .ready: return true
        case .refused: return false
        case .suspended:
            if case .parked = phase { loop.unpark() }
            phase = .suspended(deferral)
            return true
        }
    }

    /// The answer is there, or the connection broke.
    private func stopWaiting() {
        switch phase {
        case .parked: loop.unpark()
        // It may be the herald of others.
        case .suspended: daemon.resumptions[stripe].deliver()
        case .idle, .receivingBody, .answering: break
        }
    }

    private func answer(_ native: OpaquePointer, _ answer: Answer) -> MHD_Result {
        phase = .answering
        answeredIn = loop.didAnswer()
        guard enter(.sending, at: daemon.clock.now()) else { return .NO }
        let isClosing = daemon.isDraining
        if case .prepared(let prepared) = answer, !isClosing {
            status = prepared.response.status.code
            bodyBytesSent = prepared.byteCount
            return gosset_mhd_answer(native, UInt32(status), prepared.native)
        }
        var response = answer.response
        if isClosing { response.headers["Connection"] = "close" }
        guard let built = build(response, native) else { return .NO }
        defer { MHD_destroy_response(built) }
        return gosset_mhd_answer(native, UInt32(status), built)
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
            let pipe = BodyPipe(capacity: stream.capacity, clock: daemon.clock)
            let reader = StreamReader(pipe, native: native, connection: self, daemon: daemon)
            guard let built = NativeResponse.make(response, reader: reader) else {
                reader.abandon()
                return nil
            }
            activity.store(.working, ordering: .releasing)
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
        let now = daemon.clock.now()
        if case .answering = phase {
            daemon.record(
                stripe: stripe, method: method, route: route, status: status, nanoseconds: now - started, received: bodyBytesReceived,
                sent: bodyBytesSent)
        }
        if let turn = answeredIn.take() { loop.didSend(answerOf: turn) }
        if case .idle = phase { return }
        stopWaiting()
        work.withLock { $0 = nil }
        phase = .idle
        route = nil
        body = []
        bodyBytesReceived = 0
        bodyBytesSent = 0
        since.store(now, ordering: .relaxed)
        activity.store(.idle, ordering: .releasing)
    }
}

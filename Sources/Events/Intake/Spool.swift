import Commit
import Dispatch
package import Experiments
import Foundation
import SQLite
import Scheduling
import Synchronization

/// The place where events are durable before anything else is done with them.
///
/// A thread of its own writes what comes, many batches to a transaction, and answers when it is on the disk. What the warehouse has taken is
/// removed; while it takes nothing, the spool fills up to its limit and then refuses.
package final class Spool: Sendable {
    /// Told once, from the writer's thread.
    package typealias Completion = @Sendable (Result<Void, SpoolError>) -> Void

    package struct Options: Sendable {
        /// The most bytes of events that wait for the warehouse.
        package var bytes = 1 << 30
        /// The bytes that its file may keep on the disk though nothing is in them.
        package var slack = 16 << 20
        /// Tells the time.
        package var now: @Sendable () -> Timestamp = Timestamp.now
        /// Is told of failures of the disk, and of nil when they have passed, on the writer's thread.
        package var report: @Sendable (SpoolError?) -> Void = { _ in }

        package init() {}
    }

    /// How the spool stands.
    package struct Status: Sendable, Hashable {
        package var tally = SpoolTally()
        /// Bytes of events in it.
        package var bytes = 0
        /// The most it may hold.
        package var limit = 0
        /// When the oldest event in it was taken in.
        package var oldest: Timestamp?
        /// Units whose data the warehouse is still to delete.
        package var erasures = 0
        /// Why it takes nothing, or nil.
        package var failure: SpoolError?
    }

    struct Request: Sendable {
        /// Does it and tells the one who waits, also of a failure of the disk, which is then thrown on.
        let perform: @Sendable (SpoolSession) throws(SpoolError) -> Void
        let refuse: @Sendable (SpoolError) -> Void
    }

    typealias Queue = IntakeQueue<Completion, Request>

    /// The random name of this spool.
    package let name: String
    private let shared: SpoolMemory
    let options: Options
    private let woken = DispatchSemaphore(value: 0)
    private let writing = DispatchGroup()

    /// Opens the spool in a file and starts its writer.
    package init(path: String, options: Options = Options()) throws(SpoolError) {
        let session = try SpoolSession(path: path)
        name = session.name
        self.options = options
        var limits = Queue.Limits()
        limits.spoolBytes = options.bytes
        shared = SpoolMemory(Queue(limits: limits, stored: session.storedBytes), session)
        let writer = SpoolWriter(path: path, session: session, memory: shared, options: options)
        let handover = Handover(writer)
        let (woken, writing) = (woken, writing)
        writing.enter()
        let thread = Thread {
            Thread.current.name = "events writer"
            Precedence.first.take()
            handover.writer.withLock { $0.run(woken: woken) }
            writing.leave()
        }
        thread.start()
    }

    deinit { beginClosing() }

    /// Takes a batch in, and answers when it is durable.
    package func append(_ batch: EncodedBatch, completion: @escaping Completion) {
        switch shared.queue.withLock({ $0.arrive(batch, completion) }) {
        case .queued(let wakeWriter): if wakeWriter { woken.signal() }
        case .refused(let error): completion(.failure(error))
        }
    }

    /// Takes a batch in, and returns when it is durable.
    package func append(_ batch: EncodedBatch) async throws(SpoolError) {
        try await withCheckedContinuation { continuation in append(batch) { continuation.resume(returning: $0) } }.get()
    }

    /// Has the writer do something between two transactions, and waits for it.
    package func perform<Value: Sendable>(
        _ body: @escaping @Sendable (SpoolSession) throws(SpoolError) -> Value
    ) async throws(SpoolError) -> Value {
        let result: Result<Value, SpoolError> = await withCheckedContinuation { continuation in
            let request = Request { [shared] session throws(SpoolError) in
                do throws(SpoolError) {
                    let value = try body(session)
                    // Before anybody knows that it is done, so that whoever does can rely on it.
                    shared.publish(session)
                    continuation.resume(returning: .success(value))
                } catch {
                    continuation.resume(returning: .failure(error))
                    throw error
                }
            } refuse: { error in
                continuation.resume(returning: .failure(error))
            }
            switch shared.queue.withLock({ $0.request(request) }) {
            case .queued(let wakeWriter): if wakeWriter { woken.signal() }
            case .refused(let error): request.refuse(error)
            }
        }
        return try result.get()
    }

    /// How it stands, as of the last transaction.
    package var status: Status {
        var status = shared.status.withLock { $0 }
        (status.bytes, status.failure) = shared.queue.withLock { ($0.storedBytes, $0.failure) }
        status.limit = options.bytes
        return status
    }

    /// Refuses what comes, finishes what was accepted, and lets go of the file.
    package func close() {
        beginClosing()
        writing.wait()
    }

    private func beginClosing() {
        if shared.queue.withLock({ $0.close() }) { woken.signal() }
    }
}

/// What the writer shares with everybody else.
private final class SpoolMemory: Sendable {
    let queue: Mutex<Spool.Queue>
    let status: Mutex<Spool.Status>

    init(_ queue: consuming sending Spool.Queue, _ session: SpoolSession) {
        self.queue = Mutex(queue)
        status = Mutex(Spool.Status(tally: session.tally, oldest: session.oldest, erasures: session.erasureCount))
    }

    /// Says how the spool stands after something was done with it.
    func publish(_ session: SpoolSession) {
        queue.withLock { $0.stored(session.storedBytes) }
        status.withLock {
            $0.tally = session.tally
            $0.oldest = session.oldest
            $0.erasures = session.erasureCount
        }
    }
}

/// Carries the writer to its thread, which then holds the lock for as long as it lives: nobody else can touch it or its database.
private final class Handover: Sendable {
    let writer: Mutex<SpoolWriter>

    init(_ writer: sending SpoolWriter) { self.writer = Mutex(writer) }
}

/// The one thread that uses the spool's database: it does what the ``IntakeQueue`` says and reports how it went.
private final class SpoolWriter {
    private let path: String
    private var session: SpoolSession?
    private let memory: SpoolMemory
    private let options: Spool.Options
    private let start = ContinuousClock.now

    init(path: String, session: SpoolSession, memory: SpoolMemory, options: Spool.Options) {
        self.path = path
        self.session = session
        self.memory = memory
        self.options = options
    }

    private var now: Duration { ContinuousClock.now - start }

    func run(woken: DispatchSemaphore) {
        while true {
            Gathering.gather { memory.queue.withLock { $0.waitingBytes } }
            let now = now
            switch memory.queue.withLock({ $0.next(now: now) }) {
            case .commit(let batches): attempt { session throws(SpoolError) in try commit(batches, session) }
            case .perform(let request): attempt { session throws(SpoolError) in try request.perform(session) }
            case .reopen: reopen()
            case .sleep(let time): _ = woken.wait(timeout: time.map { .now() + max(0, ($0 - now) / .seconds(1)) } ?? .distantFuture)
            case .stop:
                session = nil
                return
            }
        }
    }

    private func commit(_ batches: [EncodedBatch], _ session: SpoolSession) throws(SpoolError) {
        do throws(DatabaseError) {
            try session.append(batches, at: options.now())
        } catch {
            throw .unavailable(reason: error.message)
        }
        let waiters = memory.queue.withLock { $0.committed() }
        memory.publish(session)
        for waiter in waiters { waiter(.success(())) }
    }

    private func reopen() {
        // The file is let go of first: it is ours alone.
        session = nil
        attempt { _ throws(SpoolError) in }
    }

    private func attempt(_ body: (SpoolSession) throws(SpoolError) -> Void) {
        do throws(SpoolError) {
            if let session {
                try body(session)
            } else {
                let session = try SpoolSession(path: path)
                self.session = session
                memory.publish(session)
                memory.queue.withLock { $0.recovered(stored: session.storedBytes) }
                options.report(nil)
            }
        } catch {
            let now = now
            let refused = memory.queue.withLock { $0.failed(error.reason, now: now) }
            options.report(error)
            for waiter in refused.waiters { waiter(.failure(refused.error)) }
            for request in refused.requests { request.refuse(refused.error) }
        }
    }
}

extension SpoolError {
    fileprivate var reason: String {
        if case .unavailable(let reason) = self { return reason }
        return description
    }
}

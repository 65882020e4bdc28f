package import Commit

/// A batch as it is written into the spool.
package struct EncodedBatch: Sendable, Hashable {
    /// The events; see ``EventCodec``.
    package let bytes: [UInt8]
    /// How many there are.
    package let count: Int
    package let late: Int
    package let skewed: Int
    /// How many there are of each fact.
    package let facts: [String: Int]
    /// How many of each are of units that were no device here when they came.
    package let strangers: [String: Int]

    package init(_ batch: EventBatch) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.events.count * 192)
        for event in batch.events { EventCodec.append(event, to: &bytes) }
        self.bytes = bytes
        count = batch.events.count
        late = batch.late
        skewed = batch.skewed
        facts = batch.facts
        strangers = batch.strangers
    }
}

/// Decides what the spool's writer does next: which batches share a transaction, who is turned away, and what happens when the disk fails.
///
/// A value without I/O and without a clock, as ``WriterTurns`` are, which it asks when to sleep, to commit, to recover and to stop. While
/// one transaction is being synced the next one gathers, and for as long as the spacing of commits wants it. `Waiter` is whoever is to be
/// told that a batch is durable, `Request` whatever else is to be done between two transactions.
package struct IntakeQueue<Waiter, Request> {
    package struct Limits: Sendable, Hashable {
        /// The most bytes in one transaction; a single batch may be larger.
        package var transactionBytes = 4 << 20
        /// The most bytes that wait to be written.
        package var waitingBytes = 32 << 20
        /// The most bytes in the spool.
        package var spoolBytes = 1 << 30
        /// How far apart transactions begin.
        package var spacing = WriterTurns.Spacing()
        /// The pause after a failed attempt to recover doubles from the least to the most; the first attempt is made at once.
        package var retry: ClosedRange<Duration> = .milliseconds(100)...(.seconds(2))

        package init() {}
    }

    /// What became of an arrival.
    package enum Admission: Equatable {
        /// It will be heard of; the writer sleeps and must be woken, or not.
        case queued(wakeWriter: Bool)
        case refused(SpoolError)
    }

    /// What the writer is to do.
    package enum Step {
        /// Write these, then report ``committed()`` or ``failed(_:now:)``.
        case commit([EncodedBatch])
        /// Do this, then report ``failed(_:now:)`` if the disk failed.
        case perform(Request)
        /// Open the spool anew, then report ``recovered(stored:)`` or ``failed(_:now:)``.
        case reopen
        /// Nothing until then, or until woken.
        case sleep(until: Duration?)
        /// Everything is done; close the spool.
        case stop
    }

    private let limits: Limits
    private var turns: WriterTurns
    private var queue: [(batch: EncodedBatch, waiter: Waiter)] = []
    private var requests: [Request] = []
    /// The first so many of the queue are in the transaction under way.
    private var committing = 0

    /// Bytes that wait to be written.
    package private(set) var waitingBytes = 0
    /// Bytes in the spool.
    package private(set) var storedBytes: Int

    /// - Parameter stored: the bytes that are in the spool already.
    package init(limits: Limits = Limits(), stored: Int = 0) {
        self.limits = limits
        turns = WriterTurns(retry: limits.retry, spacing: limits.spacing)
        storedBytes = stored
    }

    /// Why nothing can be written, or nil.
    package var failure: SpoolError? {
        switch turns.refusal {
        case nil: nil
        case .closed: .closed
        case .unavailable(let reason): .unavailable(reason: reason)
        }
    }

    // MARK: Arrivals

    /// Somebody waits for a batch to be durable.
    package mutating func arrive(_ batch: EncodedBatch, _ waiter: Waiter) -> Admission {
        if let failure { return .refused(failure) }
        let size = batch.bytes.count
        guard size <= limits.spoolBytes else { return .refused(.tooLarge(bytes: size, limit: limits.spoolBytes)) }
        guard storedBytes + waitingBytes + size <= limits.spoolBytes else {
            return .refused(.full(bytes: storedBytes + waitingBytes, limit: limits.spoolBytes))
        }
        guard waitingBytes == 0 || waitingBytes + size <= limits.waitingBytes else {
            return .refused(.overloaded(bytes: waitingBytes))
        }
        queue.append((batch, waiter))
        waitingBytes += size
        return .queued(wakeWriter: turns.wake(waiting: queue.count))
    }

    /// Something is to be done before the next transaction.
    package mutating func request(_ request: Request) -> Admission {
        if let failure { return .refused(failure) }
        requests.append(request)
        return .queued(wakeWriter: turns.wake())
    }

    /// Nothing more is accepted; what was accepted is finished.
    ///
    /// True if the writer must be woken.
    package mutating func close() -> Bool { turns.close() }

    // MARK: The writer

    /// What the writer is to do now.
    package mutating func next(now: Duration) -> Step {
        if let rest = turns.begin(now: now) { return step(rest) }
        if !requests.isEmpty { return .perform(requests.removeFirst()) }
        if !queue.isEmpty {
            if let rest = turns.commit(waiting: queue.count, now: now) { return step(rest) }
            var bytes = 0
            committing = 0
            while committing < queue.count, committing == 0 || bytes + queue[committing].batch.bytes.count <= limits.transactionBytes {
                bytes += queue[committing].batch.bytes.count
                committing += 1
            }
            return .commit(queue.prefix(committing).map(\.batch))
        }
        return step(turns.rest())
    }

    private func step(_ rest: WriterTurns.Rest) -> Step {
        switch rest {
        case .recover: .reopen
        case .sleep(let time): .sleep(until: time)
        case .stop: .stop
        }
    }

    /// The transaction is durable; these are to be told.
    package mutating func committed() -> [Waiter] {
        turns.succeeded()
        let done = queue.prefix(committing)
        let bytes = done.reduce(0) { $0 + $1.batch.bytes.count }
        waitingBytes -= bytes
        storedBytes += bytes
        let waiters = done.map(\.waiter)
        queue.removeFirst(committing)
        committing = 0
        return waiters
    }

    /// The spool holds so many bytes now: something was taken out of it.
    package mutating func stored(_ bytes: Int) { storedBytes = bytes }

    /// The disk failed.
    ///
    /// Everybody who waits is to be refused with the error, and so is everybody who comes until it has recovered.
    package mutating func failed(
        _ reason: String, now: Duration
    ) -> (error: SpoolError, waiters: [Waiter], requests: [Request]) {
        let error = SpoolError.unavailable(reason: reason)
        turns.failed(reason, now: now)
        defer { (queue, requests, committing, waitingBytes) = ([], [], 0, 0) }
        return (error, queue.map(\.waiter), requests)
    }

    /// The spool is open again and holds so many bytes.
    package mutating func recovered(stored bytes: Int) {
        turns.recovered()
        storedBytes = bytes
    }
}

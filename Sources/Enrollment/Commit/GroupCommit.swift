package import Commit
package import Experiments

/// A device that is not known yet.
package struct Newcomer: Sendable, Hashable {
    package let token: DeviceToken
    package let fingerprint: Fingerprint
    /// What is known of it, which decides whom it is among.
    package let attributes: Attributes

    package init(token: DeviceToken, fingerprint: Fingerprint, attributes: Attributes = .none) {
        self.token = token
        self.fingerprint = fingerprint
        self.attributes = attributes
    }
}

/// Decides what the registry's writer does next: which first contacts share a transaction, when a change has its turn, and what happens
/// when the store fails.
///
/// A value without I/O and without a clock, as ``WriterTurns`` are, which it asks when to sleep, to commit, to recover and to stop. While
/// one batch is being committed the next one gathers, and for as long as the spacing of commits wants it, so batches are as large as the
/// load makes them. `Waiter` is whatever is to be answered for a device, `Request` whatever is to be done between two batches.
package struct GroupCommit<Waiter, Request> {
    package struct Limits: Sendable, Hashable {
        /// The most devices in one transaction.
        package var batch = 4096
        /// The most waiters; beyond, first contacts are refused.
        package var waiting = 100_000
        /// How often other servers' news is asked for; nil if there are no other servers.
        package var pollInterval: Duration?
        /// How far apart transactions begin.
        package var spacing = WriterTurns.Spacing()
        /// The pause after a failed attempt to recover doubles from the least to the most; the first attempt is made at once.
        package var retry: ClosedRange<Duration> = .milliseconds(100)...(.seconds(2))

        package init() {}
    }

    /// A new device, and all who wait for it.
    package struct Entry {
        package let newcomer: Newcomer
        package fileprivate(set) var waiters: [Waiter]
    }

    /// What became of an arrival.
    package enum Admission: Equatable {
        /// It will be heard of.
        ///
        /// The writer sleeps and must be woken, or not.
        case queued(wakeWriter: Bool)
        case refused(EnrollmentError)
    }

    /// What the writer is to do.
    package enum Step {
        /// Enroll these, then report ``committed()`` or ``failed(_:now:)``.
        case commit([Newcomer])
        /// Do this, then report ``failed(_:now:)`` if the store failed.
        case perform(Request)
        /// Take in what other servers did, then report ``failed(_:now:)`` if the store failed.
        case poll
        /// Open the store anew and catch up with it, then report ``recovered()`` or ``failed(_:now:)``.
        case resynchronise
        /// Nothing until then, or until woken.
        case sleep(until: Duration?)
        /// Everything is done; close the store.
        case stop
    }

    private let limits: Limits
    private var turns: WriterTurns
    private var nextPoll: Duration
    private var requests: [Request] = []
    /// Whether a request had its turn after the last batch: those who wait for a device must not wait for ever more requests.
    private var hasPerformed = false

    /// The first `committing` entries are in the transaction under way.
    ///
    /// `places` finds an entry by the number of its arrival; the first in the queue has number `served`.
    private var queue: [Entry] = []
    private var places: [Fingerprint: Int] = [:]
    private var served = 0
    private var committing = 0

    /// How many wait for an answer.
    package private(set) var waiting = 0

    package init(limits: Limits = Limits(), now: Duration = .zero) {
        self.limits = limits
        turns = WriterTurns(retry: limits.retry, spacing: limits.spacing)
        nextPoll = limits.pollInterval.map { now + $0 } ?? now
    }

    /// Why nothing can be written, or nil.
    package var failure: EnrollmentError? {
        switch turns.refusal {
        case nil: nil
        case .closed: .closed
        case .unavailable(let reason): .unavailable(reason: reason)
        }
    }

    // MARK: Arrivals

    /// Somebody waits for a device that is not known.
    ///
    /// All who wait for the same device are answered together.
    package mutating func arrive(_ newcomer: Newcomer, _ waiter: Waiter) -> Admission {
        if let failure { return .refused(failure) }
        guard waiting < limits.waiting else { return .refused(.overloaded(waiting: waiting)) }
        waiting += 1
        if let place = places[newcomer.fingerprint] {
            queue[place - served].waiters.append(waiter)
        } else {
            places[newcomer.fingerprint] = served + queue.count
            queue.append(Entry(newcomer: newcomer, waiters: [waiter]))
        }
        return .queued(wakeWriter: turns.wake(waiting: waiting))
    }

    /// Whether this device is among those that are waited for.
    package func isWaiting(for fingerprint: Fingerprint) -> Bool { places[fingerprint] != nil }

    /// Something is to be done between two batches.
    ///
    /// It takes turns with the batches of first contacts, and is before those that are not being committed yet.
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
        if !requests.isEmpty, queue.isEmpty || !hasPerformed {
            hasPerformed = true
            return .perform(requests.removeFirst())
        }
        if let interval = limits.pollInterval, now >= nextPoll, !turns.isClosing {
            nextPoll = now + interval
            return .poll
        }
        if !queue.isEmpty {
            hasPerformed = false
            if let rest = turns.commit(waiting: waiting, now: now) { return step(rest) }
            committing = min(queue.count, limits.batch)
            return .commit(queue.prefix(committing).map(\.newcomer))
        }
        return step(turns.rest(until: limits.pollInterval.map { _ in nextPoll }))
    }

    private func step(_ rest: WriterTurns.Rest) -> Step {
        switch rest {
        case .recover: .resynchronise
        case .sleep(let time): .sleep(until: time)
        case .stop: .stop
        }
    }

    /// The batch is durable.
    ///
    /// The entries are in the order of its tokens; their waiters are to be answered.
    ///
    /// The devices must be known to the index before, so that whoever is no longer waited for is found there.
    package mutating func committed() -> [Entry] {
        turns.succeeded()
        let entries = Array(queue.prefix(committing))
        queue.removeFirst(committing)
        served += committing
        committing = 0
        for entry in entries {
            places[entry.newcomer.fingerprint] = nil
            waiting -= entry.waiters.count
        }
        return entries
    }

    /// The store failed.
    ///
    /// Everybody who waits is to be refused with the error, and so is everybody who comes until it has recovered.
    package mutating func failed(
        _ reason: String, now: Duration
    ) -> (error: EnrollmentError, waiters: [Waiter], requests: [Request]) {
        let error = EnrollmentError.unavailable(reason: reason)
        turns.failed(reason, now: now)
        defer {
            served += queue.count
            queue = []
            places = [:]
            committing = 0
            waiting = 0
            requests = []
        }
        return (error, queue.flatMap(\.waiters), requests)
    }

    /// The store is open and everything in it is known.
    package mutating func recovered() { turns.recovered() }
}

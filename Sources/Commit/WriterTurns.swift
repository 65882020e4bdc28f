/// When the one writer of a store works, sleeps, tries to recover and stops: what a group commit is, whatever it commits.
///
/// A value without I/O and without a clock: what happened goes in, what the writer is to do comes out, and times are durations since any
/// fixed moment. It belongs to a queue, which knows what there is to do; both are behind one lock.
package struct WriterTurns: Sendable {
    /// Why nothing can be written.
    package enum Refusal: Sendable, Hashable {
        /// `close()` was called.
        case closed
        /// The store failed, and has not recovered yet.
        case unavailable(reason: String)
    }

    /// What the writer is to do when it has nothing to write, or may not.
    package enum Rest: Sendable, Hashable {
        /// Open the store anew, then report ``recovered()`` or ``failed(_:now:)``.
        case recover
        /// Nothing until then, or until woken.
        case sleep(until: Duration?)
        /// Everything is done; close the store.
        case stop
    }

    private enum Condition {
        case sound
        /// Nothing may be asked of the store before it was opened anew, which is to be tried then.
        case broken(reason: String, retry: Duration)
    }

    /// How far apart commits begin.
    ///
    /// Each costs the disk about as much for forty as for one, and disks take only so many: they are sold by requests a second, and a virtual
    /// machine was seen to be stopped as a whole for what it asked of its disk. So nobody waits where little happens, and where much does,
    /// each waits a little. See Documentation/performance.md.
    package struct Spacing: Sendable, Hashable {
        /// From the beginning of one commit to that of the next, at least, unless enough wait.
        package var least = Duration.milliseconds(1)
        /// As many as are not kept waiting for more.
        package var enough = 24

        package init() {}
    }

    private let retry: ClosedRange<Duration>
    private let spacing: Spacing
    /// When the last commit began.
    private var last: Duration?
    /// Whether the sleeper knows of some who wait, and sleeps so that more may come.
    private var isGathering = false
    private var condition = Condition.sound
    /// Failures since something was last committed: a store that opens but cannot commit must not be tried without pause.
    private var failures = 0
    private var isSleeping = false
    /// Whether nothing more is accepted.
    package private(set) var isClosing = false

    /// - Parameter retry: the pause after a failed attempt to recover doubles from the least to the most; the first attempt is made at once.
    package init(retry: ClosedRange<Duration>, spacing: Spacing = Spacing()) { (self.retry, self.spacing) = (retry, spacing) }

    /// Why nothing can be written, or nil.
    package var refusal: Refusal? {
        if isClosing { return .closed }
        if case .broken(let reason, _) = condition { return .unavailable(reason: reason) }
        return nil
    }

    // MARK: For everybody

    /// There is something to do; true if the writer sleeps and must be woken.
    package mutating func wake() -> Bool {
        defer { isSleeping = false }
        return isSleeping
    }

    /// Somebody waits for the next commit, one of so many; true if the writer sleeps and must be woken.
    package mutating func wake(waiting: Int) -> Bool { isGathering && waiting < spacing.enough ? false : wake() }

    /// Nothing more is accepted, and what was accepted is finished; true if the writer must be woken.
    package mutating func close() -> Bool {
        isClosing = true
        return wake()
    }

    // MARK: For the writer

    /// The writer asks what to do: nil if it may work.
    package mutating func begin(now: Duration) -> Rest? {
        (isSleeping, isGathering) = (false, false)
        guard case .broken(_, let retry) = condition else { return nil }
        if isClosing { return .stop }
        return now >= retry ? .recover : sleep(until: retry)
    }

    /// The writer has something to commit that so many wait for: nil if it may begin.
    package mutating func commit(waiting: Int, now: Duration) -> Rest? {
        if let last, now < last + spacing.least, waiting < spacing.enough, !isClosing {
            isGathering = true
            return sleep(until: last + spacing.least)
        }
        last = now
        return nil
    }

    /// There is nothing to do until then, or until woken.
    package mutating func rest(until time: Duration? = nil) -> Rest { isClosing ? .stop : sleep(until: time) }

    private mutating func sleep(until time: Duration?) -> Rest {
        isSleeping = true
        return .sleep(until: time)
    }

    /// Something was committed.
    package mutating func succeeded() { failures = 0 }

    /// The store failed: whoever comes is refused with this until it has recovered.
    package mutating func failed(_ reason: String, now: Duration) {
        let pause = failures == 0 ? .zero : min(retry.lowerBound * (1 << min(failures - 1, 16)), retry.upperBound)
        failures += 1
        condition = .broken(reason: reason, retry: now + pause)
    }

    /// The store is open again.
    package mutating func recovered() { condition = .sound }
}

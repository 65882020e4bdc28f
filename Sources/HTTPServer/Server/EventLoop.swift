internal import CMicroHTTPD
internal import Glibc
internal import Scheduling
internal import Synchronization

/// One of libmicrohttpd's threads, with the connections that are parked on it: they wait for their answers without being suspended.
///
/// To suspend a connection and resume it costs libmicrohttpd two `epoll_ctl`, a `recv` that finds nothing and a write to an `eventfd`: 6 µs,
/// half of all that the server does for a request. A parked connection costs a call of its handler in each turn, and
/// whoever answers many wakes the loop once. So those that wait for a commit are parked; those that wait for longer are suspended.
///
/// `@unchecked Sendable`: the pace and whether the waker was added are touched only on the loop's thread; all else is constant or atomic.
final class EventLoop: @unchecked Sendable {
    /// Each is asked in every turn, so they must be few.
    private static let mostParked = 256
    /// How often a parked connection is asked in vain: as often as costs about what it costs to suspend it, and then it is suspended.
    static let mostAsked = 64

    /// Its number among those that keep things apart.
    let stripe: Int
    private let waker: Int32
    private let isWoken = Atomic(false)
    private var isWakerAdded = false
    private var pace = TurnPace()
    /// Shared with the other loops of the server; nil if they do not keep apart.
    private let seating: Seating?
    private let seated: SeatedThread?

    /// The loop whose thread is running; nil on any other thread, and before it was adopted.
    static var current: EventLoop? { of(gosset_mhd_turns_context()) }

    /// Adopts the running thread, one of libmicrohttpd's; it must end before the loop is released.
    init(stripe: Int, seating: Seating?) {
        self.stripe = stripe
        self.seating = seating
        seated = seating?.join()
        Precedence.early.take()
        waker = gosset_mhd_waker()
        var turns = gosset_mhd_turns(
            context: Unmanaged.passUnretained(self).toOpaque(),
            before: { context, epoll, timeout in EventLoop.of(context)?.willWait(at: epoll, wanted: timeout) ?? timeout },
            after: { context, isAnnounced in EventLoop.of(context)?.didWait(isAnnounced: isAnnounced != 0) })
        gosset_mhd_watch_turns(&turns)
    }

    deinit {
        if waker >= 0 { close(waker) }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> EventLoop? {
        context.map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: For all threads

    /// Has the loop ask those who are parked; the first call since it last did costs a write to a descriptor, others next to nothing.
    func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if let held = HeldWakes.current { held.add(self) } else { wakeNow() }
    }

    /// At once, whether or not the thread holds its wakes.
    func wakeNow() { gosset_mhd_wake(waker) }

    // MARK: For the loop's thread

    /// Something happened that may go on in the next turn, with no event to announce it.
    func move() { pace.move() }

    /// An answer was made.
    /// - Returns: what `didSend` wants to be told of it.
    func didAnswer() -> UInt { pace.answer() }

    /// An answer was sent, or its connection broke.
    func didSend(answerOf turn: UInt) { pace.send(answerOf: turn) }

    /// Parks a connection, which is then asked in every turn until it is unparked.
    /// - Returns: false if there is no room; then it must be suspended instead.
    func park() -> Bool {
        guard isWakerAdded, pace.asked < EventLoop.mostParked else { return false }
        pace.park()
        return true
    }

    func unpark() { pace.unpark() }

    private func willWait(at epoll: Int32, wanted: Int32) -> Int32 {
        // Tried again, should the kernel be out of memory.
        if !isWakerAdded, waker >= 0 { isWakerAdded = gosset_mhd_add_waker(epoll, waker) == 0 }
        if let seating, let seated { seating.rise(seated) }
        return pace.begin(wanted: wanted)
    }

    private func didWait(isAnnounced: Bool) {
        if let seating, let seated { seating.sit(seated) }
        // It resumes connections, and whom it resumes it handles in the next turn.
        if isAnnounced { pace.move() }
        // Before anybody is asked: who is answered after that wakes the loop anew. Who was answered before is seen when it is asked, for the
        // exchange reads what the waking thread wrote.
        if isWoken.load(ordering: .relaxed) { _ = isWoken.exchange(false, ordering: .acquiringAndReleasing) }
    }
}

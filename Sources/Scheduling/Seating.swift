internal import CScheduling
internal import Glibc
internal import Synchronization

/// Threads that keep off one another's processors.
///
/// For at most as many threads as there are processors, each of which waits often. Left to itself, Linux has two of them take turns on one
/// processor for tenths of a second while a thread that stands back has another one: for where somebody may go who wakes up, that one is as busy
/// as any. So each has a seat, the processor that it last woke up on, and whoever wakes up on the seat of another sends that one to a processor
/// that is nobody's seat. Nobody is kept there: whoever waits may go anywhere again as soon as it has woken up there, and whoever is at work
/// at once, for the threads that it makes may go where it may.
///
/// `@unchecked Sendable`: the pointer is constant, what it points to are atomics, freed in `deinit`.
package final class Seating: @unchecked Sendable {
    /// Two cache lines apart, because processors fetch lines in pairs.
    private static let stride = 16

    private let count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_CONF))))
    /// By processor, the number of the member whose seat it is; 0 for none.
    private let seats: UnsafeMutablePointer<Atomic<Int>>
    private let members = Mutex<[SeatedThread]>([])

    package init() {
        seats = .allocate(capacity: count * Seating.stride)
        for index in 0..<count * Seating.stride { (seats + index).initialize(to: Atomic(0)) }
    }

    deinit {
        seats.deinitialize(count: count * Seating.stride)
        seats.deallocate()
    }

    /// Makes the running thread a member, which from then on has to say whenever it wakes up.
    package func join() -> SeatedThread {
        members.withLock { members in
            let member = SeatedThread(number: members.count + 1)
            members.append(member)
            return member
        }
    }

    /// The running thread, a member, is about to wait.
    package func rise(_ member: SeatedThread) { member.isAwake.store(false, ordering: .releasing) }

    /// The running thread, a member, woke up.
    ///
    /// Takes some nanoseconds, and two or three system calls where another one is sent away.
    package func sit(_ member: SeatedThread) {
        member.isAwake.store(true, ordering: .sequentiallyConsistent)
        if member.isSent.load(ordering: .sequentiallyConsistent) { member.letGo() }
        let place = Int(gosset_processor())
        guard place >= 0, place < count else { return }
        let before = member.place.exchange(place, ordering: .relaxed)
        guard seat(place).pointee.load(ordering: .relaxed) != member.number else { return }
        let other = seat(place).pointee.exchange(member.number, ordering: .relaxed)
        if before >= 0, before != place { leave(before, member.number) }
        if other != 0 { send(other) }
    }

    private func seat(_ place: Int) -> UnsafeMutablePointer<Atomic<Int>> { seats + place * Seating.stride }

    private func leave(_ place: Int, _ number: Int) {
        _ = seat(place).pointee.compareExchange(expected: number, desired: 0, ordering: .relaxed)
    }

    private func send(_ number: Int) {
        let member = members.withLock { $0[number - 1] }
        for place in 0..<count where seat(place).pointee.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged {
            if withUnsafePointer(to: member.allowed, { gosset_send(member.thread, $0, Int32(place)) }) != 0 {
                member.isSent.store(true, ordering: .sequentiallyConsistent)
                // Should it wake up just now, either it sees that it was sent, or it is seen to be awake.
                if member.isAwake.load(ordering: .sequentiallyConsistent) { member.letGo() }
                return
            }
            leave(place, number)
        }
    }
}

/// A thread that has a seat.
package final class SeatedThread: Sendable {
    /// Among the members, from 1.
    fileprivate let number: Int
    fileprivate let thread = gosset_thread()
    fileprivate let allowed: gosset_processors
    /// Where it last woke up, which only itself looks at; negative before it first did.
    fileprivate let place = Atomic(-1)
    /// It may go nowhere but where it was sent.
    fileprivate let isSent = Atomic(false)
    /// It is at work.
    fileprivate let isAwake = Atomic(true)

    fileprivate init(number: Int) {
        self.number = number
        var allowed = gosset_processors()
        _ = gosset_allowed(0, &allowed)
        self.allowed = allowed
    }

    fileprivate func letGo() {
        isSent.store(false, ordering: .relaxed)
        _ = withUnsafePointer(to: allowed) { gosset_allow(thread, $0) }
    }
}

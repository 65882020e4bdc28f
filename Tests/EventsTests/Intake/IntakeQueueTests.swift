import Commit
import Events
import Testing

@Suite struct IntakeQueueTests {
    private typealias Queue = IntakeQueue<Int, String>

    private let batch = EncodedBatch([.numbered(1)])
    private var size: Int { batch.bytes.count }

    private func queue(_ change: (inout Queue.Limits) -> Void = { _ in }) -> Queue {
        var limits = Queue.Limits()
        limits.spacing.least = .zero
        change(&limits)
        return Queue(limits: limits)
    }

    @Test func `What comes during a commit shares the next`() {
        var queue = queue()
        #expect(queue.arrive(batch, 1) == .queued(wakeWriter: false))
        guard case .commit(let first) = queue.next(now: .zero) else { return #expect(Bool(false), "nothing to commit") }
        #expect(first.count == 1)
        for waiter in 2...4 { _ = queue.arrive(batch, waiter) }
        #expect(queue.committed() == [1])
        guard case .commit(let second) = queue.next(now: .zero) else { return #expect(Bool(false), "nothing to commit") }
        #expect(second.count == 3)
        #expect(queue.committed() == [2, 3, 4])
        #expect(queue.storedBytes == 4 * size && queue.waitingBytes == 0)
        guard case .sleep(nil) = queue.next(now: .zero) else { return #expect(Bool(false), "it does not rest") }
        #expect(queue.arrive(batch, 5) == .queued(wakeWriter: true))
        #expect(queue.arrive(batch, 6) == .queued(wakeWriter: false))
    }

    @Test func `Who comes soon after a commit is waited with`() {
        var queue = queue { ($0.spacing.least, $0.spacing.enough) = (.milliseconds(2), 2) }
        _ = queue.arrive(batch, 1)
        guard case .commit = queue.next(now: .zero) else { return #expect(Bool(false), "the first waits for nobody") }
        #expect(queue.committed() == [1])
        _ = queue.arrive(batch, 2)
        guard case .sleep(.milliseconds(2)) = queue.next(now: .milliseconds(1)) else { return #expect(Bool(false), "it does not wait") }
        #expect(queue.arrive(batch, 3) == .queued(wakeWriter: true), "two are enough")
        guard case .commit(let batches) = queue.next(now: .milliseconds(1)) else { return #expect(Bool(false), "it still waits") }
        #expect(batches.count == 2)
    }

    @Test func `A transaction has its limit, and one batch always fits`() {
        var queue = queue { $0.transactionBytes = 1 }
        for waiter in 1...2 { _ = queue.arrive(batch, waiter) }
        guard case .commit(let first) = queue.next(now: .zero) else { return #expect(Bool(false), "nothing to commit") }
        #expect(first.count == 1)
        #expect(queue.committed() == [1])
    }

    @Test func `A full spool refuses until something was taken out of it`() {
        let size = size
        var queue = queue { $0.spoolBytes = 2 * size }
        for waiter in 1...2 { _ = queue.arrive(batch, waiter) }
        #expect(queue.arrive(batch, 3) == .refused(.full(bytes: 2 * size, limit: 2 * size)))
        _ = queue.next(now: .zero)
        _ = queue.committed()
        #expect(queue.arrive(batch, 3) == .refused(.full(bytes: 2 * size, limit: 2 * size)))
        queue.stored(size)
        #expect(queue.arrive(batch, 3) == .queued(wakeWriter: false))
    }

    @Test func `Memory for those who wait has its limit`() {
        let size = size
        var queue = queue { $0.waitingBytes = size }
        #expect(queue.arrive(batch, 1) == .queued(wakeWriter: false))
        #expect(queue.arrive(batch, 2) == .refused(.overloaded(bytes: size)))
    }

    @Test func `After a failure everybody is refused, and it is tried again at growing intervals`() {
        var queue = queue()
        _ = queue.arrive(batch, 1)
        _ = queue.request("read")
        guard case .perform("read") = queue.next(now: .zero) else { return #expect(Bool(false), "requests come first") }
        _ = queue.next(now: .zero)
        _ = queue.arrive(batch, 2)
        let refused = queue.failed("disk full", now: .zero)
        #expect(refused.error == .unavailable(reason: "disk full"))
        #expect(refused.waiters == [1, 2])
        #expect(queue.arrive(batch, 3) == .refused(.unavailable(reason: "disk full")))
        guard case .reopen = queue.next(now: .zero) else { return #expect(Bool(false), "the first attempt is made at once") }
        _ = queue.failed("disk full", now: .zero)
        guard case .sleep(.milliseconds(100)) = queue.next(now: .zero) else { return #expect(Bool(false), "then there is a pause") }
        guard case .reopen = queue.next(now: .milliseconds(100)) else { return #expect(Bool(false), "it is tried again") }
        queue.recovered(stored: 7)
        #expect(queue.failure == nil && queue.storedBytes == 7 && queue.waitingBytes == 0)
        #expect(queue.arrive(batch, 4) == .queued(wakeWriter: false))
    }

    @Test func `Closing finishes what was accepted and takes no more`() {
        var queue = queue()
        _ = queue.arrive(batch, 1)
        #expect(queue.close() == false)
        #expect(queue.arrive(batch, 2) == .refused(.closed))
        guard case .commit = queue.next(now: .zero) else { return #expect(Bool(false), "what was accepted is lost") }
        #expect(queue.committed() == [1])
        guard case .stop = queue.next(now: .zero) else { return #expect(Bool(false), "it does not stop") }
    }
}

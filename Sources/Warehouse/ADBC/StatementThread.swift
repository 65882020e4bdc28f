internal import Foundation
internal import Synchronization

/// A thread that does one thing after the other, so that waiting for a statement blocks nothing else.
///
/// An engine inside the program makes its own threads from it, and they inherit how it stands back: on Linux that is a thread's, not the
/// process's.
final class StatementThread: Sendable {
    typealias Work = @Sendable () -> Void

    private let shared = Shared()

    /// - Parameter niceness: how far it stands back for the rest of the process: beside a thread that does not, one of 5 gets a quarter of a
    ///   processor, one of 10 a tenth.
    init(niceness: Int32) {
        let shared = shared
        let thread = Thread {
            if niceness > 0 { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness) }
            while let work = shared.next() { work() }
        }
        thread.name = "warehouse"
        // Engines plan deep queries on the stack of whoever asks.
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit { shared.add(nil) }

    /// Does something after all that was asked for before.
    func perform(_ work: @escaping Work) { shared.add(work) }

    /// Does something after all that was asked for before, and gives what comes of it.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () throws(WarehouseError) -> Value) async throws(WarehouseError) -> Value {
        let result: Result<Value, WarehouseError> = await withCheckedContinuation { continuation in
            perform {
                do throws(WarehouseError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// What waits to be done; nil ends the thread.
    private final class Shared: Sendable {
        private let queue = Mutex<[Work?]>([])
        private let waiting = DispatchSemaphore(value: 0)

        func add(_ work: Work?) {
            queue.withLock { $0.append(work) }
            waiting.signal()
        }

        func next() -> Work? {
            waiting.wait()
            return queue.withLock { $0.removeFirst() }
        }
    }
}

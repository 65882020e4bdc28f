internal import Synchronization

/// Thrown into the producer of a stream whose reader is gone.
package struct StreamClosed: Error {}

/// A bounded buffer between the producer of a stream, which is asynchronous, and its reader, the event loop.
///
/// Neither side ever blocks a thread: a producer that is ahead is suspended as a task, a reader that is ahead suspends its connection.
final class BodyPipe: Sendable {
    enum Chunk: Equatable {
        case bytes(Int)
        /// The producer is done and all it wrote is read.
        case end
        /// The producer failed: the reader should break off, so that the client does not take what it has for everything.
        case broken
        /// Nothing yet; the reader is to be woken.
        case waiting
    }

    private enum Ending {
        case complete
        case broken
    }

    private struct State {
        var buffer: [UInt8] = []
        var consumed = 0
        var lastWrite: UInt64
        var ending: Ending?
        var isAbandoned = false
        var wakeReader: (@Sendable () -> Void)?
        var waitingProducers: [CheckedContinuation<Void, Never>] = []
        var producer: Task<Void, Never>?

        var pending: Int { buffer.count - consumed }
        var isClosed: Bool { isAbandoned || ending != nil }

        mutating func takeReader() -> (@Sendable () -> Void)? {
            defer { wakeReader = nil }
            return wakeReader
        }

        mutating func takeProducers() -> [CheckedContinuation<Void, Never>] {
            defer { waitingProducers = [] }
            return waitingProducers
        }
    }

    private let state: Mutex<State>
    private let capacity: Int
    private let clock: MonotonicClock

    /// - Parameter capacity: bytes that may wait for the reader.
    init(capacity: Int, clock: MonotonicClock) {
        self.capacity = capacity
        self.clock = clock
        state = Mutex(State(lastWrite: clock.now()))
    }

    var isOpen: Bool {
        state.withLock { !$0.isClosed }
    }

    // MARK: Producer

    /// Runs `produce` in a task that is cancelled when the reader goes away.
    func run(_ produce: @escaping @Sendable (BodyPipe) async throws -> Void) {
        let task = Task {
            do {
                try await produce(self)
                self.end()
            } catch {
                self.breakOff()
            }
        }
        let isAbandoned = state.withLock { state in
            state.producer = task
            return state.isAbandoned
        }
        if isAbandoned { task.cancel() }
    }

    /// Adds bytes, once the reader has made room.
    /// - Throws: `StreamClosed` when nobody will read them.
    func write(_ bytes: some Collection<UInt8>) async throws {
        while true {
            let isWritten = try state.withLock { state throws -> Bool in
                guard !state.isClosed else { throw StreamClosed() }
                return state.pending < capacity
            }
            if isWritten { break }
            await withCheckedContinuation { continuation in
                let goOn = state.withLock { state in
                    guard !state.isClosed, state.pending >= capacity else { return true }
                    state.waitingProducers.append(continuation)
                    return false
                }
                if goOn { continuation.resume() }
            }
        }
        append(bytes)
    }

    /// Adds bytes if there is room for all of them now.
    func offer(_ bytes: some Collection<UInt8>) -> Bool {
        let hasRoom = state.withLock { !$0.isClosed && $0.pending + bytes.count <= capacity }
        if hasRoom { append(bytes) }
        return hasRoom
    }

    /// Adds bytes if nothing was added since a moment, in the clock's time.
    func offer(_ bytes: [UInt8], ifIdleSince moment: UInt64) {
        if state.withLock({ $0.lastWrite <= moment }) { _ = offer(bytes) }
    }

    private func append(_ bytes: some Collection<UInt8>) {
        let wake = state.withLock { state in
            guard !state.isClosed else { return state.takeReader() }
            state.buffer.append(contentsOf: bytes)
            state.lastWrite = clock.now()
            return state.takeReader()
        }
        wake?()
    }

    func end() { finish(.complete) }
    func breakOff() { finish(.broken) }

    private func finish(_ ending: Ending) {
        let (wake, producers) = state.withLock { state in
            state.ending = state.ending ?? ending
            return (state.takeReader(), state.takeProducers())
        }
        wake?()
        for producer in producers { producer.resume() }
    }

    // MARK: Reader

    /// Takes bytes, or arranges to be woken.
    /// - Parameter wait: called when there is nothing, before any producer can know that the reader waits; returns what wakes it.
    func read(into room: UnsafeMutableRawBufferPointer, orWait wait: () -> (@Sendable () -> Void)?) -> Chunk {
        let (chunk, producers) = state.withLock { state -> (Chunk, [CheckedContinuation<Void, Never>]) in
            if state.ending == .broken { return (.broken, []) }
            if state.pending > 0 {
                let count = min(room.count, state.pending)
                room.copyBytes(from: state.buffer[state.consumed..<state.consumed + count])
                state.consumed += count
                if state.pending == 0 {
                    state.buffer.removeAll(keepingCapacity: true)
                    state.consumed = 0
                }
                return (.bytes(count), state.pending < capacity ? state.takeProducers() : [])
            }
            if state.ending == .complete { return (.end, []) }
            state.wakeReader = wait()
            return (state.wakeReader == nil ? .broken : .waiting, [])
        }
        for producer in producers { producer.resume() }
        return chunk
    }

    /// The reader is gone: the producer is cancelled.
    func abandon() {
        let (producer, waiting) = state.withLock { state in
            state.isAbandoned = true
            state.buffer = []
            state.consumed = 0
            return (state.producer, state.takeProducers())
        }
        producer?.cancel()
        for producer in waiting { producer.resume() }
    }
}

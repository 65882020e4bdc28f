internal import Foundation
internal import Scheduling
internal import Synchronization

/// A thread that does one thing after the other, so that waiting for a statement blocks nothing else.
///
/// An engine inside the program makes its own threads from it, and they inherit how it stands back: on Linux that is a thread's, not the
/// process's.
final class StatementThread: Sendable {
    private let work = WorkQueue()
    /// What is to be told of the work, by a thread that does not stand back; nil where the one that works does not either.
    ///
    /// Whoever is told goes on on a thread of the process's pool, which the pool may make just then: made by a thread that stands back, it would
    /// stand back for ever, whatever it does later.
    private let answers: WorkQueue?

    init(_ precedence: Precedence) {
        let work = work
        let answers = precedence > .ordinary ? WorkQueue() : nil
        self.answers = answers
        let worker = Thread {
            Thread.current.name = "warehouse"
            precedence.take()
            var restraint = precedence.restraint.map { Restraint(policy: $0, processors: Processors.limit, from: ProcessorTime.reading()) }
            work.run {
                while let rest = restraint?.rest(ProcessorTime.reading(), isUrgent: work.isUrgent) {
                    Thread.sleep(forTimeInterval: rest / .seconds(1))
                }
            }
            answers?.add(nil)
        }
        // Engines plan deep queries on the stack of whoever asks.
        worker.stackSize = 8 << 20
        worker.start()
        if let answers {
            let teller = Thread {
                Thread.current.name = "warehouse tells"
                answers.run()
            }
            teller.start()
        }
    }

    deinit { work.add(nil) }

    /// Whether it goes on without a rest, though it stands back; may be said at any time.
    func hasten(_ isUrgent: Bool) { work.hasten(isUrgent) }

    /// Does something after all that was asked for before, and gives what comes of it.
    func perform<Value: Sendable, Failure>(_ body: @escaping @Sendable () throws(Failure) -> Value) async throws(Failure) -> Value {
        let errand = Errand(body)
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            work.add { [answers] in
                let result = errand.outcome()
                if let answers {
                    answers.add { continuation.resume(returning: result) }
                } else {
                    continuation.resume(returning: result)
                }
            }
        }
        return try result.get()
    }
}

/// Something to be done once.
///
/// What it holds is let go of before anybody is told: a database that nobody else holds by then is closed, and not a moment later, when its
/// file may be open again.
private final class Errand<Value: Sendable, Failure: Error>: Sendable {
    private let body: Mutex<(@Sendable () throws(Failure) -> Value)?>

    init(_ body: @escaping @Sendable () throws(Failure) -> Value) { self.body = Mutex(body) }

    func outcome() -> Result<Value, Failure> {
        guard let body = body.withLock({ $0.take() }) else { preconditionFailure("an errand is done once") }
        do throws(Failure) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }
}

/// What waits to be done by a thread.
private final class WorkQueue: Sendable {
    typealias Work = @Sendable () -> Void

    private let queue = Mutex<[Work?]>([])
    private let waiting = DispatchSemaphore(value: 0)
    private let urgency = Atomic(false)

    var isUrgent: Bool { urgency.load(ordering: .relaxed) }

    func hasten(_ isUrgent: Bool) { urgency.store(isUrgent, ordering: .relaxed) }

    /// After all that was added before; nil ends it.
    func add(_ work: Work?) {
        queue.withLock { $0.append(work) }
        waiting.signal()
    }

    /// Does what waits, until the end.
    ///
    /// - Parameter rest: called before each.
    func run(_ rest: () -> Void = {}) {
        while let work = next(rest) { work() }
    }

    private func next(_ rest: () -> Void) -> Work? {
        waiting.wait()
        let work = queue.withLock { $0.removeFirst() }
        if work != nil { rest() }
        return work
    }
}

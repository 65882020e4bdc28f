internal import Dispatch
internal import Scheduling

/// Work shared among threads, one for each processor and at most eight.
enum Workers {
    static let count = min(8, Processors.count)

    /// Runs the work once for each worker, at once, and waits.
    static func run(_ work: (_ worker: Int) -> Void) {
        withoutActuallyEscaping(work) { work in
            let carried = Carried(work: work)
            DispatchQueue.concurrentPerform(iterations: count) { carried.work($0) }
        }
    }

    /// `@unchecked Sendable`: the work is called on several threads at once, each with a number of its own, and all are done before `run`
    /// returns; those who pass it see to it that it writes only to what belongs to its number.
    private struct Carried: @unchecked Sendable {
        let work: (Int) -> Void
    }

    /// The part of `0..<count` that a worker does.
    static func share(of count: Int, _ worker: Int) -> Range<Int> {
        (count * worker / Workers.count)..<(count * (worker + 1) / Workers.count)
    }
}

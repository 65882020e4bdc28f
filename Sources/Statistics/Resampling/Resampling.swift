internal import Dispatch

/// How often to resample, from which seed, and on how many threads.
///
/// Every resample has a stream of random numbers of its own, so results depend on the seed and never on the threads.
public struct Resampling: Equatable, Sendable {
    /// How many resamples are drawn.
    public let count: Int
    /// Where the random numbers start.
    public let seed: UInt64
    /// How many threads share the work.
    public let threads: Int

    /// A plan with at least one resample and one thread.
    public init(count: Int = 9_999, seed: UInt64 = 0, threads: Int = 1) throws(StatisticsError) {
        try Require.positive(count, "count")
        try Require.positive(threads, "threads")
        (self.count, self.seed, self.threads) = (count, seed, threads)
    }

    private init() {
        (count, seed, threads) = (9_999, 0, 1)
    }

    /// 9,999 resamples on one thread.
    public static let standard = Resampling()

    /// The numbers that each resample gives, in their order, `width` of them for each; `body` fills them in from the resample's stream.
    ///
    /// `prepare` makes what a thread needs for itself, such as a buffer.
    func collect<Scratch>(
        width: Int = 1, prepare: @Sendable () -> Scratch,
        _ body: @Sendable (inout RandomStream, inout Scratch, UnsafeMutableBufferPointer<Double>) -> Void
    ) -> [Double] {
        let parts = min(threads, count)
        return [Double](unsafeUninitializedCapacity: count * width) { buffer, initialized in
            let results = Cells(base: buffer.baseAddress)
            @Sendable func work(_ part: Int) {
                var scratch = prepare()
                for index in (count * part / parts)..<(count * (part + 1) / parts) {
                    var stream = RandomStream(seed: seed, stream: UInt64(index))
                    body(&stream, &scratch, UnsafeMutableBufferPointer(start: results.base.map { $0 + index * width }, count: width))
                }
            }
            buffer.initialize(repeating: 0)
            if parts == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: parts, execute: work) }
            initialized = count * width
        }
    }

    /// Where the threads put their results.
    ///
    /// Unchecked because the compiler cannot see that no two threads write to the same place: each resample owns the `width` cells from
    /// `index * width` on, and each index belongs to one part. The buffer outlives the threads, which `concurrentPerform` waits for.
    private struct Cells: @unchecked Sendable {
        let base: UnsafeMutablePointer<Double>?
    }
}

internal import Synchronization

/// The counters behind `Measurements`.
///
/// A connection always adds to the same stripe, and the connections of one event loop share it, so that threads do not fight over
/// cache lines. Adding is a handful of relaxed atomic additions.
///
/// `@unchecked Sendable`: the pointer is constant, what it points to are atomics, freed in `deinit`.
final class Recorder: @unchecked Sendable {
    static let stripes = 8
    private static let statusClasses = 5
    private static let buckets = Measurements.latencyBounds.count + 1
    private static let perRoute = statusClasses + buckets + 1
    private static let boundsInNanoseconds = Measurements.latencyBounds.map { UInt64($0 * 1e9) }

    private let routes: Int
    private let stripeLength: Int
    private let counters: UnsafeMutablePointer<Atomic<Int>>

    /// - Parameter routes: how many; one more is kept for requests that fit none.
    init(routes: Int) {
        self.routes = routes + 1
        // Two cache lines apart, because processors fetch lines in pairs.
        stripeLength = 2 + (routes + 1) * Recorder.perRoute + 16
        counters = .allocate(capacity: stripeLength * Recorder.stripes)
        for index in 0..<stripeLength * Recorder.stripes { (counters + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counters.deinitialize(count: stripeLength * Recorder.stripes)
        counters.deallocate()
    }

    func record(stripe: Int, route: Int?, status: Int, nanoseconds: UInt64, received: Int, sent: Int) {
        let base = counters + stripe * stripeLength
        add(base, received)
        add(base + 1, sent)
        let own = base + 2 + (route ?? routes - 1) * Recorder.perRoute
        add(own + min(max(status / 100, 1), 5) - 1, 1)
        let bucket = Recorder.boundsInNanoseconds.firstIndex { nanoseconds <= $0 } ?? Recorder.buckets - 1
        add(own + Recorder.statusClasses + bucket, 1)
        add(own + Recorder.perRoute - 1, Int(clamping: nanoseconds))
    }

    private func add(_ counter: UnsafeMutablePointer<Atomic<Int>>, _ amount: Int) {
        if amount != 0 { counter.pointee.wrappingAdd(amount, ordering: .relaxed) }
    }

    private func sum(_ offset: Int) -> Int {
        (0..<Recorder.stripes).reduce(0) { $0 &+ counters[$1 * stripeLength + offset].load(ordering: .relaxed) }
    }

    func snapshot(of router: Router) -> Measurements.Snapshot {
        var snapshot = Measurements.Snapshot()
        snapshot.bodyBytesReceived = sum(0)
        snapshot.bodyBytesSent = sum(1)
        snapshot.routes = (0..<routes).map { index in
            let route = index < router.routes.count ? router.routes[index] : nil
            let own = 2 + index * Recorder.perRoute
            return Measurements.Route(
                method: route?.method, pattern: route?.pattern ?? "(none)",
                statusClasses: (0..<Recorder.statusClasses).map { sum(own + $0) },
                latencyCounts: (0..<Recorder.buckets).map { sum(own + Recorder.statusClasses + $0) },
                latencySum: Double(sum(own + Recorder.perRoute - 1)) / 1e9)
        }
        return snapshot
    }
}

import Synchronization

// What several threads report to a test.
final class Collected: Sendable {
    private let items = Mutex<[String]>([])

    var all: [String] { items.withLock { $0 } }
    func append(_ item: String) { items.withLock { $0.append(item) } }
}

// What several threads count for a test.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }
    func increment() { count.add(1, ordering: .relaxed) }
}

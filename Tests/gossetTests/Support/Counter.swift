import Synchronization

// Counts from 0, for any number of threads.
final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).oldValue }

    // How often it was asked.
    var soFar: Int { count.load(ordering: .relaxed) }
}

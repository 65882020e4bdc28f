import Foundation

// Lets threads through when all of them have come.
final class Barrier: @unchecked Sendable {
    // `@unchecked Sendable`: the count is touched only under the condition's lock.
    private let condition = NSCondition()
    private var missing: Int

    init(_ count: Int) { missing = count }

    func wait() {
        condition.lock()
        defer { condition.unlock() }
        missing -= 1
        if missing == 0 { return condition.broadcast() }
        while missing > 0 { condition.wait() }
    }
}

import Foundation
import Synchronization

// Does something on threads of its own, all at once, and returns when all are done: blocking calls do not belong on the tasks' few threads.
func onThreads<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Value) async throws -> [Value] {
    let results = Mutex<[(index: Int, result: Result<Value, any Error>)]>([])
    await withCheckedContinuation { continuation in
        for index in 0..<count {
            let thread = Thread {
                let result = Result { try body(index) }
                let isLast = results.withLock { results in
                    results.append((index, result))
                    return results.count == count
                }
                if isLast { continuation.resume() }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }
    return try results.withLock { $0 }.sorted { $0.index < $1.index }.map { try $0.result.get() }
}

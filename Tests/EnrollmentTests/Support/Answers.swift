import Enrollment
import Experiments
import Foundation

/// Gathers what many threads are answered.
///
/// `@unchecked Sendable` because the condition's lock guards every access to the variables.
final class Answers: @unchecked Sendable {
    private let condition = NSCondition()
    private var outstanding = 0
    private var finishedThreads = 0
    private var ordinals: [Int: Set<Ordinal>] = [:]
    private var failures = 0

    /// One more answer is to come.
    func expect() { condition.withLock { outstanding += 1 } }

    func record(_ number: Int, _ result: Result<Device, EnrollmentError>) {
        condition.withLock {
            outstanding -= 1
            switch result {
            case .success(let device): ordinals[number, default: []].insert(device.ordinal)
            case .failure: failures += 1
            }
            condition.broadcast()
        }
    }

    /// A thread asks no more.
    func finish() {
        condition.withLock {
            finishedThreads += 1
            condition.broadcast()
        }
    }

    /// What they were answered, when all have asked and all are answered, or after 30 seconds.
    func wait(threads: Int) -> (ordinals: [Int: Set<Ordinal>], failures: Int) {
        condition.withLock {
            let deadline = Date(timeIntervalSinceNow: 30)
            while finishedThreads < threads || outstanding > 0 {
                guard condition.wait(until: deadline) else { break }
            }
            return (ordinals, failures + outstanding)
        }
    }
}

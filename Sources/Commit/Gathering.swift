internal import Glibc

/// Has those who are at the door share the next transaction: a commit costs about as much for forty as for one.
package enum Gathering {
    /// How often others are let go first: what arrives without end must be committed as well.
    package static let most = 8

    /// Lets the threads that can run go first for as long as they bring more.
    ///
    /// Nobody waits for company who comes alone: where no other thread can run it takes no time. Without it the writer, which comes before
    /// others, takes what the first connection of an event loop's turn brought and makes the rest of the turn wait for the next transaction.
    ///
    /// - Parameters:
    ///   - count: how much there is for the next transaction.
    ///   - rest: lets others go first.
    package static func gather(_ count: () -> Int, rest: () -> Void = { sched_yield() }) {
        var before = count()
        for _ in 0..<most {
            rest()
            let now = count()
            guard now > before else { return }
            before = now
        }
    }
}

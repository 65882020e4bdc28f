package import Experiments

/// How often may be guessed: a value, told of each attempt to sign in and its time.
///
/// Whoever guesses wrong ten times in ten minutes has to wait, and so has everybody when a thousand guesses came from anywhere. It remembers
/// no more attempts than that, so its size is bounded whoever comes.
package struct SignInThrottle: Sendable {
    /// Failed attempts from one address within the window.
    package var attemptsPerAddress = 10
    /// Failed attempts from all addresses within the window.
    package var attempts = 1000
    /// Seconds for which an attempt counts.
    package var window: Int64 = 600

    /// The latest attempts that did not succeed, the oldest first.
    private var failures: [(address: String, time: Timestamp)] = []

    package init() {}

    /// How many attempts it remembers.
    package var count: Int { failures.count }

    /// Lets somebody try, and counts it as a failure until ``succeeded(from:)`` says otherwise.
    ///
    /// - Returns: nil, or in how many seconds one may try again.
    package mutating func attempt(from address: String, now: Timestamp) -> Int? {
        // A clock that was set back must not make anybody wait for it to catch up.
        failures.removeAll { !(0..<window * 1000).contains(now.milliseconds - $0.time.milliseconds) }
        let own = failures.filter { $0.address == address }
        let oldest = own.count >= attemptsPerAddress ? own.first : failures.count >= attempts ? failures.first : nil
        if let oldest { return Int((oldest.time.milliseconds + window * 1000 - now.milliseconds + 999) / 1000) }
        failures.append((address, now))
        return nil
    }

    /// Forgives an address its failures: somebody who knows a token is there.
    package mutating func succeeded(from address: String) { failures.removeAll { $0.address == address } }
}

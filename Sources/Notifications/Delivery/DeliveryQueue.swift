package import Experiments

/// Which message goes when: a value without I/O.
///
/// Messages, outcomes and the time go in; what to do comes out.
///
/// Each channel is a line of its own, the oldest message first, one at a time. A failure makes its line wait, longer each time; so does a
/// receiver who asks for it. A message that failed for three days is given up.
package struct DeliveryQueue: Sendable {
    /// The figures of the rules.
    package struct Policy: Hashable, Sendable {
        /// The pause after a first failure, in seconds; each further failure doubles it.
        package var firstPause = 2.0
        package var longestPause = 900.0
        /// The longest time that a channel rests, whoever asks for more and whatever the clock said before, in seconds.
        package var longestRest = 3600.0
        /// The least time between two messages of a channel, in seconds: Telegram asks for no more than one a second in a chat.
        package var spacing = 1.0
        /// The age at which a message that still fails is given up, in seconds.
        package var lifetime = 3.0 * 86400

        package init() {}
    }

    /// A message that waits.
    package struct Entry: Hashable, Sendable {
        package let id: Int64
        package let channel: String
        package fileprivate(set) var created: Timestamp
        /// How often sending has failed.
        package var failures: Int

        package init(id: Int64, channel: String, created: Timestamp, failures: Int = 0) {
            self.id = id
            self.channel = channel
            self.created = created
            self.failures = failures
        }
    }

    /// What to do now.
    package enum Decision: Hashable, Sendable {
        case send(id: Int64)
        /// Nothing before this time.
        case wait(until: Timestamp)
        /// Nothing, unless something happens.
        case rest
    }

    /// What an outcome means for its message.
    package enum Conclusion: Hashable, Sendable {
        case delivered
        case again(at: Timestamp, failures: Int, reason: String)
        case givenUp(reason: String)
    }

    private struct Line: Sendable {
        var entries: [Entry] = []
        var free: Timestamp
        var isSending = false
    }

    private let policy: Policy
    private var lines: [String: Line] = [:]

    package init(policy: Policy = Policy()) { self.policy = policy }

    /// Takes a message in.
    ///
    /// - Parameter free: when it may go at the earliest, if it waited in an earlier run.
    package mutating func add(_ entry: Entry, free: Timestamp? = nil) {
        var line = lines[entry.channel] ?? Line(free: free ?? entry.created)
        if let free, line.entries.isEmpty, free > line.free { line.free = free }
        let place = line.entries.firstIndex { $0.id > entry.id } ?? line.entries.count
        line.entries.insert(entry, at: place)
        lines[entry.channel] = line
    }

    /// What to do now; a message that is to be sent counts as being sent from here on.
    ///
    /// What waits longer than anything may was written down while the clock was ahead: it may go now.
    package mutating func next(at now: Timestamp) -> Decision {
        for (channel, line) in lines where line.free > later(now, policy.longestRest) { lines[channel]?.free = now }
        let waiting = lines.filter { !$0.value.entries.isEmpty && !$0.value.isSending }
        // The one that may go longest, and of equals always the same.
        guard let (channel, line) = waiting.min(by: { ($0.value.free, $0.key) < ($1.value.free, $1.key) }) else { return .rest }
        guard line.free <= now else { return .wait(until: line.free) }
        lines[channel]?.isSending = true
        return .send(id: line.entries[0].id)
    }

    /// What the outcome of sending a message means for it.
    package mutating func finished(_ id: Int64, _ outcome: DeliveryOutcome, at now: Timestamp) -> Conclusion {
        guard let channel = lines.first(where: { $0.value.isSending && $0.value.entries.first?.id == id })?.key, var line = lines[channel]
        else { preconditionFailure("message \(id) is not being sent") }
        line.isSending = false
        // Its age goes by the clock, which may have been ahead when it was made.
        line.entries[0].created = min(line.entries[0].created, now)
        defer { lines[channel] = line }
        switch outcome {
        case .delivered:
            line.entries.removeFirst()
            line.free = later(now, policy.spacing)
            return .delivered
        case .refused(let reason):
            line.entries.removeFirst()
            line.free = later(now, policy.spacing)
            return .givenUp(reason: reason)
        case .throttled(let seconds):
            // Nobody failed: it is not counted, and the time is the receiver's to say.
            line.free = later(now, min(Double(seconds), policy.longestRest))
            return .again(at: line.free, failures: line.entries[0].failures, reason: "asked to wait \(seconds) s")
        case .failed(let reason):
            line.entries[0].failures += 1
            let entry = line.entries[0]
            line.free = later(now, pause(after: entry.failures, id: id))
            guard line.free <= later(entry.created, policy.lifetime) else {
                line.entries.removeFirst()
                return .givenUp(reason: reason)
            }
            return .again(at: line.free, failures: entry.failures, reason: reason)
        }
    }

    /// Doubled with each failure, and up to a quarter longer by the message's number, so that many do not come back at once.
    private func pause(after failures: Int, id: Int64) -> Double {
        let doubled = policy.firstPause * Double(1 << min(failures - 1, 40))
        let spread = Double((id &* 0x9E37_79B9 &+ Int64(failures) &* 0x85EB_CA6B) & 0xFF) / 1024
        return min(policy.longestPause, doubled * (1 + spread))
    }

    private func later(_ time: Timestamp, _ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + Int64((seconds * 1000).rounded(.up)))
    }
}

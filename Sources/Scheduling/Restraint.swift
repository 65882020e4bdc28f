/// Decides how long who stands back leaves the processors alone: a value without I/O, told the times.
///
/// To come after all others is not enough where processor time is limited, as in containers and on virtual machines: what is used by those who stand
/// back is used up, and those who come first wait with everybody else until the next tenth of a second, or whatever the limit is counted by
/// (`cpu.max` of Linux's control groups). So who stands back also uses only a share of the processors, as long as those who come first are busy.
///
/// What is done in one go is not interrupted: rests follow it.
package struct Restraint: Sendable {
    package struct Policy: Hashable, Sendable {
        /// How much of all processors may be used, as long as others are busy.
        package var share: Double
        /// How much of all processors others use who are busy.
        package var busy = 0.15
        /// For how long to rest until it is looked again whether they still are; whether they are is not told from less.
        package var rest: Duration = .milliseconds(50)

        package init(share: Double) { self.share = share }
    }

    /// Processor time until a moment.
    package struct Reading: Hashable, Sendable {
        package var now: Duration
        /// Of the thread that stands back.
        package var own: Duration
        /// Of all who come first.
        package var others: Duration

        package init(now: Duration, own: Duration, others: Duration) { (self.now, self.own, self.others) = (now, own, others) }
    }

    private let policy: Policy
    private let processors: Double
    /// What was read last, and what was when others were looked at last.
    private var last: Reading
    private var lastOthers: Reading
    private var areBusy = false
    /// For how long to rest, until no more than the share was used.
    private var owed: Duration = .zero

    /// - Parameter processors: how many there are to use.
    package init(policy: Policy, processors: Double, from reading: Reading) {
        (self.policy, self.processors) = (policy, processors)
        (last, lastOthers) = (reading, reading)
    }

    /// How long to rest now, and ask again then; nil to go on.
    ///
    /// - Parameter isUrgent: whether what comes next may not wait.
    package mutating func rest(_ reading: Reading, isUrgent: Bool = false) -> Duration? {
        let period = reading.now - last.now
        owed = max(.zero, owed + (reading.own - last.own) / min(1, policy.share * processors) - period)
        last = reading
        let window = reading.now - lastOthers.now
        if window >= policy.rest / 2 {
            areBusy = (reading.others - lastOthers.others) > window * (policy.busy * processors)
            lastOthers = reading
        }
        // What nobody else wanted is not owed, nor what had to be.
        if !areBusy || isUrgent { owed = .zero }
        // A system does not wake up anybody sooner than that.
        return owed < .milliseconds(1) ? nil : min(owed, policy.rest)
    }
}

/// Decides what the deliverer does next, and when it tries again: a value without I/O, told the time.
package struct DeliveryPace: Sendable {
    /// What to do.
    package enum Step: Sendable, Hashable {
        /// Connect to the warehouse and look at its tables.
        case connect
        /// Deliver some of what waits, of exposures or without them.
        case deliver(withExposures: Bool)
        /// Delete what is too old.
        case expire
        /// Nothing for so long.
        case rest(Duration)
    }

    package struct Policy: Sendable {
        /// How long to gather before the next delivery.
        package var interval: Duration = .seconds(1)
        /// The pause after a failure doubles from the least to the most.
        package var retry: ClosedRange<Duration> = .milliseconds(500)...(.seconds(30))
        /// How many times as long as delivering exposures took until the next of them are delivered, when more wait; but at most as long as
        /// ``forbearance``.
        ///
        /// Exposures are safe in the registry and cannot overflow, unlike events in the spool. Events do not wait for them.
        package var leisure = 1
        /// How many times as long as a delivery took to rest after it, when nothing waits, and for how long at most.
        ///
        /// Events that come one by one are gathered, for a delivery has a cost of its own, which grows with the warehouse.
        package var gathering = 9
        package var patience: Duration = .seconds(5)
        /// How much longer to gather while the news of earlier deliveries is being taken in, and how much later to tell news while more events
        /// wait than one delivery takes.
        ///
        /// Delivering and taking in each keep a processor busy; both at once leave devices none where there are two.
        ///
        /// As long as a few deliveries, for what is gathered has to be delivered in one go.
        package var forbearance: Duration = .seconds(10)
        /// How often old events are looked for; nil if they are kept.
        package var expiry: Duration?

        package init() {}
    }

    private let policy: Policy
    private var isConnected = false
    private var failures = 0
    private var next: Duration
    /// When exposures are delivered next, with whatever else is, and whether any are known to wait.
    private var nextExposures: Duration
    private var exposuresWait = false
    /// Whether more events wait than one delivery takes: the spool must not overflow.
    private var isPressed = false
    private var nextExpiry: Duration?

    package init(policy: Policy = Policy(), now: Duration = .zero) {
        self.policy = policy
        (next, nextExposures) = (now, now)
        nextExpiry = policy.expiry.map { _ in now }
    }

    /// What to do now.
    ///
    /// - Parameter reading: whether news is being taken in.
    package func step(now: Duration, besides reading: Bool = false) -> Step {
        guard now >= next else { return .rest(next - now) }
        guard isConnected else { return .connect }
        // That the reading has ended is seen at the next look.
        if reading, !isPressed, now < next + policy.forbearance { return .rest(min(next + policy.forbearance - now, .milliseconds(100))) }
        if let nextExpiry, now >= nextExpiry { return .expire }
        return .deliver(withExposures: now >= nextExposures)
    }

    /// The warehouse is there.
    package mutating func connected(now: Duration) {
        isConnected = true
        (next, nextExposures) = (now, now)
    }

    /// What waits after a delivery.
    package struct Remainder: Sendable, Hashable {
        /// Whether there are more events than one delivery takes.
        package var events = false
        package var exposures = Exposures.none

        package init(events: Bool = false, exposures: Exposures = .none) { (self.events, self.exposures) = (events, exposures) }
    }

    /// Which exposures wait after some were delivered.
    package enum Exposures: Sendable, Hashable {
        /// What came while that was under way, at most.
        case none
        /// More of them. To deliver what was delivered took so long.
        case some(took: Duration)
        /// As many as before, and some more: none were delivered.
        case asBefore
    }

    /// Something was delivered; more may be waiting.
    package mutating func delivered(_ remainder: Remainder, took duration: Duration = .zero, now: Duration) {
        failures = 0
        isPressed = remainder.events
        let gathered = now + max(policy.interval, min(duration * policy.gathering, policy.patience))
        switch remainder.exposures {
        case .none: (exposuresWait, nextExposures) = (false, now)
        case .some(let took): (exposuresWait, nextExposures) = (true, now + min(took * policy.leisure, policy.forbearance))
        case .asBefore: break
        }
        next = remainder.events ? now : exposuresWait ? min(gathered, max(now, nextExposures)) : gathered
    }

    /// Whether news may be told, which was told last at a moment.
    package func tells(now: Duration, last: Duration) -> Bool { !isPressed || now >= last + policy.forbearance }

    /// What was too old is gone.
    package mutating func expired(now: Duration) { nextExpiry = policy.expiry.map { now + $0 } }

    /// The warehouse failed, or the spool: the connection is not trusted any more.
    package mutating func failed(now: Duration) {
        isConnected = false
        next = now + min(policy.retry.lowerBound * (1 << min(failures, 16)), policy.retry.upperBound)
        failures += 1
    }
}

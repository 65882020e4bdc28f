package import Experiments

/// Something that a unit did, as a client tells it: a payment, a visit.
package struct Event: Sendable, Hashable {
    /// What the unit's client calls it: an event that is told twice has the same name both times.
    package let id: String
    /// Whose it is: a device token, or whatever names units elsewhere.
    package let unit: String
    /// What kind of thing happened: `purchase`.
    package let fact: String
    /// How much of it, if that can be said.
    package let value: Double?
    /// When it happened: as the client says, or when it was received where that cannot be.
    package let time: Timestamp
    /// When it was taken in, by the server's clock.
    package let received: Timestamp
    /// What the client said of the time, where that was not believed.
    package let claimed: Timestamp?
    /// Whatever else is known of it: the text of a JSON object.
    package let properties: String?

    package init(
        id: String, unit: String, fact: String, value: Double? = nil, time: Timestamp, received: Timestamp, claimed: Timestamp? = nil,
        properties: String? = nil
    ) {
        self.id = id
        self.unit = unit
        self.fact = fact
        self.value = value
        self.time = time
        self.received = received
        self.claimed = claimed
        self.properties = properties
    }
}

/// Events that came together, and are taken in together or not at all.
package struct EventBatch: Sendable, Hashable {
    package var events: [Event] = []
    /// How many came long after they happened; see ``EventClock``.
    package var late = 0
    /// How many claimed to be of the future.
    package var skewed = 0
    /// How many events of each fact are of units that were no device here when they came.
    package var strangers: [String: Int] = [:]

    package init() {}

    /// How many there are of each fact.
    package var facts: [String: Int] { events.reduce(into: [:]) { $0[$1.fact, default: 0] += 1 } }
}

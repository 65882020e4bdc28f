package import Experiments

/// That a device is a person's: stored once, and never changed.
package struct Link: Sendable, Hashable {
    /// Its place in the order of links, from 1 without gaps until some are forgotten.
    package let number: Int64
    package let token: DeviceToken
    package let person: PersonID
    package let time: Timestamp
    /// The person's device: the first that was linked to them, the same in all their links.
    package let device: Device
    /// Whether the token has no ordinal of its own and is answered as the person's device.
    package let isAlias: Bool

    package init(number: Int64, token: DeviceToken, person: PersonID, time: Timestamp, device: Device, isAlias: Bool) {
        self.number = number
        self.token = token
        self.person = person
        self.time = time
        self.device = device
        self.isAlias = isAlias
    }
}

extension Link {
    /// From the columns of a store.
    init(
        number: Int64, token: String, person: String, time: Int64, ordinal: Int64, firstSeen: Int64, isAlias: Bool
    ) throws(StoreError) {
        guard let token = try? DeviceToken(stored: token), let person = try? PersonID(stored: person), ordinal >= 0 else {
            throw StoreError(.corrupt, "The link \(number) in the registry is damaged")
        }
        self.init(
            number: number, token: token, person: person, time: Timestamp(milliseconds: time),
            device: Device(ordinal: Ordinal(ordinal), firstSeen: Timestamp(milliseconds: firstSeen)), isAlias: isAlias)
    }
}

/// Which links are wanted.
package enum LinkQuery: Sendable, Hashable {
    /// The one of a token.
    case of(DeviceToken)
    /// All of a person.
    case ofPerson(PersonID)
    /// At most so many after the one of this number, in order.
    case after(Int64, limit: Int)
}

/// That a device is to be linked to a person.
package struct LinkWish: Sendable, Hashable {
    package let token: DeviceToken
    package let person: PersonID
    /// What is known of the token in memory; a store of one owner relies on it.
    package let known: Device?

    package init(token: DeviceToken, person: PersonID, known: Device? = nil) {
        self.token = token
        self.person = person
        self.known = known
    }
}

/// What became of a wish.
package enum LinkOutcome: Sendable, Hashable {
    /// They are linked, by this link, and the token is answered as this device: also if they were linked before.
    case linked(Link, Device)
    /// The device is another person's.
    case taken
}

/// The outcome of one transaction of links.
package struct LinkedBatch: Sendable, Hashable {
    /// One for each wish, in their order.
    package let outcomes: [LinkOutcome]
    /// The sequences that the newly enrolled joined, in the order of their ordinals.
    package let joined: [[UInt32]]
    /// The ordinals given out by this transaction, to tokens that nobody knew and whose person had no device.
    package let fresh: Range<Ordinal>
    /// The revision in force then.
    package let revision: UInt64
    /// Whether nothing was done, because the memberships were worked out under another revision.
    package let isStale: Bool

    package init(
        outcomes: [LinkOutcome], joined: [[UInt32]] = [], fresh: Range<Ordinal>, revision: UInt64, isStale: Bool = false
    ) {
        self.outcomes = outcomes
        self.joined = joined
        self.fresh = fresh
        self.revision = revision
        self.isStale = isStale
    }

    /// What a decision came to, once it is durable.
    package init(_ linking: Linking, _ outcomes: [LinkOutcome], revision: UInt64) {
        self.init(outcomes: outcomes, joined: linking.enrolled.map(\.sequences), fresh: linking.fresh, revision: revision)
    }

    /// Nobody was linked.
    static func stale(revision: UInt64) -> LinkedBatch { LinkedBatch(outcomes: [], fresh: 0..<0, revision: revision, isStale: true) }
}

extension [LinkWish] {
    /// What is known of their tokens in memory.
    ///
    /// Some may be other persons' devices' aliases: those have links, which say so.
    package var devices: [DeviceToken: Device] {
        Dictionary(compactMap { wish in wish.known.map { (wish.token, $0) } }) { first, _ in first }
    }
}

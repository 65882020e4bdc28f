package import Experiments

/// Decides what linking does: a value without I/O, the same for every store.
///
/// A device keeps what it has: one with an ordinal keeps that, and only the link is new. A token that nobody knows takes the person's
/// device, if they have one, and no ordinal of its own; else it is enrolled as any new device, and is the person's from then on. So no
/// answer that was ever given changes, and a person's later devices are answered as the first.
package struct Linking {
    private let now: Timestamp
    private var devices: [DeviceToken: Device]
    private var links: [DeviceToken: Link]
    private var persons: [PersonID: Device]
    private var lastNumber: Int64

    private let firstFresh: Ordinal
    /// The tokens that are to be enrolled, with their devices and the sequences that they join, in the order of ordinals.
    package private(set) var enrolled: [(token: DeviceToken, device: Device, sequences: [UInt32])] = []
    /// The links that are to be stored, in the order of their numbers.
    package private(set) var added: [Link] = []

    /// What the store knows of the tokens and the persons that are asked for.
    ///
    /// - Parameters:
    ///   - devices: those of the tokens that have ordinals of their own.
    ///   - links: those of the tokens, and at least one of each person who has any.
    ///   - lastNumber: that of the link that was stored last; 0 before the first.
    package init(devices: [DeviceToken: Device], links: [Link], nextOrdinal: Ordinal, lastNumber: Int64, now: Timestamp) {
        self.devices = devices
        self.links = Dictionary(links.map { ($0.token, $0) }) { first, _ in first }
        persons = Dictionary(links.map { ($0.person, $0.device) }) { first, _ in first }
        firstFresh = nextOrdinal
        self.lastNumber = lastNumber
        self.now = now
    }

    /// The ordinals that are given out.
    package var fresh: Range<Ordinal> { firstFresh..<firstFresh + Ordinal(enrolled.count) }

    /// Decides about all wishes, in their order.
    ///
    /// - Parameter memberships: the sequences that each device joins if it is enrolled.
    package mutating func link(_ wishes: [LinkWish], joining memberships: Memberships?) -> [LinkOutcome] {
        let sequences = memberships?.sequences ?? []
        return wishes.enumerated().map { index, wish in
            link(wish.token, to: wish.person, joining: sequences.indices.contains(index) ? sequences[index] : [])
        }
    }

    /// Links a device to a person, unless it is another's.
    ///
    /// - Parameter sequences: those that it joins if it is enrolled.
    package mutating func link(_ token: DeviceToken, to person: PersonID, joining sequences: [UInt32] = []) -> LinkOutcome {
        if let link = links[token] {
            guard link.person == person else { return .taken }
            return .linked(link, link.isAlias ? link.device : devices[token] ?? link.device)
        }
        let own = devices[token]
        let isAlias = own == nil && persons[person] != nil
        let device = own ?? persons[person] ?? enroll(token, sequences)
        lastNumber += 1
        let link = Link(
            number: lastNumber, token: token, person: person, time: now, device: persons[person] ?? device, isAlias: isAlias)
        links[token] = link
        persons[person] = link.device
        added.append(link)
        return .linked(link, device)
    }

    private mutating func enroll(_ token: DeviceToken, _ sequences: [UInt32]) -> Device {
        let device = Device(ordinal: fresh.upperBound, firstSeen: now)
        enrolled.append((token, device, sequences))
        devices[token] = device
        return device
    }
}

package import Experiments
package import Randomization

/// Where a registry is kept.
///
/// Synchronous, and called by one thread at a time: the registry's writer. A store that has thrown a ``StoreError`` from anything but
/// ``open()`` is not asked again before it was opened anew: after a failed sync an open connection cannot be trusted.
package protocol RegistryStore: AnyObject {
    /// Whether other servers write to the same registry, so that there is news to ask for.
    var isShared: Bool { get }

    /// Opens or reopens, brings the schema up to date, and proves that a write lasts.
    func open() throws(StoreError) -> RegistryIdentity

    /// Lets go of everything.
    ///
    /// May be opened again.
    func close()

    /// The ordinal that the next new device would get, if no other server takes it.
    func nextOrdinal() throws(StoreError) -> Ordinal

    /// Reads at most `limit` devices from an ordinal on, in order, and returns their number.
    func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int

    /// Gives each token its device, old or new, durably and in one transaction; new ones get the next ordinals, in order.
    ///
    /// Where the registry is shared, a token that another server linked to a person gets that person's device.
    ///
    /// The tokens differ from each other, and the caller knows none of them yet.
    ///
    /// - Parameter memberships: the sequences that each joins if it is new, in the same transaction. Worked out under a revision that is
    ///   not the latest, they do not hold: then nobody is enrolled, and the batch is stale.
    func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> EnrolledBatch

    /// Reads who joined which sequence among the devices of these ordinals, in the order of ordinals.
    func readMembers(in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void) throws(StoreError)

    /// Links devices to persons as ``Linking`` decides, durably and in one transaction, during which no device is enrolled anywhere.
    ///
    /// - Parameter memberships: the sequences that the device of each wish joins if it is enrolled; as for ``enroll(_:joining:at:)``.
    func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> LinkedBatch

    /// Links, in the order of their numbers.
    func links(_ query: LinkQuery) throws(StoreError) -> [Link]

    /// The number of changes so far.
    func revision() throws(StoreError) -> UInt64

    /// Everything but the devices.
    func records() throws(StoreError) -> RegistryRecords

    /// Changes the records in one transaction, during which no device is enrolled anywhere.
    ///
    /// The body gets the latest records and the ordinal that will be next when the change is in force. What it throws is thrown on, and
    /// nothing is changed.
    func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords

    /// The latest entries of the audit log, newest first.
    func auditLog(_ query: AuditQuery) throws(StoreError) -> [AuditEntry]

    /// What was forgotten after the forgetting of this number, at this moment or later, in the order of numbers; nothing in a store that is
    /// not shared.
    func forgettings(after number: Int64, since moment: Timestamp) throws(StoreError) -> [Forgetting]

    /// Begins a copy of everything under the name; it must be gone before the store is closed or opened anew.
    func beginBackup(name: String) throws(BackupError) -> any RegistryBackup
}

extension RegistryStore {
    package func forgettings(after number: Int64, since moment: Timestamp) throws(StoreError) -> [Forgetting] { [] }

    /// Enrolls devices that join nothing.
    package func enroll(_ tokens: [DeviceToken], at now: Timestamp) throws(StoreError) -> EnrolledBatch {
        try enroll(tokens, joining: nil, at: now)
    }

    /// Links devices, of which those that are enrolled join nothing.
    package func link(_ wishes: [LinkWish], at now: Timestamp) throws(StoreError) -> LinkedBatch {
        try link(wishes, joining: nil, at: now)
    }
}

/// The sequences that devices join when they are enrolled, one by one or to be linked.
package struct Memberships: Sendable, Hashable {
    /// That of the experiments by which they were worked out.
    package let revision: UInt64
    /// For each token or wish, the sequences it joins; empty where nothing is targeted.
    package let sequences: [[UInt32]]

    package init(revision: UInt64, sequences: [[UInt32]] = []) {
        self.revision = revision
        self.sequences = sequences
    }
}

/// What makes a registry this one and no other: made when it is first opened, and never changed.
package struct RegistryIdentity: Sendable, Hashable {
    /// A random name of 32 hexadecimal digits.
    package let id: String

    /// The key of the fingerprints.
    package let fingerprintKey: SecretKey

    package init(id: String, fingerprintKey: SecretKey) {
        self.id = id
        self.fingerprintKey = fingerprintKey
    }

    /// The identity of a new registry.
    static func random() -> RegistryIdentity {
        RegistryIdentity(id: SecretKey.random().hexadecimal, fingerprintKey: .random())
    }
}

/// The outcome of one transaction of first contacts.
package struct EnrolledBatch: Sendable, Hashable {
    /// One device for each token, in the order of the tokens.
    package let devices: [Device]

    /// The ordinals given out by this transaction; the other devices had been enrolled before.
    package let fresh: Range<Ordinal>

    /// The revision in force when the ordinals were given out.
    package let revision: UInt64

    /// Whether nothing was done, because the memberships were worked out under another revision.
    package let isStale: Bool

    package init(devices: [Device], fresh: Range<Ordinal>, revision: UInt64, isStale: Bool = false) {
        self.devices = devices
        self.fresh = fresh
        self.revision = revision
        self.isStale = isStale
    }

    /// Nobody was enrolled.
    static func stale(revision: UInt64) -> EnrolledBatch { EnrolledBatch(devices: [], fresh: 0..<0, revision: revision, isStale: true) }
}

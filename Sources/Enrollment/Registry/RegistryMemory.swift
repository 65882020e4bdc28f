import Experiments
import Synchronization

/// What the registry's readers and its writer share.
///
/// Everything in it has its own lock or is atomic, and no two locks are held together but the queue's and, inside it, the index's.
final class RegistryMemory: Sendable {
    typealias Queue = GroupCommit<Registry.Completion, RegistryRequest>

    let identity: RegistryIdentity
    let index = DeviceIndex()
    /// Whom the targeted experiments are for.
    let members: MemberSets
    let queue: Mutex<Queue>
    let links: Mutex<LinkQueue>
    /// Noted by the writer, batch by batch.
    let recentAttributes = Mutex(RecentAttributes())
    private let published: Mutex<RegistrySnapshot>
    private let publishedRevision: Atomic<UInt64>
    private let publishedForced: Atomic<Bool>
    private let next = Atomic<Ordinal>(0)
    /// The tokens in the index that have no ordinal of their own.
    private let aliases = Atomic<Int>(0)
    let isShared: Bool
    private let newestLink = Atomic<Int64>(0)
    private let counted = Mutex(Census())
    /// Odd while devices are taken in.
    private let takings = Atomic<UInt64>(0)
    private let counters = Mutex(RegistryMetrics())

    /// - Parameter isShared: whether others write to the registry as well.
    init(identity: RegistryIdentity, limits: Queue.Limits, records: RegistryRecords, isShared: Bool) throws(StoreError) {
        self.identity = identity
        self.isShared = isShared
        let members = MemberSets()
        let snapshot = try RegistrySnapshot(records, members: members)
        self.members = members
        queue = Mutex(Queue(limits: limits))
        links = Mutex(LinkQueue(batch: 512, waiting: limits.waiting))
        published = Mutex(snapshot)
        publishedRevision = Atomic(snapshot.revision)
        publishedForced = Atomic(!snapshot.forced.isEmpty)
    }

    func fingerprint(of token: Span<UInt8>) -> Fingerprint {
        Fingerprint(of: token, key: identity.fingerprintKey)
    }

    // MARK: The snapshot

    var snapshot: RegistrySnapshot { published.withLock { $0 } }

    /// Those of the snapshot alone: who only asks for them need not hold on to all the rest.
    var accessTokens: AccessTokens { published.withLock { $0.accessTokens } }

    var revision: UInt64 { publishedRevision.load(ordering: .acquiring) }

    /// Whether anybody is forced: as cheap as reading a flag, for every answer asks.
    var hasForced: Bool { publishedForced.load(ordering: .acquiring) }

    /// Puts records in force.
    func publish(_ records: RegistryRecords) throws(StoreError) {
        let snapshot = try RegistrySnapshot(records, members: members)
        published.withLock { $0 = snapshot }
        publishedForced.store(!snapshot.forced.isEmpty, ordering: .releasing)
        publishedRevision.store(snapshot.revision, ordering: .releasing)
    }

    // MARK: Devices

    var nextOrdinal: Ordinal { next.load(ordering: .acquiring) }

    /// Takes devices in that are durable, and only after the snapshot that was in force when they got their ordinals was published.
    ///
    /// - Parameter members: which of them joined which sequences, in the order of ordinals.
    func take(
        _ devices: some Sequence<(Fingerprint, Device)>, members: [(ordinal: Ordinal, sequence: UInt32)] = []
    ) throws(StoreError) {
        // Before the devices: whoever knows a device knows whom it is among.
        let assigner = snapshot.assigner
        for (ordinal, sequence) in members {
            guard assigner.admit(ordinal, to: sequence) else {
                throw StoreError(.corrupt, "Device \(ordinal) joined a sequence in which there are later ones already")
            }
        }
        takings.add(1, ordering: .sequentiallyConsistent)
        defer { takings.add(1, ordering: .sequentiallyConsistent) }
        var end = next.load(ordering: .relaxed)
        for (fingerprint, device) in devices {
            guard device.ordinal <= DeviceIndex.maximumOrdinal else {
                throw StoreError(.full, "There are more devices than can be numbered")
            }
            try insert(device, for: fingerprint)
            end = max(end, device.ordinal + 1)
        }
        next.store(end, ordering: .releasing)
    }

    /// Takes tokens in that are answered as a person's device, by the same rule as devices.
    func takeAliases(_ devices: some Sequence<(Fingerprint, Device)>) throws(StoreError) {
        takings.add(1, ordering: .sequentiallyConsistent)
        defer { takings.add(1, ordering: .sequentiallyConsistent) }
        for (fingerprint, device) in devices where try insert(device, for: fingerprint) {
            aliases.add(1, ordering: .sequentiallyConsistent)
        }
    }

    /// Puts a device into the index; false if it is there already.
    ///
    /// No store lets two devices have one token. So where others write too, one that is there by another ordinal was forgotten by them, and
    /// has come again; where nobody else does, the store is damaged.
    @discardableResult
    private func insert(_ device: Device, for fingerprint: Fingerprint) throws(StoreError) -> Bool {
        guard let present = index.insert(device, for: fingerprint) else { return true }
        guard present.ordinal != device.ordinal else { return false }
        guard isShared else {
            throw StoreError(.corrupt, "The devices \(present.ordinal) and \(device.ordinal) have the same token")
        }
        index.remove(fingerprint)
        index.insert(device, for: fingerprint)
        return false
    }

    /// The number of the newest link that is known here.
    var lastLink: Int64 { newestLink.load(ordering: .acquiring) }

    func note(link number: Int64) { newestLink.max(number, ordering: .acquiringAndReleasing) }

    /// Lets a token be unknown again that was answered as a person's device.
    func removeAlias(_ fingerprint: Fingerprint) {
        takings.add(1, ordering: .sequentiallyConsistent)
        defer { takings.add(1, ordering: .sequentiallyConsistent) }
        if index.remove(fingerprint) != nil { aliases.subtract(1, ordering: .sequentiallyConsistent) }
    }

    /// Lets a device go by another token.
    func rename(_ fingerprint: Fingerprint, to other: Fingerprint) {
        takings.add(1, ordering: .sequentiallyConsistent)
        defer { takings.add(1, ordering: .sequentiallyConsistent) }
        if let device = index.remove(fingerprint) { _ = index.insert(device, for: other) }
    }

    /// Notes ordinals that no device has.
    func miss(_ ordinals: Range<Ordinal>) { counted.withLock { $0.miss(ordinals) } }

    /// What is missing so far.
    var missed: Census { counted.withLock { $0 } }

    /// What is missing, and whether the index holds the rest.
    ///
    /// The index is counted unless devices are just being taken in, or others write to the registry as well: then it may have some of our
    /// devices ahead of theirs.
    var census: Census {
        var census = missed
        let before = takings.load(ordering: .sequentiallyConsistent)
        let (next, present) = (nextOrdinal, index.count - aliases.load(ordering: .sequentiallyConsistent))
        if !isShared, before.isMultiple(of: 2), takings.load(ordering: .sequentiallyConsistent) == before {
            census.surplus = present + Int(census.missingCount) - Int(next)
        }
        return census
    }

    // MARK: Counters

    func count(_ body: (inout RegistryMetrics) -> Void) { counters.withLock { body(&$0) } }

    var metrics: RegistryMetrics {
        var metrics = counters.withLock { $0 }
        metrics.waiting = queue.withLock { $0.waiting }
        metrics.devices = Int(nextOrdinal)
        metrics.indexBytes = index.allocatedBytes + members.allocatedBytes
        return metrics
    }
}

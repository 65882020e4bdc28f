import Commit
import Dispatch
import Experiments
import Synchronization

/// The one thread that uses the store: it does what ``GroupCommit`` says and reports how it went.
final class RegistryWriter {
    let store: any RegistryStore
    let memory: RegistryMemory
    private let options: Registry.Options
    private let start = ContinuousClock.now

    /// Every device below this ordinal is in memory.
    ///
    /// Above it there may be some, out of order: those this server met first.
    private(set) var known: Ordinal = 0

    /// Every link up to this number is in memory.
    private var knownLink: Int64 = 0

    /// Nobody is in memory whom the forgettings up to this number are of, as of this revision.
    private var letGo: (last: Int64, revision: UInt64)?

    /// Whether devices were linked here, some of which may have waited to be enrolled.
    private var hasLinked = false

    /// The backup under way.
    private var backup: (any RegistryBackup)?

    /// Opens the store and takes everything in.
    init(store: any RegistryStore, options: Registry.Options) throws(StoreError) {
        self.store = store
        self.options = options
        let identity = try store.open()
        var limits = options.limits
        if !store.isShared { limits.pollInterval = nil }
        memory = try RegistryMemory(identity: identity, limits: limits, records: try store.records(), isShared: store.isShared)
        // So that nothing has to grow while it is loaded. A damaged ordinal must not make us ask for all the memory there is.
        memory.index.reserve(Int(min(try store.nextOrdinal(), 1 << 24)))
        try catchUp()
    }

    private var now: Duration { ContinuousClock.now - start }

    /// Works until the registry is closed, and closes the store.
    func run(woken: DispatchSemaphore) {
        while true {
            Gathering.gather { memory.queue.withLock { $0.waiting } }
            let now = now
            switch memory.queue.withLock({ $0.next(now: now) }) {
            case .commit(let newcomers):
                attempt { () throws(StoreError) in try commit(newcomers) }
            case .perform(let request):
                attempt { () throws(StoreError) in try request.perform(self) }
            case .poll:
                attempt { () throws(StoreError) in try catchUp() }
            case .resynchronise:
                attempt { () throws(StoreError) in try resynchronise() }
            case .sleep(let time):
                _ = woken.wait(timeout: time.map { .now() + max(0, ($0 - now) / .seconds(1)) } ?? .distantFuture)
            case .stop:
                backup = nil
                return store.close()
            }
        }
    }

    private func attempt(_ body: () throws(StoreError) -> Void) {
        do {
            try body()
        } catch {
            let now = now
            let refused = memory.queue.withLock { $0.failed(error.forClients, now: now) }
            memory.count { $0.failures += 1 }
            options.report(.failed(error))
            options.answering {
                for waiter in refused.waiters { waiter(.failure(refused.error)) }
            }
            for request in refused.requests { request.refuse(refused.error) }
        }
    }

    private func commit(_ newcomers: [Newcomer]) throws(StoreError) {
        let began = now
        let (batch, members) = try enroll(newcomers)
        let took = now - began
        try publish(revision: batch.revision)
        try keepOrder(of: batch.devices, fresh: batch.fresh)
        try memory.take(zip(newcomers.lazy.map(\.fingerprint), batch.devices), members: members)
        if batch.fresh.lowerBound == known { known = batch.fresh.upperBound }
        memory.recentAttributes.withLock { recent in
            for newcomer in newcomers.suffix(RecentAttributes.most) { recent.note(newcomer.attributes) }
        }
        memory.count { metrics in
            metrics.batches += 1
            metrics.enrolled += UInt64(batch.fresh.count)
            metrics.commits.record(took)
        }
        let entries = memory.queue.withLock { $0.committed() }
        options.answering {
            for (entry, device) in zip(entries, batch.devices) {
                for waiter in entry.waiters { waiter(.success(device)) }
            }
        }
    }

    /// Enrolls newcomers into the sequences that they join by the experiments in force, which another server may just have changed.
    ///
    /// Those who were linked to a person while they waited have a device already.
    private func enroll(
        _ newcomers: [Newcomer]
    ) throws(StoreError) -> (batch: EnrolledBatch, members: [(ordinal: Ordinal, sequence: UInt32)]) {
        let linked = hasLinked ? newcomers.map { memory.index.device(for: $0.fingerprint) } : []
        let unknown = hasLinked ? zip(newcomers, linked).filter { $1 == nil }.map(\.0) : newcomers
        while true {
            let snapshot = memory.snapshot
            let assigner = snapshot.assigner
            let memberships = Memberships(
                revision: snapshot.revision,
                sequences: assigner.isTargeted ? unknown.map { assigner.sequences(for: $0.attributes) } : [])
            let batch = try store.enroll(unknown.map(\.token), joining: memberships, at: options.now())
            guard batch.isStale else {
                let members = batch.members(by: memberships)
                guard hasLinked else { return (batch, members) }
                var enrolled = batch.devices.makeIterator()
                let devices = linked.compactMap { $0 ?? enrolled.next() }
                return (EnrolledBatch(devices: devices, fresh: batch.fresh, revision: batch.revision), members)
            }
            guard batch.revision > snapshot.revision else { throw RegistryWriter.outdated }
            try publish(revision: batch.revision)
        }
    }

    /// Takes in all devices before those that are about to be answered, where somebody is targeted.
    ///
    /// The place of a member is the number of those before it, which other servers may have enrolled.
    private func keepOrder(of devices: some Sequence<Device>, fresh: Range<Ordinal>) throws(StoreError) {
        guard memory.snapshot.assigner.isTargeted else { return }
        let isNext = fresh.isEmpty || fresh.lowerBound <= known
        let areKnown = devices.allSatisfy { fresh.contains($0.ordinal) || $0.ordinal < known }
        if !isNext || !areKnown { try catchUpWithDevices() }
    }

    // MARK: Links

    /// Links devices to persons in one transaction, and sees to it that their tokens are answered by what came of it.
    func link(_ entries: [LinkQueue.Entry]) throws(StoreError) -> [LinkOutcome] {
        let fingerprints = entries.map { memory.fingerprint(of: $0.token.bytes.span) }
        let wishes = zip(entries, fingerprints).map { entry, fingerprint in
            LinkWish(token: entry.token, person: entry.person, known: memory.index.device(for: fingerprint))
        }
        let batch = try link(wishes, of: entries)
        hasLinked = true
        try publish(revision: batch.revision)
        let members = zip(batch.fresh, batch.joined).flatMap { ordinal, sequences in sequences.map { (ordinal: ordinal, sequence: $0) } }
        var devices: [(Fingerprint, Device)] = []
        var aliases: [(Fingerprint, Device)] = []
        for (fingerprint, outcome) in zip(fingerprints, batch.outcomes) {
            guard case .linked(let link, let device) = outcome else { continue }
            memory.note(link: link.number)
            if link.isAlias { aliases.append((fingerprint, device)) } else { devices.append((fingerprint, device)) }
        }
        try keepOrder(of: (devices + aliases).lazy.map(\.1), fresh: batch.fresh)
        try memory.take(devices, members: members)
        try memory.takeAliases(aliases)
        if batch.fresh.lowerBound == known { known = batch.fresh.upperBound }
        memory.count { $0.enrolled += UInt64(batch.fresh.count) }
        return batch.outcomes
    }

    /// Links devices by the experiments in force, which another server may just have changed: those that are enrolled join their sequences.
    private func link(_ wishes: [LinkWish], of entries: [LinkQueue.Entry]) throws(StoreError) -> LinkedBatch {
        while true {
            let snapshot = memory.snapshot
            let assigner = snapshot.assigner
            let memberships = Memberships(
                revision: snapshot.revision,
                sequences: assigner.isTargeted ? entries.map { assigner.sequences(for: $0.attributes) } : [])
            let batch = try store.link(wishes, joining: memberships, at: options.now())
            guard batch.isStale else { return batch }
            guard batch.revision > snapshot.revision else { throw RegistryWriter.outdated }
            try publish(revision: batch.revision)
        }
    }

    private static var outdated: StoreError {
        StoreError(.rejected, "The store's records are older than those in force here; start this server anew")
    }

    /// Takes in the tokens that are answered as a person's device.
    private func catchUpWithLinks() throws(StoreError) {
        let page = 10_000
        var links: [Link] = []
        repeat {
            links = try store.links(.after(knownLink, limit: page))
            // Asked after the links, as with devices.
            if !links.isEmpty { try publish(revision: store.revision()) }
            // A device that was enrolled since is known before a token is answered as it.
            if links.contains(where: { $0.device.ordinal >= known }) { try catchUpWithDevices() }
            try memory.takeAliases(
                links.lazy.filter(\.isAlias).map { (self.memory.fingerprint(of: $0.token.bytes.span), $0.device) })
            knownLink = links.last?.number ?? knownLink
            memory.note(link: knownLink)
        } while links.count == page
    }

    // MARK: Backup

    func beginBackup(name: String) throws(BackupError) {
        guard backup == nil else { throw .underWay }
        backup = try store.beginBackup(name: name)
    }

    /// Copies some more; gives up when that fails.
    func advanceBackup() throws(BackupError) -> BackupReport? {
        guard let backup else { throw .interrupted }
        do throws(BackupError) {
            let report = try backup.advance()
            if report != nil { self.backup = nil }
            return report
        } catch {
            self.backup = nil
            throw error
        }
    }

    // MARK: Recovery

    private func resynchronise() throws(StoreError) {
        // It holds on to the connection that failed.
        backup = nil
        guard try store.open() == memory.identity else {
            throw StoreError(.rejected, "The store holds another registry than the one that was opened")
        }
        try catchUp()
        memory.queue.withLock { $0.recovered() }
        options.report(.recovered)
    }

    /// Takes in what others did, or we did without knowing the outcome.
    func catchUp() throws(StoreError) {
        let before = memory.missed
        if store.isShared { try catchUpWithForgotten() }
        try catchUpWithDevices()
        try catchUpWithLinks()
        if memory.missed != before { options.report(.incomplete(memory.missed)) }
    }

    /// Lets go of those whom other servers forgot, if anything was changed.
    private func catchUpWithForgotten() throws(StoreError) {
        let revision = try store.revision()
        guard letGo?.revision != revision else { return }
        letGo = (try letGo(after: letGo?.last ?? 0), revision)
    }

    /// Takes in devices, and the changes before them.
    private func catchUpWithDevices() throws(StoreError) {
        let page = 50_000
        var devices: [(Fingerprint, Device)] = []
        var members: [(ordinal: Ordinal, sequence: UInt32)] = []
        repeat {
            devices.removeAll(keepingCapacity: true)
            var next = known
            var gaps: [Range<Ordinal>] = []
            _ = try store.readDevices(from: known, limit: page) { token, device throws(StoreError) in
                guard device.ordinal >= next else {
                    throw StoreError(.corrupt, "Device \(device.ordinal) comes after device \(next - 1) in the registry")
                }
                guard device.ordinal <= DeviceIndex.maximumOrdinal else {
                    throw StoreError(
                        .corrupt, "There is a device of the number \(device.ordinal) in the registry, which no device can have")
                }
                if device.ordinal > next { gaps.append(next..<device.ordinal) }
                next = device.ordinal + 1
                devices.append((memory.fingerprint(of: token), device))
            }
            members.removeAll(keepingCapacity: true)
            try store.readMembers(in: known..<next) { ordinal, sequence throws(StoreError) in members.append((ordinal, sequence)) }
            // Asked after the devices: any change that a device came after is seen.
            try publish(revision: store.revision())
            try memory.take(devices, members: members)
            for gap in gaps { memory.miss(gap) }
            known = next
        } while devices.count == page
    }

    /// Sees to it that everybody knows what was in force at this revision.
    private func publish(revision: UInt64) throws(StoreError) {
        guard revision > memory.revision else { return }
        try memory.publish(try store.records())
    }
}

extension EnrolledBatch {
    /// Who of the devices that were enrolled by it joined what; what another server enrolled joined what that one found.
    fileprivate func members(by memberships: Memberships) -> [(ordinal: Ordinal, sequence: UInt32)] {
        zip(devices, memberships.sequences).flatMap { device, sequences in
            fresh.contains(device.ordinal) ? sequences.map { (device.ordinal, $0) } : []
        }
    }
}

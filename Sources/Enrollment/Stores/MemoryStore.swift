package import Experiments

/// A registry that lasts as long as the process: for simulations and tests.
package final class MemoryStore: RegistryStore {
    private let identity = RegistryIdentity.random()
    private var rows: [(token: DeviceToken, device: Device)] = []
    private var members: [(ordinal: Ordinal, sequence: UInt32)] = []
    private var latest = RegistryRecords()
    private var audit: [AuditEntry] = []
    private var stored: [Link] = []
    private var lastLink: Int64 = 0

    package init() {}

    package var isShared: Bool { false }

    package func open() -> RegistryIdentity { identity }

    package func close() {}

    package func nextOrdinal() -> Ordinal { Ordinal(rows.count) }

    package func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        let chosen = rows.dropFirst(Int(first)).prefix(limit)
        for row in chosen { try body(row.token.bytes.span, row.device) }
        return chosen.count
    }

    package func readMembers(
        in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void
    ) throws(StoreError) {
        for member in members where ordinals.contains(member.ordinal) { try body(member.ordinal, member.sequence) }
    }

    package func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) -> EnrolledBatch {
        if let memberships, memberships.revision != latest.revision { return .stale(revision: latest.revision) }
        let first = nextOrdinal()
        for (ordinal, sequences) in zip(first..., memberships?.sequences ?? []) {
            for sequence in sequences { members.append((ordinal, sequence)) }
        }
        for token in tokens { rows.append((token, Device(ordinal: nextOrdinal(), firstSeen: now))) }
        return EnrolledBatch(
            devices: rows[Int(first)...].map(\.device), fresh: first..<nextOrdinal(), revision: latest.revision)
    }

    package func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) -> LinkedBatch {
        if let memberships, memberships.revision != latest.revision { return .stale(revision: latest.revision) }
        let (tokens, persons) = (Set(wishes.map(\.token)), Set(wishes.map(\.person)))
        var linking = Linking(
            devices: wishes.devices, links: stored.filter { tokens.contains($0.token) || persons.contains($0.person) },
            nextOrdinal: nextOrdinal(), lastNumber: lastLink, now: now)
        let outcomes = linking.link(wishes, joining: memberships)
        for (token, device, sequences) in linking.enrolled {
            rows.append((token, device))
            members += sequences.map { (device.ordinal, $0) }
        }
        stored += linking.added
        lastLink += Int64(linking.added.count)
        return LinkedBatch(linking, outcomes, revision: latest.revision)
    }

    package func links(_ query: LinkQuery) -> [Link] {
        switch query {
        case .of(let token): stored.filter { $0.token == token }
        case .ofPerson(let person): stored.filter { $0.person == person }
        case .after(let number, let limit): Array(stored.lazy.filter { $0.number > number }.prefix(limit))
        }
    }

    package func revision() -> UInt64 { latest.revision }

    package func records() -> RegistryRecords { latest }

    package func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        let changes = try body(latest, nextOrdinal())
        guard !changes.isEmpty else { return latest }
        latest = latest.applying(changes)
        for renaming in changes.renamedDevices { rows[Int(renaming.ordinal)].token = renaming.to }
        let unlinked = Set(changes.unlinked)
        if !unlinked.isEmpty { stored.removeAll { unlinked.contains($0.token) } }
        for entry in changes.audit {
            audit.append(entry)
            audit[audit.count - 1].id = Int64(audit.count)
        }
        return latest
    }

    package func auditLog(_ query: AuditQuery) -> [AuditEntry] {
        let chosen = audit.reversed().filter { entry in
            entry.id < query.before ?? .max && (query.subject.map { $0 == entry.subject } ?? true)
                && (query.actions?.contains(entry.action) ?? true)
        }
        return Array(chosen.prefix(query.limit))
    }

    package func beginBackup(name: String) throws(BackupError) -> any RegistryBackup {
        throw .unsupported("This registry is kept in memory only; there is nothing to back up.")
    }
}

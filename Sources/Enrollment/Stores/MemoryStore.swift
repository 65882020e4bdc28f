package import Experiments

/// A registry that lasts as long as the process: for simulations and tests.
package final class MemoryStore: RegistryStore {
    private let identity = RegistryIdentity.random()
    private var rows: [(token: DeviceToken, device: Device)] = []
    private var latest = RegistryRecords()
    private var audit: [AuditEntry] = []

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

    package func enroll(_ tokens: [DeviceToken], at now: Timestamp) -> EnrolledBatch {
        let first = nextOrdinal()
        for token in tokens { rows.append((token, Device(ordinal: nextOrdinal(), firstSeen: now))) }
        return EnrolledBatch(
            devices: rows[Int(first)...].map(\.device), fresh: first..<nextOrdinal(), revision: latest.revision)
    }

    package func revision() -> UInt64 { latest.revision }

    package func records() -> RegistryRecords { latest }

    package func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        let changes = try body(latest, nextOrdinal())
        guard !changes.isEmpty else { return latest }
        latest = latest.applying(changes)
        for (ordinal, token) in changes.renamedDevices { rows[Int(ordinal)].token = token }
        for entry in changes.audit {
            audit.append(entry)
            audit[audit.count - 1].id = Int64(audit.count)
        }
        return latest
    }

    package func auditLog(_ query: AuditQuery) -> [AuditEntry] {
        let chosen = audit.reversed().filter { entry in
            entry.id < query.before ?? .max && (query.subject.map { $0 == entry.subject } ?? true)
        }
        return Array(chosen.prefix(query.limit))
    }

    package func beginBackup(name: String) throws(BackupError) -> any RegistryBackup {
        throw .unsupported("This registry is kept in memory only; there is nothing to back up.")
    }
}

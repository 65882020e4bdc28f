package import Experiments
import Randomization

/// A registry in one SQLite database, owned by one process.
///
/// Every commit appends to the write-ahead log and syncs it before it returns (`synchronous = FULL`).
package final class SQLiteStore: RegistryStore {
    private let path: String
    private var directory: DataDirectory?
    private var session: SQLiteSession?

    /// A store that will take the data directory when it is opened, and keep it until it is closed.
    package init(directory: String) { path = directory }

    package var isShared: Bool { false }

    /// Throws ``StoreError/Code/directoryInUse`` when another server has the data directory.
    package func open() throws(StoreError) -> RegistryIdentity {
        session = nil
        let taken = if let directory { directory } else { try DataDirectory(path: path) }
        directory = taken
        let session = try SQLiteSession(path: taken.touch("registry.db"))
        let identity = try session.identity()
        self.session = session
        return identity
    }

    package func close() {
        session = nil
        directory = nil
    }

    package func nextOrdinal() throws(StoreError) -> Ordinal { try current().nextOrdinal }

    package func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        try current().readDevices(from: first, limit: limit, body)
    }

    package func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> EnrolledBatch {
        try current().enroll(tokens, joining: memberships, at: now)
    }

    package func readMembers(
        in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void
    ) throws(StoreError) {
        try current().readMembers(in: ordinals, body)
    }

    package func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> LinkedBatch {
        try current().link(wishes, joining: memberships, at: now)
    }

    package func links(_ query: LinkQuery) throws(StoreError) -> [Link] { try current().links(query) }

    package func revision() throws(StoreError) -> UInt64 { try current().records().revision }

    package func records() throws(StoreError) -> RegistryRecords { try current().records() }

    package func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        try current().change(body)
    }

    package func auditLog(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] { try current().auditLog(query) }

    package func beginBackup(name: String) throws(BackupError) -> any RegistryBackup {
        guard let session else { throw .interrupted }
        return try session.beginBackup(directory: path, name: name)
    }

    private func current() throws(StoreError) -> SQLiteSession {
        guard let session else { throw StoreError(.disconnected, "The registry's database is not open") }
        return session
    }
}

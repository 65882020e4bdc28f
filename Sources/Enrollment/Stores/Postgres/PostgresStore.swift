package import Experiments

/// A registry in a PostgreSQL database, shared by any number of servers.
///
/// Ordinals come from one row, whose lock a transaction of first contacts takes before it looks which tokens are new, and keeps until it
/// is committed. So commits happen in the order of ordinals, no ordinal is ever missing, and whoever sees a device sees all before it.
package final class PostgresStore: RegistryStore {
    private let uri: String
    private let patience: Duration
    private var session: PostgresSession?

    /// A store that will connect when it is opened.
    ///
    /// - Parameters:
    /// - uri: `postgres://user@host:port/database`, or anything that libpq understands.
    /// - patience: how long to wait for any one answer before the server is taken to be gone.
    package init(uri: String, patience: Duration = .seconds(10)) {
        self.uri = uri
        self.patience = patience
    }

    package var isShared: Bool { true }

    package func open() throws(StoreError) -> RegistryIdentity {
        session = nil
        let session = try PostgresSession(uri: uri, patience: patience)
        let identity = try session.identity()
        self.session = session
        return identity
    }

    package func close() { session = nil }

    package func nextOrdinal() throws(StoreError) -> Ordinal { try current().nextOrdinal() }

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

    package func forgettings(after number: Int64, since moment: Timestamp) throws(StoreError) -> [Forgetting] {
        try current().forgettings(after: number, since: moment)
    }

    package func revision() throws(StoreError) -> UInt64 { try current().revision() }

    package func records() throws(StoreError) -> RegistryRecords { try current().records() }

    package func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        try current().change(body)
    }

    package func beginBackup(name: String) throws(BackupError) -> any RegistryBackup {
        throw .unsupported(
            "This registry is kept in PostgreSQL; back it up there, for example with pg_dump, which can do that while it is in use.")
    }

    package func auditLog(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] { try current().auditLog(query) }

    private func current() throws(StoreError) -> PostgresSession {
        guard let session else { throw StoreError(.disconnected, "There is no connection to PostgreSQL") }
        return session
    }
}

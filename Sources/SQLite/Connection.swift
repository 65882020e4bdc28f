import CSQLite
import Glibc

/// A database whose failures are told as SQLite has them.
package typealias Database = Connection<DatabaseError>

/// One open database, closed when it and its statements are gone.
///
/// One thread at a time may use it: whoever shares it guards it with a lock or a queue. What it cannot do it throws as its user tells
/// failures.
package final class Connection<Failure: DatabaseFailure> {
    /// What may be done with it.
    package enum Access: Sendable {
        case readOnly
        /// The file is made if it is not there.
        case readWrite
    }

    /// The file, for messages.
    package let path: String
    let handle: OpaquePointer

    /// Opens a file.
    ///
    /// - Parameter patience: how long to wait for somebody else's lock, in milliseconds.
    package init(path: String, _ access: Access, patience: Int32 = 5000) throws(Failure) {
        self.path = path
        var opened: OpaquePointer?
        let flags = access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let status = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened else { throw Failure(DatabaseError(.failed, "SQLite could not be started")) }
        handle = opened
        guard status == SQLITE_OK else { throw error() }
        sqlite3_busy_timeout(handle, patience)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Opens a file of our own that outlives a power cut: every commit is synced before it returns.
    ///
    /// - Parameter isShared: whether other connections may use it at the same time; if not, it is `busy` for all others while it is open,
    ///   and no index of the log is mapped, which would end the process with SIGBUS when the disk becomes read-only.
    package static func durable(path: String, isShared: Bool = true) throws(Failure) -> Connection {
        // Made here if need be, readable by its owner only; SQLite gives its other files the same permissions.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        let database = try Connection(path: path, .readWrite)
        if !isShared { try database.execute("PRAGMA locking_mode = EXCLUSIVE") }
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        return database
    }

    /// Runs statements that take no values and give none.
    ///
    /// The text is a literal, so that nothing from outside can get in.
    package func execute(_ sql: StaticString) throws(Failure) {
        guard sqlite3_exec(handle, sql.description, nil, nil, nil) == SQLITE_OK else { throw error() }
    }

    /// Prepares a statement that will be run often.
    package func prepare(_ sql: StaticString) throws(Failure) -> Statement {
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, sql.description, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error() }
        return Statement(handle: statement, of: self)
    }

    /// Does all or nothing: commits what the body did, or takes it back when it throws.
    package func transaction<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// The rows that the last statement changed.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The last failure on this connection.
    func error() -> Failure {
        Failure(DatabaseError(status: sqlite3_extended_errcode(handle), path, String(cString: sqlite3_errmsg(handle))))
    }
}

import CSQLite

/// One open database.
///
/// Closed when it and its statements are gone.
final class SQLiteConnection {
    private let handle: OpaquePointer

    /// Opens the file, which must exist, for reading and writing.
    init(path: String) throws(StoreError) {
        var opened: OpaquePointer?
        // One thread uses the connection, so SQLite need not lock.
        let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened else { throw StoreError(.inputOutput, "SQLite could not be started") }
        handle = opened
        guard status == SQLITE_OK else { throw error("Cannot open \(path)") }
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that take no values and give none.
    ///
    /// The text is a literal, so that nothing from outside can get in.
    func execute(_ sql: StaticString) throws(StoreError) {
        guard sqlite3_exec(handle, sql.description, nil, nil, nil) == SQLITE_OK else { throw error() }
    }

    func prepare(_ sql: StaticString) throws(StoreError) -> SQLiteStatement {
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, sql.description, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error() }
        return SQLiteStatement(handle: statement, connection: self)
    }

    /// Begins to copy everything into another database; nil if that cannot be written.
    func backUp(to destination: OpaquePointer?) -> OpaquePointer? {
        sqlite3_backup_init(destination, "main", handle, "main")
    }

    /// The last failure on this connection, with what it means to us.
    func error(_ context: String = "The registry's database failed") -> StoreError {
        let status = sqlite3_extended_errcode(handle)
        let code: StoreError.Code =
            switch status & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_BUSY, SQLITE_LOCKED: .timeout
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT: .corrupt
            default: .inputOutput
            }
        return StoreError(code, context, cause: "\(String(cString: sqlite3_errmsg(handle))) (SQLite error \(status))")
    }
}

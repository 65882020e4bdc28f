import CSQLite

/// A copy of a database that is made in steps while the database is used.
///
/// Pages that its connection writes meanwhile are copied again, so that the copy is the database at the moment of the last step.
package final class DatabaseCopy {
    private let path: String
    /// Keeps the connection open.
    private let source: AnyObject
    private var destination: OpaquePointer?
    private var backup: OpaquePointer?

    /// - Parameter path: the file that becomes the copy; it may be empty.
    package init(of source: Connection<some DatabaseFailure>, to path: String) throws(DatabaseError) {
        self.path = path
        self.source = source
        let status = sqlite3_open_v2(path, &destination, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK else { throw error(status) }
        backup = sqlite3_backup_init(destination, "main", source.handle, "main")
        guard backup != nil else { throw error(sqlite3_errcode(destination)) }
    }

    deinit { end() }

    /// Copies so many pages more.
    /// - Returns: whether all are copied; the copy is complete then, but not synced.
    package func advance(pages: Int32) throws(DatabaseError) -> Bool {
        let status = sqlite3_backup_step(backup, pages)
        switch status {
        case SQLITE_OK: return false
        case SQLITE_DONE: break
        default: throw error(status)
        }
        let ended = end()
        guard ended == SQLITE_OK else { throw error(ended) }
        return true
    }

    @discardableResult
    private func end() -> Int32 {
        let finished = sqlite3_backup_finish(backup)
        backup = nil
        let closed = sqlite3_close(destination)
        destination = nil
        return finished == SQLITE_OK ? closed : finished
    }

    private func error(_ status: Int32) -> DatabaseError {
        DatabaseError(status: status, path, String(cString: sqlite3_errstr(status)))
    }
}

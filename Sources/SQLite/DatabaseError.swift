import CSQLite

/// What a database could not do, and why.
package struct DatabaseError: Error, Sendable, Hashable {
    /// What to do about it depends on this.
    package enum Code: String, Sendable, Hashable {
        /// There is no such file, or it may not be opened.
        case cannotOpen
        /// Somebody else holds a lock.
        case busy
        /// There is no room left.
        case full
        /// The file may be read but not written.
        case readOnly
        /// The file is no database, or it contradicts itself.
        case corrupt
        /// A value breaks a rule of its table.
        case constraint
        /// Reading, writing or syncing failed, or the statement is wrong.
        case failed
    }

    package let code: Code
    /// Where and why.
    package let message: String
    /// Why, without the file's path: for those who need not know it.
    package let reason: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        reason = message
    }

    init(status: Int32, _ path: String, _ words: String) {
        code =
            switch status & 0xFF {
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_READONLY: .readOnly
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_CONSTRAINT: .constraint
            default: .failed
            }
        reason = "\(words) (SQLite error \(status))"
        message = "\(path): \(reason)"
    }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String { message }
}

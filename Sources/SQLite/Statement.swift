import CSQLite

/// A value that goes into a statement.
package enum Value: Sendable, Hashable {
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case null

    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    package init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
}

extension Connection {
    /// A prepared statement: finalised with the object, which keeps its database open.
    package final class Statement {
        private let handle: OpaquePointer
        private let database: Connection

        init(handle: OpaquePointer, of database: Connection) {
            self.handle = handle
            self.database = database
        }

        deinit { sqlite3_finalize(handle) }

        /// Runs it for its effect.
        package func run(_ values: Value...) throws(Failure) {
            try rows(values) { _ throws(Failure) in }
        }

        /// Runs it for its effect with two integers around a text, which is lent, not copied: for what is run once a device.
        package func run(_ first: Int64, ascii text: [UInt8], _ last: Int64) throws(Failure) {
            let status = text.withUnsafeBytes { text in
                let characters = text.assumingMemoryBound(to: CChar.self).baseAddress
                // A null pointer for a destructor: the text stays where it is until the statement has run.
                guard sqlite3_bind_int64(handle, 1, first) == SQLITE_OK,
                    sqlite3_bind_text64(handle, 2, characters, UInt64(text.count), nil, UInt8(SQLITE_UTF8)) == SQLITE_OK,
                    sqlite3_bind_int64(handle, 3, last) == SQLITE_OK
                else { return SQLITE_ERROR }
                return sqlite3_step(handle)
            }
            defer {
                sqlite3_reset(handle)
                sqlite3_bind_null(handle, 2)
            }
            guard status == SQLITE_DONE else { throw database.error() }
        }

        /// Runs it and hands over each row.
        package func rows(_ values: [Value] = [], _ body: (borrowing Row) throws(Failure) -> Void) throws(Failure) {
            // Repeats the error of the last step, which has been thrown already.
            defer { sqlite3_reset(handle) }
            for (index, value) in values.enumerated() {
                guard bind(value, at: Int32(index + 1)) == SQLITE_OK else { throw database.error() }
            }
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW: try body(Row(statement: handle))
                case SQLITE_DONE: return
                default: throw database.error()
                }
            }
        }

        /// Runs it and takes the integer that is its answer; nil if there is no row.
        package func integer(_ values: Value...) throws(Failure) -> Int64? {
            var result: Int64?
            try rows(values) { row throws(Failure) in result = row.integer(0) }
            return result
        }

        private func bind(_ value: Value, at index: Int32) -> Int32 {
            switch value {
            case .integer(let integer): return sqlite3_bind_int64(handle, index, integer)
            case .real(let real): return sqlite3_bind_double(handle, index, real)
            case .bytes(let bytes): return sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), Self.copied)
            case .null: return sqlite3_bind_null(handle, index)
            case .text(let text):
                return Array(text.utf8).withUnsafeBytes { text in
                    let characters = text.assumingMemoryBound(to: CChar.self).baseAddress
                    return sqlite3_bind_text64(handle, index, characters, UInt64(text.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        }

        /// `SQLITE_TRANSIENT`, a cast that Swift does not import: SQLite takes a copy.
        private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
    }
}

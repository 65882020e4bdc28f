import CSQLite

/// A value that goes into a statement.
enum SQLiteValue {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
}

/// A prepared statement: finalised with the object, which keeps its connection open.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: SQLiteConnection

    init(handle: OpaquePointer, connection: SQLiteConnection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it for its effect.
    func run(_ values: SQLiteValue...) throws(StoreError) {
        try rows(values) { _ throws(StoreError) in }
    }

    /// Runs it for its effect with two integers around a text, which is lent, not copied: for what is run once a device.
    func run(_ first: Int64, ascii text: [UInt8], _ last: Int64) throws(StoreError) {
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
        guard status == SQLITE_DONE else { throw connection.error() }
    }

    /// Runs it and hands over each row.
    func rows(_ values: [SQLiteValue] = [], _ body: (borrowing SQLiteRow) throws(StoreError) -> Void) throws(StoreError) {
        // Repeats the error of the last step, which has been thrown already.
        defer { sqlite3_reset(handle) }
        for (index, value) in values.enumerated() {
            guard bind(value, at: Int32(index + 1)) == SQLITE_OK else { throw connection.error() }
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(SQLiteRow(statement: handle))
            case SQLITE_DONE: return
            default: throw connection.error()
            }
        }
    }

    /// Runs it and takes the integer that is its answer.
    func integer(_ values: SQLiteValue...) throws(StoreError) -> Int64 {
        var result: Int64 = 0
        try rows(values) { row throws(StoreError) in result = row.integer(0) }
        return result
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .integer(let integer):
            return sqlite3_bind_int64(handle, index, integer)
        case .text(let text):
            return bind(text: Array(text.utf8), at: index)
        case .bytes(let bytes):
            return sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), Self.copied)
        case .null:
            return sqlite3_bind_null(handle, index)
        }
    }

    private func bind(text: [UInt8], at index: Int32) -> Int32 {
        text.withUnsafeBytes { text in
            let characters = text.assumingMemoryBound(to: CChar.self).baseAddress
            return sqlite3_bind_text64(handle, index, characters, UInt64(text.count), Self.copied, UInt8(SQLITE_UTF8))
        }
    }

    /// `SQLITE_TRANSIENT`, a cast that Swift does not import: SQLite takes a copy.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// The row that a statement stands on; good until the next one.
struct SQLiteRow: ~Copyable {
    private let statement: OpaquePointer

    init(statement: OpaquePointer) { self.statement = statement }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func text(_ column: Int32) -> String { String(decoding: buffer(column), as: UTF8.self) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func bytes(_ column: Int32) -> [UInt8] { Array(buffer(column)) }

    /// Lends the bytes of a text or blob without copying them.
    func withBytes(_ column: Int32, _ body: (Span<UInt8>) throws(StoreError) -> Void) throws(StoreError) {
        try body(buffer(column).span)
    }

    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    private func buffer(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_blob(statement, column)?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    }
}

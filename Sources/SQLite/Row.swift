import CSQLite

/// The row that a statement stands on; good until the next one.
package struct Row: ~Copyable {
    /// How a value is stored.
    package enum Kind: Sendable { case integer, real, text, bytes, null }

    private let statement: OpaquePointer

    init(statement: OpaquePointer) { self.statement = statement }

    /// How the value of a column is stored.
    package func kind(_ column: Int32) -> Kind {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .bytes
        default: .null
        }
    }

    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// The integer, or nil for NULL.
    package func optionalInteger(_ column: Int32) -> Int64? { kind(column) == .null ? nil : integer(column) }

    package func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    package func text(_ column: Int32) -> String { String(decoding: buffer(column), as: UTF8.self) }

    /// The text, or nil for NULL.
    package func optionalText(_ column: Int32) -> String? { kind(column) == .null ? nil : text(column) }

    package func bytes(_ column: Int32) -> [UInt8] { Array(buffer(column)) }

    /// Lends the bytes of a text or blob without copying them.
    package func withBytes<Failure: Error>(_ column: Int32, _ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        try body(buffer(column).span)
    }

    private func buffer(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_blob(statement, column)?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    }
}

import CPostgres

/// The rows that a statement gave, in binary; freed with the object.
final class PostgresResult {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }

    /// The five characters that say what went wrong, or nothing.
    var state: String { PQresultErrorField(handle, PostgresResult.sqlState).map { String(cString: $0) } ?? "" }

    var message: String { String(cString: PQresultErrorMessage(handle)) }

    var rows: Range<Int32> { 0..<PQntuples(handle) }

    /// A `bigint`.
    func integer(_ row: Int32, _ column: Int32) -> Int64 {
        bytes(row, column).reduce(0) { $0 << 8 | Int64($1) }
    }

    func optionalInteger(_ row: Int32, _ column: Int32) -> Int64? { isNull(row, column) ? nil : integer(row, column) }

    func boolean(_ row: Int32, _ column: Int32) -> Bool { bytes(row, column).first == 1 }

    func text(_ row: Int32, _ column: Int32) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

    func optionalText(_ row: Int32, _ column: Int32) -> String? { isNull(row, column) ? nil : text(row, column) }

    /// The bytes of a field; good as long as the result.
    func bytes(_ row: Int32, _ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let count = Int(PQgetlength(handle, row, column))
        let start = UnsafeRawPointer(PQgetvalue(handle, row, column))?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    private func isNull(_ row: Int32, _ column: Int32) -> Bool { PQgetisnull(handle, row, column) == 1 }

    /// `PG_DIAG_SQLSTATE`, a macro that Swift does not import.
    private static let sqlState = Int32(UInt8(ascii: "C"))
}

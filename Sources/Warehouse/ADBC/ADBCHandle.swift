internal import CADBC
internal import Foundation

/// An open connection of an ADBC driver, closed when nobody holds it any more.
///
/// It may be shared between threads although the compiler cannot see it: the pointer never changes; the driver's functions are called
/// from the one thread of a `StatementThread` or of an `EmbeddedDuckDB`, but for `cancel`, which ADBC allows from any thread, and which takes
/// the shim's lock; and nobody can call either after `deinit`, when no reference is left.
final class ADBCHandle: @unchecked Sendable {
    private let connection: OpaquePointer
    /// What is connected to, for messages.
    private let address: String

    init(_ driver: ADBCDriver) throws(WarehouseError) {
        var status = gosset_adbc_status()
        var copies: [UnsafeMutablePointer<CChar>?] = []
        defer { copies.forEach { free($0) } }
        var options: [gosset_adbc_option] = []
        for (key, value) in driver.options.sorted(by: { $0.key < $1.key }) {
            let (key, value) = (strdup(key), strdup(value))
            copies += [key, value]
            options.append(gosset_adbc_option(key: key, value: value))
        }
        let opened = gosset_adbc_open(driver.preload, driver.library, driver.entryPoint, options, options.count, &status)
        guard let opened else {
            let reason = ADBCHandle.message(&status)
            throw status.code == 1
                ? .driver(driver.name, reason: reason, advice: driver.advice)
                : .connection(driver.address, reason: reason)
        }
        (connection, address) = (opened, driver.address)
    }

    /// Another connection to the same database.
    init(joining other: ADBCHandle) throws(WarehouseError) {
        var status = gosset_adbc_status()
        guard let opened = gosset_adbc_join(other.connection, &status) else {
            throw .connection(other.address, reason: ADBCHandle.message(&status))
        }
        (connection, address) = (opened, other.address)
    }

    deinit { gosset_adbc_close(connection) }

    func cancel() { gosset_adbc_cancel(connection) }

    func execute(_ sql: String) throws(WarehouseError) {
        var status = gosset_adbc_status()
        _ = gosset_adbc_run(connection, sql, 0, &status)
        try check(&status, sql)
    }

    func query(_ sql: String) throws(WarehouseError) -> ResultTable {
        var names: [String] = []
        var columns: [ResultColumn] = []
        try read(sql) { batch throws(WarehouseError) in
            if columns.isEmpty {
                (names, columns) = (batch.names, batch.columns)
            } else {
                for index in columns.indices { try columns[index].append(batch.columns[index]) }
            }
        }
        return ResultTable(names: names, columns: columns)
    }

    /// Gives the rows batch by batch as the driver hands them over; the first batch has none, but the columns' names and types.
    func read(_ sql: String, _ take: (ResultTable) throws(WarehouseError) -> Void) throws(WarehouseError) {
        var status = gosset_adbc_status()
        let result = gosset_adbc_run(connection, sql, 1, &status)
        try check(&status, sql)
        guard let result else { throw .answer("there is no result") }
        defer { gosset_adbc_finish(result) }
        var schema = ArrowSchema()
        _ = gosset_adbc_schema(result, &schema, &status)
        try check(&status)
        defer { gosset_adbc_release_schema(&schema) }
        var names: [String] = []
        var columns: [ResultColumn] = []
        for index in 0..<Int(schema.n_children) {
            guard let child = schema.children?[index] else { throw .answer("a column is not described") }
            names.append(child.pointee.name.map { String(cString: $0) } ?? "")
            // The type of a column is also known where there are no rows.
            columns.append(try ArrowColumn(schema: child.pointee, array: ArrowArray()).values())
        }
        try take(ResultTable(names: names, columns: columns))
        while true {
            var array = ArrowArray()
            _ = gosset_adbc_next(result, &array, &status)
            try check(&status, sql)
            guard array.release != nil else { break }
            defer { gosset_adbc_release_array(&array) }
            for index in columns.indices {
                guard index < Int(array.n_children), let child = array.children?[index], let law = schema.children?[index] else {
                    throw .answer("a column is missing in a batch of rows")
                }
                columns[index] = try ArrowColumn(schema: law.pointee, array: child.pointee).values()
            }
            try take(ResultTable(names: names, columns: columns))
        }
    }

    private func check(_ status: inout gosset_adbc_status, _ sql: String = "") throws(WarehouseError) {
        guard status.code != 0 else { return }
        let reason = ADBCHandle.message(&status, about: sql)
        throw status.code == 3 ? .cancelled : .said(reason, by: address)
    }

    /// - Parameter sql: the statement, which some drivers repeat before they say what is wrong.
    private static func message(_ status: inout gosset_adbc_status, about sql: String = "") -> String {
        defer {
            free(status.message)
            status.message = nil
        }
        let said = status.message.map { String(cString: $0) } ?? "no reason was given"
        let text = sql.isEmpty ? said : said.replacing(sql, with: "…")
        // What drivers say may take many lines, of which the first tells what is wrong.
        return text.split(whereSeparator: \.isNewline).prefix(2).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }
}

internal import Foundation

/// DuckDB inside the program, in memory, for a thread that may wait for its answers.
///
/// It stays on the thread that made it.
package final class EmbeddedDuckDB {
    private let handle: ADBCHandle

    /// Loads the driver.
    /// - Parameter environment: where the driver may be named; the program's own if it is not given.
    package init(environment: [String: String]? = nil) throws(WarehouseError) {
        let driver = WarehouseAddress.duckDB(file: nil).duckDBDriver(
            file: nil, environment: environment ?? ProcessInfo.processInfo.environment)
        handle = try ADBCHandle(driver)
        // What is not there is not fetched from anywhere by itself.
        try handle.execute("SET autoinstall_known_extensions = false")
    }

    /// Runs a query and gives its rows batch by batch, for answers that are too large to be held at once.
    /// - Parameter take: called on this thread; first without rows, with the columns' names and types. What it throws ends the query.
    package func read(_ sql: SQL, _ take: (ResultTable) throws(WarehouseError) -> Void) throws(WarehouseError) {
        try handle.read(try Dialect.duckDB.text(sql), take)
    }
}

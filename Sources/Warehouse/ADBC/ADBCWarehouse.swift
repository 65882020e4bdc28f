internal import Foundation

/// A database behind an ADBC driver.
///
/// Statements run on a queue of their own, so that waiting for one blocks nothing else.
package final class ADBCWarehouse: Warehouse {
    package let dialect: Dialect
    package let readsFiles: Bool
    private let handle: ADBCHandle
    private let queue = DispatchQueue(label: "gosset.adbc")

    /// Loads the driver and connects.
    package init(_ driver: ADBCDriver, dialect: Dialect, readsFiles: Bool) throws(WarehouseError) {
        handle = try ADBCHandle(driver)
        self.dialect = dialect
        self.readsFiles = readsFiles
    }

    /// Runs a query and gives its rows.
    package func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable {
        let text = try dialect.text(sql)
        return try await onQueue { handle throws(WarehouseError) in try handle.query(text) }
    }

    /// Runs a statement that gives no rows.
    package func execute(_ sql: SQL) async throws(WarehouseError) {
        let text = try dialect.text(sql)
        try await onQueue { handle throws(WarehouseError) in try handle.execute(text) }
    }

    /// Stops what runs.
    package func cancel() { handle.cancel() }

    private func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable (ADBCHandle) throws(WarehouseError) -> Value
    ) async throws(WarehouseError) -> Value {
        let handle = handle
        let result: Result<Value, WarehouseError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(WarehouseError) {
                    continuation.resume(returning: .success(try work(handle)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

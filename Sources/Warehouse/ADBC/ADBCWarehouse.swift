internal import Scheduling

/// A database behind an ADBC driver.
///
/// Statements run on a thread of their own, so that waiting for one blocks nothing else.
package final class ADBCWarehouse: Warehouse {
    package let dialect: Dialect
    package let readsFiles: Bool
    private let handle: ADBCHandle
    private let thread: StatementThread
    private let precedence: Precedence

    /// Loads the driver and connects.
    ///
    /// - Parameter isInBackground: whether whatever runs in this process for it comes after all else.
    package init(
        _ driver: ADBCDriver, dialect: Dialect, readsFiles: Bool, isInBackground: Bool = false
    ) async throws(WarehouseError) {
        let precedence: Precedence = isInBackground ? .after : .ordinary
        let thread = StatementThread(precedence)
        handle = try await thread.perform { () throws(WarehouseError) in try ADBCHandle(driver) }
        (self.thread, self.precedence, self.dialect, self.readsFiles) = (thread, precedence, dialect, readsFiles)
    }

    /// Stands back farther than the first connection, where that stands back.
    private init(joining other: ADBCWarehouse) async throws(WarehouseError) {
        let precedence: Precedence = other.precedence > .ordinary ? .last : .ordinary
        let (thread, joined) = (StatementThread(precedence), other.handle)
        handle = try await thread.perform { () throws(WarehouseError) in try ADBCHandle(joining: joined) }
        (self.thread, self.precedence, dialect, readsFiles) = (thread, precedence, other.dialect, other.readsFiles)
    }

    /// Connects once more to the same database.
    package func another() async throws(WarehouseError) -> any Warehouse {
        try await ADBCWarehouse(joining: self)
    }

    /// Runs a query and gives its rows.
    package func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable {
        let (text, handle) = (try dialect.text(sql), handle)
        return try await thread.perform { () throws(WarehouseError) in try handle.query(text) }
    }

    /// Runs a statement that gives no rows.
    package func execute(_ sql: SQL) async throws(WarehouseError) {
        let (text, handle) = (try dialect.text(sql), handle)
        try await thread.perform { () throws(WarehouseError) in try handle.execute(text) }
    }

    /// Does something on the thread of the statements.
    package func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value { await thread.perform(body) }

    /// Whether statements go on without rests, where they stand back.
    package func hasten(_ isUrgent: Bool) { thread.hasten(isUrgent) }

    /// Stops what runs, and has nothing rest that comes after it.
    package func cancel() {
        hasten(true)
        handle.cancel()
    }
}

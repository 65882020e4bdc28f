/// A connection to a database that can be asked.
///
/// One statement runs at a time; temporary tables live as long as the connection.
package protocol Warehouse: Sendable {
    /// How it wants its SQL.
    var dialect: Dialect { get }
    /// Whether it reads files of this machine.
    var readsFiles: Bool { get }
    /// Runs a query and gives its rows.
    func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable
    /// Runs a statement that gives no rows.
    func execute(_ sql: SQL) async throws(WarehouseError)
    /// Stops what runs; may be called at any time, from anywhere.
    func cancel()
}

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
    /// One more connection to the same database: its statements do not wait for those of this one, and stand further back where this one does.
    func another() async throws(WarehouseError) -> any Warehouse
    /// Makes something for its statements where they run: on a thread that stands back for the rest of the process, if theirs does.
    func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value
    /// Whether its statements are urgent, though they stand back for the rest of the process; may be said at any time, from anywhere.
    func hasten(_ isUrgent: Bool)
    /// Stops what runs; may be called at any time, from anywhere.
    func cancel()
}

extension Warehouse {
    /// At once, where statements run elsewhere.
    package func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value { body() }

    /// Does nothing, where statements run elsewhere.
    package func hasten(_ isUrgent: Bool) {}

    /// Asks several things of the data as they are at one moment, where the database can do that; what is made meanwhile is gone afterwards.
    package func snapshot<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        guard let beginning = dialect.beginningOfSnapshot else { return try await body() }
        try await execute(beginning)
        do {
            let value = try await body()
            try await execute("ROLLBACK")
            return value
        } catch {
            // The connection may be gone.
            try? await execute("ROLLBACK")
            throw error
        }
    }
}

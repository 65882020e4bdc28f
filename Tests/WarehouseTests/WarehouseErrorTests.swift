import Testing
import Warehouse

@Suite struct WarehouseErrorTests {
    private static let name = "postgres://reader@db.internal:5432/shop"
    private static let reason = "connection to server at \"10.1.2.3\", port 5432 failed: no password supplied for reader"

    @Test(arguments: [
        WarehouseError.connection(name, reason: reason), .lost(name, reason: reason), .exhausted(name, reason: reason),
        .address(name, expected: "another"),
    ])
    func `Clients are told what fails, and not where or of whom`(_ error: WarehouseError) {
        #expect(error.forClients.contains("the warehouse"))
        for secret in ["db.internal", "10.1.2.3", "5432", "reader"] { #expect(!error.forClients.contains(secret), "\(error.forClients)") }
    }

    @Test func `What the server's own files say is told, for it says what to do`() {
        for error in [
            WarehouseError.connection("duckdb:w.duckdb", reason: "it is locked"), .refused(reason: "no such table"),
            .exhausted("duckdb:w.duckdb", reason: "No space left on device"),
        ] { #expect(error.forClients == error.description) }
    }
}

import EnrollmentTesting
import Testing
import Warehouse
import WarehouseTesting

@Suite(.serialized) struct PostgresTests {
    @Test func `every type of column comes over`() async throws {
        let postgres = try await TestWarehouses.connect(PostgresTestServer.shared.get().makeDatabase())
        let table = try await postgres.query(
            """
            SELECT 1::smallint AS a, -2::bigint AS b, 1.5::double precision AS c, \(value: "it's \\ ü") AS d, true AS e,
                TIMESTAMP '1970-01-02 00:00:00' AS f, NULL::text AS g
            """)
        #expect(table.columns[0] == .integers([1]))
        #expect(table.columns[1] == .integers([-2]))
        #expect(table.columns[2] == .numbers([1.5]))
        #expect(table.columns[3] == .texts(["it's \\ ü"]))
        #expect(table.columns[4] == .booleans([true]))
        #expect(table.columns[5] == .instants([86_400_000_000]))
        #expect(table.columns[6] == .texts([nil]))
    }

    @Test func `a statement is cancelled`() async throws {
        let postgres = try await TestWarehouses.connect(PostgresTestServer.shared.get().makeDatabase())
        let slow = Task { try await postgres.query("SELECT pg_sleep(60)::text AS s") }
        try await Task.sleep(for: .milliseconds(500))
        postgres.cancel()
        let start = ContinuousClock.now
        await #expect(throws: WarehouseError.self) { try await slow.value }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `a server that dies is said, and so is one that is not there`() async throws {
        let server = try PostgresTestServer()
        let address = try server.makeDatabase()
        let postgres = try await TestWarehouses.connect(address)
        try server.stop()
        await #expect(throws: WarehouseError.self) { try await postgres.query("SELECT 1 AS a") }
        let error = await #expect(throws: WarehouseError.self) { try await TestWarehouses.connect(address) }
        #expect(error.map { "\($0)" }?.hasPrefix("cannot connect to postgres://") == true)
    }
}

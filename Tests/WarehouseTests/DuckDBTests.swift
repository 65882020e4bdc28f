import Foundation
import Testing
import Warehouse
import WarehouseTesting

@Suite struct DuckDBTests {
    @Test func `every type of column comes over`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let table = try await duckdb.query(
            """
            SELECT 1::TINYINT AS a, -2::BIGINT AS b, 1.5::DOUBLE AS c, 12.25::DECIMAL(10, 2) AS d, 'ü' AS e, true AS f,
                TIMESTAMP '1970-01-02 00:00:00' AS g, DATE '1970-01-02' AS h, NULL::VARCHAR AS i, 'x'::ENUM('x', 'y') AS j, sum(3::BIGINT) AS k
            """)
        #expect(table.rowCount == 1)
        #expect(table.columns[0] == .integers([1]))
        #expect(table.columns[1] == .integers([-2]))
        #expect(table.columns[2] == .numbers([1.5]))
        #expect(table.columns[3] == .numbers([12.25]))
        #expect(table.columns[4] == .texts(["ü"]))
        #expect(table.columns[5] == .booleans([true]))
        #expect(table.columns[6] == .instants([86_400_000_000]))
        #expect(table.columns[7] == .instants([86_400_000_000]))
        #expect(table.columns[8] == .texts([nil]))
        #expect(table.columns[9] == .texts(["x"]))
        #expect(table.columns[10] == .numbers([3]))
    }

    @Test func `many batches and missing values come over`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let table = try await duckdb.query(
            "SELECT CASE WHEN i % 3 > 0 THEN i END AS n, i % 2 = 0 AS even FROM range(10000) AS r(i) ORDER BY i")
        let numbers = try table.numbers("n")
        #expect(numbers.count == 10000)
        #expect((0..<10000).allSatisfy { numbers[$0] == ($0 % 3 > 0 ? Double($0) : nil) })
        #expect(table.columns[1] == .booleans((0..<10000).map { $0 % 2 == 0 }))
    }

    @Test func `no rows still have columns with types`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let table = try await duckdb.query("SELECT 1 AS a, 'x' AS b LIMIT 0")
        #expect(table.names == ["a", "b"])
        #expect(table.columns == [.integers([]), .texts([])])
    }

    @Test func `a hostile text stays a text`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        for text in ["'; DROP TABLE x; --", "\\", "\\'", "\"", "`", "€ 😀", "%s", "\n\t"] {
            let table = try await duckdb.query("SELECT \(value: text) AS \(column: text + "x")")
            #expect(table.columns == [.texts([text])])
            #expect(table.names == [text + "x"])
        }
    }

    @Test func `temporary tables last for the connection`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(duckdb.dialect.temporaryTable("t", as: "SELECT 1 AS a"))
        #expect(try await duckdb.query("SELECT a FROM t").columns == [.integers([1])])
    }

    @Test func `a database that nobody holds any more is closed`() async throws {
        let file = NSTemporaryDirectory() + "gosset-closing-\(UUID().uuidString).duckdb"
        defer { for path in [file, file + ".wal"] { unlink(path) } }
        for round in 0..<200 {
            try await TestWarehouses.connect("duckdb:" + file).execute("CREATE OR REPLACE TABLE t AS SELECT \(value: round) AS a")
            // It is there as long as the database is open.
            try #require(access(file + ".wal", F_OK) != 0, "round \(round)")
        }
    }

    @Test func `what is wrong is said`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:", limits: WarehouseLimits(memory: MemoryLimit("100MB")))
        let limit = try await duckdb.query("SELECT current_setting('memory_limit') AS l").texts("l")
        #expect(limit.first??.hasPrefix("95") == true)
        let error = await #expect(throws: WarehouseError.self) { try await duckdb.query("SELECT nothing FROM nowhere") }
        #expect("\(error.map { "\($0)" } ?? "")".contains("nowhere"))
        // The connection is still good.
        #expect(try await duckdb.query("SELECT 1 AS a").rowCount == 1)
    }

    @Test func `a missing driver says what to do`() async throws {
        let error = await #expect(throws: WarehouseError.self) {
            try await WarehouseAddress("duckdb:").connect(environment: ["GOSSET_DUCKDB": "/nowhere/libduckdb.so"])
        }
        #expect(error.map { "\($0)" }?.contains("scripts/bootstrap") == true)
    }
}

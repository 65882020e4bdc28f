import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Old ClickHouse servers over HTTP.
@Suite(.serialized) struct ClickHouseTests {
    private func connect() async throws -> any Warehouse {
        try await TestWarehouses.connect(ClickHouseTestCluster.shared.value.address)
    }

    @Test func `every type of column comes over`() async throws {
        let table = try await connect().query(
            """
            SELECT toUInt8(1) AS a, toInt64(-2) AS b, 1.5 AS c, \(value: "tab\there\nand \\ there's ü") AS d,
                toDateTime('1970-01-02 00:00:01', 'UTC') AS e, toDate('1970-01-02') AS f, CAST(NULL AS Nullable(Float64)) AS g, '' AS h
            """)
        #expect(table.columns[0] == .integers([1]))
        #expect(table.columns[1] == .integers([-2]))
        #expect(table.columns[2] == .numbers([1.5]))
        #expect(table.columns[3] == .texts(["tab\there\nand \\ there's ü"]))
        #expect(table.columns[4] == .instants([86_401_000_000]))
        #expect(table.columns[5] == .instants([86_400_000_000]))
        #expect(table.columns[6] == .numbers([nil]))
        #expect(table.columns[7] == .texts([""]))
    }

    @Test func `temporary tables last for the session, and belong to it alone`() async throws {
        let (one, other) = (try await connect(), try await connect())
        try await one.execute(one.dialect.temporaryTable("mine", as: "SELECT 1 AS a"))
        #expect(try await one.query("SELECT a FROM mine").rowCount == 1)
        await #expect(throws: WarehouseError.self) { try await other.query("SELECT a FROM mine") }
    }

    @Test func `names without a database mean the tables of the address's, wherever in a statement they stand`() async throws {
        let cluster = try await ClickHouseTestCluster.shared.value
        let database = try await cluster.makeDatabase()
        try await cluster.makeTable("of_both", columns: "n UInt8", rows: ["(1)"])
        try await cluster.makeTable("of_both", in: database, columns: "n UInt8", rows: ["(2)", "(3)"])
        let first = try await TestWarehouses.connect(cluster.address(of: database))
        for warehouse in [first, try await first.another()] {
            try await warehouse.execute(warehouse.dialect.temporaryTable("doubled", as: "SELECT n, n * 2 AS m FROM of_both"))
            let found = try await warehouse.query(
                """
                SELECT sum(n) AS a, sum(m) AS b, (SELECT sum(n) FROM of_both) AS c
                FROM \(warehouse.dialect.leftJoin("(SELECT n FROM of_both)", "(SELECT n, m FROM doubled)", using: "n"))
                WHERE n IN (SELECT n FROM doubled)
                """)
            #expect(try ["a", "b", "c"].map { try found.counts($0) } == [[5], [10], [5]])
        }
    }

    @Test func `distributed tables are read from both shards`() async throws {
        let cluster = try await ClickHouseTestCluster.shared.value
        try await cluster.makeTable("numbers_of_both", columns: "n UInt32", rows: (0..<10).map { "(\($0))" })
        #expect(try await cluster.run("SELECT count() FROM numbers_of_both_local") == "5")
        #expect(try await connect().query("SELECT count() AS c, sum(n) AS s FROM numbers_of_both").numbers("s") == [45])
    }

    @Test func `a statement is cancelled`() async throws {
        let warehouse = try await connect()
        // It ends by itself after some minutes, should nobody end it.
        let slow = Task {
            try await warehouse.query("SELECT count() AS n FROM (SELECT number FROM system.numbers LIMIT 100000000000) WHERE number = -1")
        }
        try await Task.sleep(for: .milliseconds(500))
        warehouse.cancel()
        let start = ContinuousClock.now
        await #expect(throws: WarehouseError.self) { try await slow.value }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `what is wrong is said`() async throws {
        let error = await #expect(throws: WarehouseError.self) { try await connect().query("SELECT nothing FROM nowhere") }
        #expect(error.map { "\($0)" }?.contains("nowhere") == true)
        let port = try await ClickHouseTestCluster.shared.value.port
        for (address, words) in [
            ("clickhouse://127.0.0.1:1/default", "nothing answers there"),
            ("clickhouse://somebody:secret@127.0.0.1:\(port)/default", "the user or the password"),
            ("clickhouse://127.0.0.1:\(port)/nowhere", "nowhere"),
        ] {
            let error = await #expect(throws: WarehouseError.self) { try await TestWarehouses.connect(address) }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains(words) && !text.contains("secret"), "\(text)")
        }
    }
}

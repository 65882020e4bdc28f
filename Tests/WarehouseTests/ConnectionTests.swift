import EnrollmentTesting
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Several connections to one database: one that delivers, and one that asks.
@Suite(.serialized) struct ConnectionTests {
    enum Place: String, CaseIterable, Sendable {
        case duckDB, postgreSQL, clickHouse

        func connect() async throws -> any Warehouse {
            switch self {
            case .duckDB: try await TestWarehouses.connect("duckdb:", limits: .background)
            case .postgreSQL:
                try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
            case .clickHouse:
                try await TestWarehouses.connect(try await ClickHouseTestCluster.shared.value.address)
            }
        }
    }

    @Test(arguments: Place.allCases)
    func `Another connection sees the same data, and outlives the first`(_ place: Place) async throws {
        let other: any Warehouse
        do {
            let first = try await place.connect()
            try await first.execute("DROP TABLE IF EXISTS g_shared")
            try await first.execute(
                "CREATE TABLE g_shared (n \(place == .clickHouse ? "Int64" : "bigint"))\(engine(place))")
            try await first.execute("INSERT INTO g_shared VALUES (1)")
            other = try await first.another()
        }
        #expect(try await other.query("SELECT n FROM g_shared").counts("n") == [1])
        try await other.execute("INSERT INTO g_shared VALUES (2)")
        let third = try await other.another()
        #expect(try await third.query("SELECT count(*) AS n FROM g_shared").counts("n") == [2])
        try await third.execute("DROP TABLE g_shared")
    }

    @Test func `In a server the engine works after all else, and whoever only reads works last`() async throws {
        func threads(ofNiceness niceness: Int) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { name in
                // A thread may end meanwhile. Numbers begin after the name, which stands in parentheses.
                guard let text = try? String(contentsOfFile: "/proc/self/task/\(name)/stat", encoding: .utf8),
                    let numbers = text.split(separator: ")").last?.split(separator: " ")
                else { return false }
                return Int(numbers[16]) == niceness
            }
        }
        let before = (after: try threads(ofNiceness: 5), last: try threads(ofNiceness: 19))
        let engine = try await WarehouseAddress.duckDB(file: nil).connect(limits: .background)
        let reader = try await engine.another()
        #expect(try await reader.query("SELECT 1 AS n").counts("n") == [1])
        #expect(try threads(ofNiceness: 5) > before.after)
        #expect(try threads(ofNiceness: 19) > before.last)
    }

    private func engine(_ place: Place) -> SQL {
        place == .clickHouse ? " ENGINE = MergeTree() ORDER BY n" : ""
    }

    @Test(arguments: [Place.duckDB, .postgreSQL])
    func `A snapshot stays as it was, whatever another connection does meanwhile`(
        _ place: Place
    ) async throws {
        let writer = try await place.connect()
        try await writer.execute("CREATE TABLE g_shared (n bigint)")
        try await writer.execute("INSERT INTO g_shared VALUES (1)")
        let reader = try await writer.another()
        let counts = try await reader.snapshot {
            var counts = [try await reader.query("SELECT count(*) AS n FROM g_shared").counts("n")]
            try await writer.execute("INSERT INTO g_shared VALUES (2)")
            try await writer.execute("CREATE TABLE g_new (n bigint)")
            try await reader.execute("CREATE TEMPORARY TABLE g_mine AS SELECT * FROM g_shared")
            counts.append(try await reader.query("SELECT count(*) AS n FROM g_mine").counts("n"))
            return counts
        }
        #expect(counts == [[1], [1]])
        #expect(try await reader.query("SELECT count(*) AS n FROM g_shared").counts("n") == [2])
        await #expect(throws: WarehouseError.self, "what was made is gone") {
            try await reader.query("SELECT * FROM g_mine")
        }
        // A failure ends it, and the connection can be used on.
        await #expect(throws: WarehouseError.self) {
            try await reader.snapshot { try await reader.query("SELECT * FROM g_none") }
        }
        #expect(try await reader.query("SELECT count(*) AS n FROM g_shared").counts("n") == [2])
    }
}

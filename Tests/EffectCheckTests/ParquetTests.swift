import EffectCheck
import Testing
import Text
import Warehouse
import WarehouseTesting

@Suite struct ParquetTests {
    private let files: TemporaryFiles

    init() throws { files = try TemporaryFiles() }

    // Writes what a query gives to a Parquet file, by DuckDB itself.
    private func parquet(_ name: String, _ query: SQL) async throws -> String {
        let path = files.path + "/" + name
        try await TestWarehouses.connect("duckdb:").execute("COPY (\(query)) TO \(value: path) (FORMAT parquet, ROW_GROUP_SIZE 4096)")
        return path
    }

    private func read(_ users: String, _ sales: String, _ format: ShopFormat = ShopFormat()) throws -> ShopReader.Result {
        try ShopReader(users: users, sales: sales, format: format, environment: TestWarehouses.environment).read()
    }

    private func users() async throws -> String {
        try await parquet("users.parquet", "SELECT 1000 + 7 * i AS user_id, i % 2 AS gender, 20 + i % 30 AS age FROM range(60) AS r(i)")
    }

    @Test func `CSV and Parquet, in any mixture and of any type of number, give the same answers`() async throws {
        let texts = try InventedShop.texts(InventedShop.plan { ($0.users, $0.tests, $0.groupSize) = (4000, 20, 60...120) })
        let csv = (users: try files.file("u.csv", texts.users), sales: try files.file("s.csv", texts.sales))
        let tests = try TestFile(path: try files.file("t.jsonl", texts.tests)).lines.map(\.test)
        let plain = (
            users: try await parquet("u.parquet", "SELECT * FROM read_csv(\(value: csv.users)) ORDER BY age, user_id"),
            sales: try await parquet("s.parquet", "SELECT * FROM read_csv(\(value: csv.sales))")
        )
        let narrow = (
            users: try await parquet(
                "u2.parquet",
                "SELECT age::DOUBLE AS age, 'x' AS note, gender::UTINYINT AS gender, user_id::INTEGER AS user_id FROM read_csv(\(value: csv.users))"
            ),
            sales: try await parquet(
                "s2.parquet",
                "SELECT sales::DECIMAL(18, 2) AS sales, day::SMALLINT AS day, user_id::INTEGER AS user_id FROM read_csv(\(value: csv.sales))"
            )
        )
        func answers(_ users: String, _ sales: String) throws -> [String] {
            let checker = try EffectChecker(ShopReader(users: users, sales: sales, environment: TestWarehouses.environment))
            #expect(checker.report.badUsers.count == 0 && checker.report.badSales.count == 0)
            return try checker.check(all: tests).map { try $0.get().json.description } + ["\(checker.report.salesRows)"]
        }
        let expected = try answers(csv.users, csv.sales)
        #expect(expected.count == 21)
        for (users, sales) in [plain, narrow, (csv.users, plain.sales), (narrow.users, csv.sales)] {
            #expect(try answers(users, sales) == expected)
        }
    }

    @Test func `rows out of range, of strangers and without a number are counted and shown with their places`() async throws {
        let sales = try await parquet(
            "sales.parquet",
            """
            SELECT CASE WHEN i = 4000 THEN NULL ELSE 1000 END AS user_id, CASE WHEN i = 10 THEN 56 WHEN i = 11 THEN 1.5 ELSE 5 END AS day,
                CASE WHEN i = 20 THEN -1.0 WHEN i = 21 THEN 0.125 ELSE 2.25 END AS sales FROM range(1, 4001) AS r(i)
            UNION ALL SELECT 999, 1, 1.0
            """)
        let shop = try read(try await users(), sales)
        #expect(shop.salesRows == 4001)
        #expect(shop.badSales.outOfRange == 2 && shop.badSales.unknownUsers == 1 && shop.badSales.malformed == 2)
        #expect(Set(shop.badSales.examples.map(\.line)) == [10, 11, 20, 4000, 4001])
        #expect(shop.badSales.examples.contains { $0.line == 11 && $0.reason == "a number was expected as day, not '1.5'" })
        #expect(shop.badSales.examples.contains { $0.line == 4000 && $0.reason == "a number was expected as user_id, not nothing" })
        #expect(shop.badSales.text(path: "s.parquet")?.contains("the first is row 10") == true)
        #expect(abs(shop.customers.spent(0, 0) - (3995 * 2.25 + 0.13)) < 1e-9)
    }

    @Test func `what cannot be used says why`() async throws {
        let users = try await users()
        func problem(_ users: String, _ sales: String) -> String {
            do {
                _ = try read(users, sales)
                return "nothing"
            } catch { return "\(error)" }
        }
        let renamed = try await parquet("renamed.parquet", "SELECT 1000 AS id, 1 AS day, 1 AS sales")
        #expect(problem(users, renamed) == "\(renamed): there is no column 'user_id'; there are 'id', 'day', 'sales'")
        let texts = try await parquet("texts.parquet", "SELECT 1000 AS user_id, 'Monday' AS day, 1 AS sales")
        #expect(problem(users, texts) == "\(texts): column 'day' holds no numbers")
        let missing = try await parquet(
            "missing.parquet", "SELECT 1000 AS user_id, CASE WHEN i > 1 THEN 3 END AS day, 1 AS sales FROM range(1, 100) AS r(i)")
        #expect(problem(users, missing) == "\(missing): row 1: a number was expected as day, not nothing")
        let damaged = try files.file("damaged.parquet", "PAR1 and then no more")
        #expect(problem(users, damaged).hasPrefix("\(damaged): "))
        #expect(!problem(users, damaged).contains("SELECT"), "\(problem(users, damaged))")
        #expect(problem(damaged, renamed).hasPrefix("\(damaged): ") || problem(damaged, renamed).hasPrefix("\(renamed): "))
        let twice = try await parquet("twice.parquet", "SELECT 5 + i // 2 AS user_id, 0 AS gender, 30 AS age FROM range(100) AS r(i)")
        let good = try await parquet("good.parquet", "SELECT 1000 AS user_id, 5 AS day, 1 AS sales")
        #expect(problem(twice, good) == "\(twice): user 5 is there more than once")
        let reader = ShopReader(users: users, sales: good, environment: ["GOSSET_DUCKDB": "/nowhere/libduckdb.so"])
        let error = #expect(throws: ShopDataError.self) { try reader.read() }
        #expect(error?.description.contains("the driver for duckdb cannot be loaded") == true)
    }
}

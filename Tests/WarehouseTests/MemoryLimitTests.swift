import Testing
import Warehouse
import WarehouseTesting

@Suite struct MemoryLimitTests {
    @Test(arguments: ["512MB", "2GB", "1.5GiB", "80%", "2 GB", "4g", "100 mib", "1000000000 bytes", "0.5 tb", "99.5%"])
    func `what is taken DuckDB takes, too`(_ text: String) async throws {
        let limit = try #require(MemoryLimit(text))
        let duckdb = try await TestWarehouses.connect("duckdb:", limits: WarehouseLimits(memory: limit))
        #expect(try await duckdb.query("SELECT 1 AS a").rowCount == 1)
    }

    @Test(arguments: [
        "lots", "", "4000", "-1", "-2GB", "0MB", "0%", "101%", "2 G B", "2GBB", "GB", "1e9", "1.2.3GB", "inf GB", "'2GB'", "80 percent",
    ])
    func `what is no limit is not taken`(_ text: String) {
        #expect(MemoryLimit(text) == nil)
    }

    @Test func `who runs out of memory is told what helps there`() {
        let local = "\(WarehouseError.exhausted("duckdb:", reason: "full"))"
        #expect(local.contains("--memory-limit, --temp-directory"))
        let remote = "\(WarehouseError.exhausted("ClickHouse at h:8123", reason: "full"))"
        #expect(
            remote
                == "ClickHouse at h:8123 ran out of memory or disk (full); nothing was computed: give it more memory, or its disk more room"
        )
    }
}

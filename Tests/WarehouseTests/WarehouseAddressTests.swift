import Foundation
import Testing
import Warehouse

@Suite struct WarehouseAddressTests {
    @Test func `addresses are read`() throws {
        #expect(try WarehouseAddress("duckdb:") == .duckDB(file: nil))
        #expect(try WarehouseAddress("duckdb:a/b.duckdb") == .duckDB(file: "a/b.duckdb"))
        #expect(try WarehouseAddress("chdb:") == .chDB(folder: nil))
        #expect(try WarehouseAddress("postgresql://u:p@h/d") == .postgreSQL("postgresql://u:p@h/d"))
        #expect(try WarehouseAddress("clickhouse://h/d") == .clickHouse(#require(URL(string: "http://h:8123/d"))))
        #expect(try WarehouseAddress("clickhouse+https://h:9/d") == .clickHouse(#require(URL(string: "https://h:9/d"))))
        #expect(
            try WarehouseAddress("adbc:/lib/x.so?entrypoint=Init&uri=a%20b")
                == .adbc(library: "/lib/x.so", entryPoint: "Init", dialect: .standard, options: ["uri": "a b"]))
        #expect(
            try WarehouseAddress("adbc:x.so?dialect=PostgreSQL&uri=grpc%2Btls://h:1")
                == .adbc(library: "x.so", entryPoint: "AdbcDriverInit", dialect: .postgreSQL, options: ["uri": "grpc+tls://h:1"]))
        let unknown = #expect(throws: WarehouseError.self) { try WarehouseAddress("adbc:x.so?dialect=oracle") }
        #expect(unknown.map { "\($0)" }?.contains("'dialect=oracle'") == true)
    }

    @Test func `a password is never shown`() throws {
        #expect(try WarehouseAddress("postgres://u:secret@h/d").name == "postgres://u@h/d")
        #expect(try !WarehouseAddress("clickhouse://u:secret@h/d").name.contains("secret"))
        let error = #expect(throws: WarehouseError.self) { try WarehouseAddress("mysql://u:secret@h/d") }
        #expect(error.map { "\($0)" }?.contains("secret") == false)
    }

    @Test(arguments: ["", "duckdb", "clickhouse://", "adbc:", "mysql://h"])
    func `what is no address is refused`(_ text: String) {
        #expect(throws: WarehouseError.self) { try WarehouseAddress(text) }
    }
}

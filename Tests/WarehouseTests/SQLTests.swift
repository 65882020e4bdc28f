import Testing
import Warehouse

@Suite struct SQLTests {
    @Test func `what is interpolated is quoted, as each database wants it`() throws {
        let sql: SQL = "SELECT \(column: "a\"b`c\\") FROM \(table: "s.t") WHERE x = \(value: "it's \\ here")"
        #expect(try Dialect.duckDB.text(sql) == #"SELECT "a""b`c\" FROM "s"."t" WHERE x = 'it''s \ here'"#)
        #expect(try Dialect.postgreSQL.text(sql) == #"SELECT "a""b`c\" FROM "s"."t" WHERE x = E'it\'s \\ here'"#)
        #expect(try Dialect.clickHouse.text(sql) == #"SELECT `a"b\`c\\` FROM `s`.`t` WHERE x = 'it\'s \\ here'"#)
    }

    @Test func `numbers are doubles everywhere, to the last digit`() throws {
        let sql: SQL = "\(value: 0.1)"
        #expect(try Dialect.duckDB.text(sql) == "0.1e0")
        #expect(try Dialect.duckDB.text("\(value: -2.0)") == "(-2e0)")
        #expect(try Dialect.duckDB.text("\(value: 1e300)") == "1e+300")
        #expect(try Dialect.clickHouse.text(sql) == "toFloat64(0.1e0)")
        #expect(throws: WarehouseError.self) { try Dialect.duckDB.text("\(value: Double.nan)") }
    }

    @Test func `a zero byte does not get into SQL`() {
        #expect(throws: WarehouseError.self) { try Dialect.duckDB.text("\(value: "a\0b")") }
        #expect(throws: WarehouseError.self) { try Dialect.duckDB.text("\(column: "a\0b")") }
    }

    @Test func `pieces join`() throws {
        let pieces: [SQL] = ["\(column: "a")", "\(value: 1)"]
        #expect(try Dialect.duckDB.text("SELECT \(pieces.joined(", "))") == #"SELECT "a", 1"#)
    }
}

import Synchronization
package import Warehouse

/// A warehouse that is being asked, and what it was asked.
package actor Session {
    /// The database.
    package nonisolated let warehouse: any Warehouse
    /// Every statement so far, as the warehouse got it, with what it is for.
    package private(set) var statements: [(purpose: String, text: String)] = []
    private var made: [String] = []

    /// A session with a warehouse.
    package init(_ warehouse: any Warehouse) { self.warehouse = warehouse }

    /// A name that no temporary table of this process has had; an old one may still be there.
    func nameOfTable() -> String {
        let number = Session.tables.withLock { number in
            number += 1
            return number
        }
        let name = number == 1 ? "gosset_units" : "gosset_units_\(number)"
        made.append(name)
        return name
    }

    /// Drops the tables that were made: for a connection that is used on.
    package func dropTables() async throws(AnalysisError) {
        for name in made { try await execute("nothing is left behind", "DROP TABLE IF EXISTS \(table: name)") }
        made = []
    }

    private static let tables = Mutex(0)

    nonisolated var dialect: Dialect { warehouse.dialect }

    func query(_ purpose: String, _ sql: SQL) async throws(AnalysisError) -> ResultTable {
        do throws(WarehouseError) {
            statements.append((purpose, try warehouse.dialect.text(sql)))
            return try await warehouse.query(sql)
        } catch {
            throw .warehouse(error)
        }
    }

    func execute(_ purpose: String, _ sql: SQL) async throws(AnalysisError) {
        do throws(WarehouseError) {
            statements.append((purpose, try warehouse.dialect.text(sql)))
            try await warehouse.execute(sql)
        } catch {
            throw .warehouse(error)
        }
    }
}

extension ResultTable {
    /// A column as numbers.
    func column(numbers name: String) throws(AnalysisError) -> [Double?] {
        do throws(WarehouseError) { return try numbers(name) } catch { throw .warehouse(error) }
    }

    /// A column as texts.
    func column(texts name: String) throws(AnalysisError) -> [String?] {
        do throws(WarehouseError) { return try texts(name) } catch { throw .warehouse(error) }
    }

    /// The number in the first row; 0 where there is none.
    func number(_ name: String) throws(AnalysisError) -> Double { (try column(numbers: name).first ?? nil) ?? 0 }
}

import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// The tables that a plan names, with the rows of its files, on any database.
struct ExampleTables {
    private struct Table {
        let name: String
        let columns: [(name: String, column: ResultColumn)]
    }

    private let tables: [Table]

    // Types that differ from those of the other tables and of the files: engines must not care.
    private static let types: [String: (postgres: String, clickHouse: String)] = [
        "groups.id": ("bigint", "UInt32"), "logs.student_id": ("integer", "UInt64"), "payments.student_id": ("bigint", "UInt32"),
        "payments.rev": ("numeric", "Float64"), "studs.st_id": ("integer", "UInt32"), "peas.st_id": ("integer", "UInt32"),
        "checks.st_id": ("integer", "UInt64"), "checks.money": ("real", "Float32"), "checks.subject": ("varchar", "Nullable(String)"),
    ]

    init(_ example: ExamplePlan) async throws {
        var tables: [Table] = []
        for source in example.plan.sources {
            guard let name = source.table?.text else { continue }
            var columns: [(name: String, column: ResultColumn)] = []
            for file in try example.files where file.source.name == source.name {
                let rows = try await example.rows(of: file)
                if columns.isEmpty {
                    columns = Array(zip(rows.names, rows.columns))
                } else {
                    for index in columns.indices {
                        columns[index].column = try ExampleTables.joined(columns[index].column, rows.column(columns[index].name))
                    }
                }
            }
            tables.append(Table(name: name, columns: columns))
        }
        #expect(!tables.isEmpty, "\(example.name) names no tables, so that it runs on DuckDB only")
        self.tables = tables
    }

    private static func joined(_ a: ResultColumn, _ b: ResultColumn) throws -> ResultColumn {
        switch (a, b) {
        case (.integers(let a), .integers(let b)): .integers(a + b)
        case (.instants(let a), .instants(let b)): .instants(a + b)
        case (.texts(let a), .texts(let b)): .texts(a + b)
        case (.booleans(let a), .booleans(let b)): .booleans(a + b)
        default: .numbers(a.numbers + b.numbers)
        }
    }

    // A database of PostgreSQL with them.
    func database(on server: PostgresTestServer) async throws -> String {
        let address = try server.makeDatabase()
        try await make(in: TestWarehouses.connect(address))
        return address
    }

    // In PostgreSQL, or what takes its types.
    func make(in warehouse: any Warehouse) async throws {
        for table in tables {
            let columns = table.columns.map {
                "\"\($0.name)\" \(ExampleTables.types["\(table.name).\($0.name)"]?.postgres ?? $0.column.postgres)"
            }
            try await warehouse.execute(SQL(uncheckedText: "CREATE TABLE \(table.name) (\(columns.joined(separator: ", ")))"))
            let rows = rows(table, .postgreSQL).joined(separator: ",")
            try await warehouse.execute(SQL(uncheckedText: "INSERT INTO \(table.name) VALUES \(rows)"))
        }
    }

    // The same on both shards of a cluster.
    func make(on cluster: ClickHouseTestCluster, in database: String = "default") async throws {
        for table in tables {
            try await cluster.makeTable(table.name, in: database, columns: clickHouse(table), rows: rows(table, .clickHouse))
        }
    }

    // And in ClickHouse inside the program, in a database of their own, for all connections share the others.
    func makeDatabase(in chdb: any Warehouse) async throws -> String {
        let database = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        try await chdb.execute("CREATE DATABASE \(table: database)")
        for table in tables {
            let name = "\(database).\(table.name)"
            try await chdb.execute(SQL(uncheckedText: "CREATE TABLE \(name) (\(clickHouse(table))) ENGINE = MergeTree ORDER BY tuple()"))
            try await chdb.execute(SQL(uncheckedText: "INSERT INTO \(name) VALUES \(rows(table, .clickHouse).joined(separator: ","))"))
        }
        return database
    }

    private func clickHouse(_ table: Table) -> String {
        table.columns.map { "`\($0.name)` \(ExampleTables.types["\(table.name).\($0.name)"]?.clickHouse ?? $0.column.clickHouse)" }
            .joined(separator: ", ")
    }

    private func rows(_ table: Table, _ dialect: Dialect) -> [String] {
        let columns = table.columns.map { $0.column.literals(dialect) }
        return (0..<(columns.first?.count ?? 0)).map { row in "(\(columns.map { $0[row] }.joined(separator: ",")))" }
    }
}

extension ResultColumn {
    fileprivate var postgres: String {
        switch self {
        case .integers: "bigint"
        case .numbers: "double precision"
        case .texts: "text"
        case .booleans: "boolean"
        case .instants: "timestamp"
        }
    }

    fileprivate var clickHouse: String {
        let type =
            switch self {
            case .integers: "Int64"
            case .numbers: "Float64"
            case .texts: "String"
            case .booleans: "UInt8"
            case .instants: "DateTime"
            }
        return texts.contains(nil) ? "Nullable(\(type))" : type
    }

    // As databases write values.
    fileprivate func literals(_ dialect: Dialect) -> [String] {
        let isClickHouse = dialect == .clickHouse
        return switch self {
        case .texts(let texts): texts.map { $0.map { "'" + $0.replacing("'", with: "''") + "'" } ?? "NULL" }
        case .booleans(let flags): flags.map { $0.map { isClickHouse ? ($0 ? "1" : "0") : "\($0)" } ?? "NULL" }
        case .instants(let moments):
            moments.map { moment in
                moment.map {
                    let text = Date(timeIntervalSince1970: Double($0) / 1e6).formatted(Date.ISO8601FormatStyle())
                    return "'\(text.prefix(10)) \(text.dropFirst(11).prefix(8))'"
                } ?? "NULL"
            }
        default: texts.map { $0 ?? "NULL" }
        }
    }
}

import Analysis
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// What does not fit between a plan and the data is said with its place in the plan.
@Suite struct PlanFaultTests {
    private func message(_ yaml: String, folder: String) async throws -> String {
        do {
            _ = try await analyse(yaml, folder: folder)
            return "no error"
        } catch let error as AnalysisError {
            return "\(error)"
        }
    }

    private func folder(_ files: [String: String]) throws -> String {
        let path = "/tmp/gosset-plan-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: path + "/" + name)) }
        return path
    }

    private let plan = """
        experiment: x
        sources: {users: users.csv, sales: sales.csv}
        assignment: {source: users, unit: id, variant: arm, control: a}
        facts: {sales: {source: sales, value: money}}
        metrics: {sales: {kind: mean, of: sales}}
        """
    private let users = "id,arm\n" + (0..<40).map { "\($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    private let sales = "id,money\n1,2\n2,3.5\n"

    @Test func `a column that is not there, a control without units, a file that is not there`() async throws {
        let good = try folder(["users.csv": users, "sales.csv": sales])
        defer { try? FileManager.default.removeItem(atPath: good) }
        #expect(try await message(plan, folder: good) == "no error")
        #expect(
            try await message(plan.replacing("value: money", with: "value: mony"), folder: good).contains(
                "line 4, column 39: the file sales.csv has no column 'mony'; did you mean 'money'?"))
        #expect(
            try await message(plan.replacing("control: a", with: "control: A"), folder: good).contains(
                "no unit is in the control 'A'; did you mean 'a'?"))
        #expect(try await message(plan.replacing("sales.csv", with: "sale.csv"), folder: good).contains("sale.csv does not exist"))
        #expect(try await message(plan.replacing("users.csv", with: "nothing*.csv"), folder: good).contains("no file is called"))
    }

    @Test func `a column of a type that cannot be used is named, with what to do`() async throws {
        let events = "id,at,money\n1,1700000000,2024-01-01 10:00:00\n2,1700000001,2024-01-02 10:00:00\n"
        let path = try folder(["users.csv": users, "sales.csv": events])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let number = try await message(plan, folder: path)
        #expect(number.contains("line 4, column 39: the column 'money' of source 'sales' holds times, and a number is needed"), "\(number)")
        let time = try await message(plan.replacing("value: money", with: "time: at"), folder: path)
        #expect(time.contains("line 4, column 38: the column 'at' of source 'sales' is no time; make one of it"), "\(time)")
    }

    // No number, too few values, too many, and a quote that never ends.
    private let badRows = "3,much\n4\n5,6,7\n8,5\n9,\"1"
    private let tolerant = "sales: {file: \"sales*.csv\", bad rows: report}"

    @Test func `rows that cannot be read are refused with their lines`() async throws {
        let path = try folder(["users.csv": users, "sales.csv": sales + badRows])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let message = try await message(plan, folder: path)
        #expect(
            message.hasPrefix("line 2, column 29: source 'sales' has rows that cannot be read, 4 rows: sales.csv line 4 (Error when"),
            "\(message)")
        #expect(message.contains("sales.csv line 5 (Expected Number of Columns: 2 Found: 1)") && message.contains("bad rows: report"))
    }

    @Test func `rows that cannot be read are counted where the plan says so, in every file of a pattern`() async throws {
        let path = try folder([
            "users.csv": users, "sales-1.csv": sales, "sales-2.csv": sales.replacing("1,2", with: "1,20") + badRows,
            "sales-3.csv": "money,id,other\n7,3,x\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try await analyse(plan.replacing("sales: sales.csv", with: tolerant), folder: path)
        let text = try report.check("rows that cannot be read").text
        #expect(
            text.hasPrefix("4 rows: sales-2.csv line 4 (") && text.contains("sales-2.csv line 6 (Expected Number of Columns: 2 Found: 3)"))
        #expect(try report.metric("sales").groups.map(\.sum).reduce(0, +) == 2 + 3.5 + 20 + 3.5 + 5 + 7)
        #expect(report.units.map(\.count) == [20, 20])
    }

    @Test func `Parquet and JSON are read as CSV is`() async throws {
        let path = try folder(["users.csv": users, "sales.csv": sales])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("COPY (FROM read_csv(\(value: path + "/users.csv"))) TO \(value: path + "/users.parquet")")
        try await duckdb.execute("COPY (FROM read_csv(\(value: path + "/sales.csv"))) TO \(value: path + "/sales.json")")
        let report = try await analyse(
            plan.replacing("users.csv", with: "users.parquet").replacing("sales.csv", with: "sales.json"), folder: path)
        #expect(report.units.map(\.count) == [20, 20])
        #expect(try report.metric("sales").groups.map(\.sum) == [3.5, 2])
    }

    @Test func `hostile names and values stay what they are`() async throws {
        let path = try folder([
            "us'er\"s.csv": "i\"\"d,arm\n", "users.csv": "\"i\"\"d\",\"a'rm; drop\"\n1,\"a' or 1=1\"\n2,\"b\"\"\"\n3,\"a' or 1=1\"\n",
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try await analyse(
            """
            experiment: x
            sources: {users: users.csv}
            assignment: {source: users, unit: 'i"d', variant: "a'rm; drop", control: "a' or 1=1"}
            metrics: {n: {kind: count}}
            """, folder: path)
        #expect(report.units.map(\.variant) == ["a' or 1=1", "b\""])
        #expect(report.units.map(\.count) == [2, 1])
    }

    @Test func `units are texts where one source has texts`() async throws {
        let path = try folder(["users.csv": "id,arm\n007,a\n7,b\n008,a\nx,b\n", "sales.csv": "id,money\n007,1\n7,10\n"])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try await analyse(plan, folder: path)
        #expect(report.units.map(\.count) == [2, 2])
        #expect(try report.metric("sales").groups.map(\.sum) == [1, 10])
    }

    @Test func `a warehouse that reads no files asks for a table`() async throws {
        let chdb = try await TestWarehouses.connect("chdb:")
        let error = await #expect(throws: AnalysisError.self) { try await analyse(plan, on: chdb, prefersTables: true) }
        #expect(error.map { "\($0)" }?.contains("say where it lies there: table: NAME") == true)
    }

    @Test func `several files with other headers are one source`() async throws {
        let path = try folder([
            "a.csv": "id,arm\n1,a\n2,b\n", "b.csv": "grp;extra;id\nb;9;1\na;9;3\n", "sales.csv": sales,
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let yaml = plan.replacing("users: users.csv", with: "users: {files: [a.csv, b.csv], rename: {grp: arm}}")
        #expect(try await analyse(yaml, folder: path).units.map(\.count) == [1, 1])
        let first = try await analyse(yaml.replacing("control: a", with: "control: a, in two variants: first"), folder: path)
        #expect(first.units.map(\.count) == [2, 1])
        let last = try await analyse(yaml.replacing("control: a", with: "control: a, in two variants: last"), folder: path)
        #expect(last.units.map(\.count) == [1, 2])
    }
}

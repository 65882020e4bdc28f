import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Statistics
import Testing
import Warehouse
import WarehouseTesting

// The same plans give the same numbers on every warehouse: DuckDB over files, PostgreSQL, a ClickHouse cluster of 2018, today's ClickHouse.
@Suite(.serialized) struct AgreementTests {
    static func report(_ yaml: String, _ example: ExamplePlan, on warehouse: any Warehouse, prefersTables: Bool) async throws
        -> AnalysisReport
    {
        try await Analysis(Plan(yaml: yaml), folder: example.folder, session: Session(warehouse), prefersTables: prefersTables).run()
    }

    // A plan as it is, and for one look, within blocks if it has any; or with two segments, and events told by an id.
    static func forms(_ example: ExamplePlan, in database: String? = nil) -> [String] {
        let yaml = database.map(example.yaml(withTablesIn:)) ?? example.yaml
        guard example.plan.segments.isEmpty else { return [yaml, yaml.replacing("horizon: always-valid, tuned for: 600, ", with: "")] }
        let label = example.plan.assignment.variant.text
        let more =
            yaml.replacing("value: rev,", with: "value: rev, id: rev,").replacing("value: money,", with: "value: money, id: subject,")
            + "\nsegments: [\(label), \(label)]\n"
        return [yaml, more]
    }

    private static func compare(_ example: ExamplePlan, _ warehouse: any Warehouse, _ engine: String, in database: String? = nil)
        async throws
    {
        for (form, yaml) in forms(example, in: database).enumerated() {
            let name = "\(engine), \(example.name), form \(form)"
            let expected = try await report(yaml, example, on: TestWarehouses.connect("duckdb:"), prefersTables: false)
            let found = try await report(yaml, example, on: warehouse, prefersTables: true)
            #expect(found.verdict.decision == expected.verdict.decision, "\(name)")
            #expect(found.units.map(\.count) == expected.units.map(\.count), "\(name)")
            #expect(found.units.map(\.count).reduce(0, +) > 100)
            #expect(found.metrics.map(\.name) == expected.metrics.map(\.name))
            for (a, b) in zip(expected.metrics, found.metrics) { compare(a, b, "\(name), \(a.name)") }
            // How often a unit is in two variants, a row comes twice or a value is missing does not depend on where it lies.
            #expect(found.checks.map(\.name) == expected.checks.map(\.name), "\(name)")
            for (a, b) in zip(expected.checks, found.checks) { #expect(a.text == b.text, "\(name)") }
        }
    }

    @Test func `the plan of a shop is judged within blocks for one look, with its covariate taken out`() async throws {
        let example = try ExamplePlan("shop/shop.yaml")
        let forms = AgreementTests.forms(example)
        #expect(forms.count == 2 && forms[0] != forms[1])
        let report = try await AgreementTests.report(forms[1], example, on: TestWarehouses.connect("duckdb:"), prefersTables: false)
        #expect(try report.metric("revenue").first.withinBlocks?.isAdjusted == true)
    }

    static func compare(_ a: MetricReport, _ b: MetricReport, _ name: String) {
        #expect(a.groups.map(\.count) == b.groups.map(\.count), "\(name)")
        for (x, y) in zip(a.groups, b.groups) {
            #expect(close(x.mean, y.mean) && close(x.standardDeviation, y.standardDeviation) && close(x.sum, y.sum), "\(name)")
        }
        #expect(a.comparisons.count == b.comparisons.count && a.problems == b.problems, "\(name)")
        for (x, y) in zip(a.comparisons, b.comparisons) {
            #expect(
                close(x.statistic, y.statistic) && close(x.pValue, y.pValue) && close(x.difference, y.difference), "\(name): \(x) and \(y)")
            #expect(x.interval == nil && y.interval == nil || close(x.interval?.low, y.interval?.low), "\(name)")
            #expect(x.interval == nil && y.interval == nil || close(x.interval?.high, y.interval?.high), "\(name)")
            #expect(
                (x.withinBlocks == nil) == (y.withinBlocks == nil) && x.withinBlocks?.isAdjusted == y.withinBlocks?.isAdjusted, "\(name)")
            if let x = x.withinBlocks, let y = y.withinBlocks {
                #expect(x.blocks == y.blocks && x.units == y.units && close(x.difference, y.difference, 1e-8), "\(name): \(x) and \(y)")
                #expect(close(x.standardError, y.standardError, 1e-8) && close(x.gain, y.gain, 1e-6), "\(name): \(x) and \(y)")
                // Draws go through the blocks in the order of the database's texts.
                #expect(abs((x.randomization?.pValue ?? 0) - (y.randomization?.pValue ?? 0)) < 0.1, "\(name)")
            }
        }
        #expect(a.notes == b.notes, "\(name)")
        #expect(a.segments.map(\.value) == b.segments.map(\.value), "\(name)")
        for (x, y) in zip(a.segments, b.segments) {
            #expect(x.column == y.column && x.groups.map(\.count) == y.groups.map(\.count), "\(name)")
            #expect(zip(x.groups, y.groups).allSatisfy { close($0.mean, $1.mean) }, "\(name)")
        }
    }

    @Test(arguments: ExamplePlan.names) func `PostgreSQL gives the numbers of DuckDB`(_ name: String) async throws {
        let example = try ExamplePlan(name)
        let address = try await ExampleTables(example).database(on: PostgresTestServer.shared.get())
        try await AgreementTests.compare(example, TestWarehouses.connect(address), "PostgreSQL")
    }

    @Test(arguments: ExamplePlan.names) func `a ClickHouse cluster of two shards gives the numbers of DuckDB`(_ name: String) async throws {
        let example = try ExamplePlan(name)
        let cluster = try await ClickHouseTestCluster.shared.value
        try await ExampleTables(example).make(on: cluster)
        try await AgreementTests.compare(example, TestWarehouses.connect(cluster.address), "ClickHouse 18.16")
    }

    // One of 2018 looks for the names of tables in its own database too, where there are none.
    @Test(arguments: ["shop/shop.yaml", "arppu/visitors.yaml"])
    func `a database of a name of its own on that cluster gives them as well`(_ name: String) async throws {
        let example = try ExamplePlan(name)
        let cluster = try await ClickHouseTestCluster.shared.value
        let database = try await cluster.makeDatabase()
        try await ExampleTables(example).make(on: cluster, in: database)
        try await AgreementTests.compare(example, TestWarehouses.connect(cluster.address(of: database)), "ClickHouse 18.16, elsewhere")
    }

    // A database that Gosset does not know, behind a driver: here it is DuckDB, asked in the standard's words.
    @Test(arguments: ExamplePlan.names) func `any driver with SQL near the standard's gives the numbers of DuckDB`(_ name: String)
        async throws
    {
        let example = try ExamplePlan(name)
        let file = example.folder + "/tables.duckdb"
        try await ExampleTables(example).make(in: TestWarehouses.connect("duckdb:" + file))
        let library = try #require(TestWarehouses.environment["GOSSET_DUCKDB"])
        let address = "adbc:\(library)?entrypoint=duckdb_adbc_init&dialect=standard&path=\(file)"
        try await AgreementTests.compare(example, TestWarehouses.connect(address), "standard")
    }

    @Test(arguments: ExamplePlan.names) func `today's ClickHouse gives the numbers of DuckDB`(_ name: String) async throws {
        let example = try ExamplePlan(name)
        let chdb = try await TestWarehouses.connect("chdb:")
        let database = try await ExampleTables(example).makeDatabase(in: chdb)
        try await AgreementTests.compare(example, chdb, "ClickHouse 26", in: database)
    }
}

import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

// Every plan also runs with the engine killed, between any two of its statements.
@Suite(.serialized) struct EngineDeathTests {
    // A connection whose engine is killed, for real, before one of its statements.
    private final class Doomed: Warehouse {
        private let inner: any Warehouse
        private let last: Int
        private let kill: @Sendable () async throws -> Void
        private let count = Mutex(0)

        init(_ inner: any Warehouse, before last: Int, _ kill: @escaping @Sendable () async throws -> Void) {
            (self.inner, self.last, self.kill) = (inner, last, kill)
        }

        var dialect: Dialect { inner.dialect }
        var readsFiles: Bool { inner.readsFiles }
        var isDead: Bool { count.withLock { $0 > last } }

        private func step() async throws(WarehouseError) {
            let number = count.withLock { count in
                defer { count += 1 }
                return count
            }
            guard number == last else { return }
            do { try await kill() } catch { throw .invalid("the engine could not be killed: \(error)") }
        }

        func another() async throws(WarehouseError) -> any Warehouse { try await inner.another() }

        func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable {
            try await step()
            return try await inner.query(sql)
        }

        func execute(_ sql: SQL) async throws(WarehouseError) {
            try await step()
            try await inner.execute(sql)
        }

        func cancel() { inner.cancel() }
    }

    // What a plan gives; the reports of all runs of one form of it are the same.
    private func run(_ yaml: String, of example: ExamplePlan, on warehouse: any Warehouse) async throws -> AnalysisReport {
        try await Analysis(Plan(yaml: yaml), folder: example.folder, session: Session(warehouse), prefersTables: true)
            .run(withCourses: true)
    }

    // The connection is said to be lost, and nothing comes out.
    private func expectLoss(_ yaml: String, of example: ExamplePlan, on warehouse: Doomed, _ place: Int) async throws {
        do {
            _ = try await run(yaml, of: example, on: warehouse)
            Issue.record("\(example.name): there is a result although the engine died before statement \(place)")
        } catch let error as AnalysisError {
            #expect("\(error)".contains("nothing was computed") || "\(error)".contains("nothing answers"), "\(place): \(error)")
            #expect(!"\(error)".contains("\n"))
        }
        #expect(warehouse.isDead)
    }

    @Test(arguments: ExamplePlan.names)
    func `PostgreSQL ends the connection before any statement of any plan`(_ name: String) async throws {
        let (server, example) = (try PostgresTestServer.shared.get(), try ExamplePlan(name))
        let address = try await ExampleTables(example).database(on: server)
        for yaml in AgreementTests.forms(example) {
            let whole = try await run(yaml, of: example, on: TestWarehouses.connect(address))
            #expect(whole.statements.count > 5)
            for place in whole.statements.indices {
                let doomed = Doomed(try await TestWarehouses.connect(address), before: place) {
                    try server.run(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        in: address)
                }
                try await expectLoss(yaml, of: example, on: doomed, place)
            }
            // What was left behind does no harm.
            #expect(try await run(yaml, of: example, on: TestWarehouses.connect(address)).text == whole.text)
        }
    }

    @Test(arguments: ExamplePlan.names)
    func `ClickHouse is killed before any statement of any plan`(_ name: String) async throws {
        let (cluster, example) = (try await ClickHouseTestCluster(), try ExamplePlan(name))
        try await ExampleTables(example).make(on: cluster)
        let whole = try await run(example.yaml, of: example, on: TestWarehouses.connect(cluster.address))
        for place in whole.statements.indices {
            let doomed = Doomed(try await TestWarehouses.connect(cluster.address), before: place) {
                cluster.kill()
                for _ in 0..<1000 where (try? await cluster.run("SELECT 1")) != nil { try await Task.sleep(for: .milliseconds(5)) }
            }
            try await expectLoss(example.yaml, of: example, on: doomed, place)
            try await cluster.start()
        }
        #expect(try await run(example.yaml, of: example, on: TestWarehouses.connect(cluster.address)).text == whole.text)
    }
}

import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

// Every plan whose numbers the engines agree on also runs with the engine killed, between any two of its statements.
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

    private func run(_ plan: String, on warehouse: any Warehouse) async throws -> AnalysisReport {
        try await Analysis(Plan(yaml: plan), folder: AgreementTests.folder, session: Session(warehouse), prefersTables: true)
            .run(withCourses: true)
    }

    // The connection is said to be lost, and nothing comes out.
    private func expectLoss(_ plan: String, on warehouse: Doomed, _ place: Int) async throws {
        do {
            _ = try await run(plan, on: warehouse)
            Issue.record("there is a result although the engine died before statement \(place)")
        } catch let error as AnalysisError {
            #expect("\(error)".contains("nothing was computed") || "\(error)".contains("nothing answers"), "\(place): \(error)")
            #expect(!"\(error)".contains("\n"))
        }
        #expect(warehouse.isDead)
    }

    @Test func `PostgreSQL ends the connection before any statement of any plan`() async throws {
        let server = try PostgresTestServer.shared.get()
        let address = try AgreementTests.databaseOnPostgres(server)
        for plan in try AgreementTests.plans() {
            let statements = try await run(plan, on: TestWarehouses.connect(address)).statements.count
            #expect(statements > 5)
            for place in 0..<statements {
                let doomed = Doomed(try await TestWarehouses.connect(address), before: place) {
                    try server.run(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        in: address)
                }
                try await expectLoss(plan, on: doomed, place)
            }
        }
    }

    @Test func `ClickHouse is killed while each plan runs`() async throws {
        for (number, plan) in try AgreementTests.plans().enumerated() {
            let cluster = try await ClickHouseTestCluster()
            try await AgreementTests.makeTables(on: cluster)
            let statements = try await run(plan, on: TestWarehouses.connect(cluster.address)).statements.count
            // At another place in every plan.
            let place = (number + 1) * (statements - 1) / 4
            let doomed = Doomed(try await TestWarehouses.connect(cluster.address), before: place) {
                cluster.kill()
                for _ in 0..<100 where (try? await cluster.run("SELECT 1")) != nil { try await Task.sleep(for: .milliseconds(50)) }
            }
            try await expectLoss(plan, on: doomed, place)
        }
    }
}

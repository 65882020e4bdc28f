import EnrollmentTesting
import Foundation
import Testing
import WarehouseTesting

extension Processes {
    // `gosset analyze` while engines die, disks fill and people lose patience: one line, a status, and nothing half done.
    @Suite(.serialized) struct AnalyzeReliabilityTests {
        private static let examples = DocumentationTests.root.appending(path: "Examples").path

        // A plan over a query that takes long.
        private static func slowPlan(_ query: String, in directory: TemporaryDirectory) throws -> String {
            let path = directory.path + "/slow.yaml"
            let yaml = """
                experiment: slow
                sources: {units: {query: "\(query)"}}
                assignment: {source: units, unit: id, variant: arm, control: a}
                facts: {visits: {source: units}}
                metrics: {visits: {kind: mean, of: visits}}
                """
            try Data(yaml.utf8).write(to: URL(filePath: path))
            return path
        }

        private static let slowForPostgres =
            "SELECT i AS id, 'a' AS arm FROM generate_series(1, 3) AS r(i), LATERAL (SELECT pg_sleep(60 + i)) AS s"
        private static let slowForClickHouse =
            "SELECT number % 3 AS id, 'a' AS arm FROM (SELECT number FROM system.numbers LIMIT 100000000000)"
        private static let slowForDuckDB = "SELECT i % 3 AS id, 'a' AS arm FROM range(1000000000000) AS r(i)"

        // One line, exit status 1, and no file but the plan.
        private static func expectFailure(_ program: Program, _ words: [String], in directory: TemporaryDirectory) async throws {
            let ending = try await program.end(within: 60)
            #expect(ending == .exited(1), "\(program.output)")
            #expect(program.errors.isOneLine && program.output.isEmpty, "\(program.errors)")
            for word in words { #expect(program.errors.contains(word), "\(program.errors)") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["slow.yaml"])
        }

        private static func run(_ plan: String, _ warehouse: String, in directory: TemporaryDirectory) throws -> Program {
            let arguments = ["analyze", plan, "--warehouse", warehouse, "--report", directory.path + "/report.html"]
            return try Program([GossetProcess.path] + arguments, environment: TestWarehouses.environment)
        }

        @Test func `PostgreSQL is killed in the middle of a statement`() async throws {
            let (server, directory) = (try PostgresTestServer(), try TemporaryDirectory())
            let address = try server.makeDatabase()
            let plan = try Self.slowPlan(Self.slowForPostgres, in: directory)
            let program = try Self.run(plan, address, in: directory)
            let backend = try await eventually("the statement", within: 30) {
                try pid_t(server.run("SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE TEMP%' AND state = 'active'", in: address))
            }
            kill(backend, SIGKILL)
            try await Self.expectFailure(program, ["the connection to postgres://", "broke"], in: directory)
        }

        @Test func `ClickHouse is killed in the middle of a statement`() async throws {
            let (cluster, directory) = (try await ClickHouseTestCluster(), try TemporaryDirectory())
            let plan = try Self.slowPlan(Self.slowForClickHouse, in: directory)
            let program = try Self.run(plan, cluster.address, in: directory)
            try await eventually("the statement", within: 30) { try await Self.isBusy(cluster) }
            cluster.kill()
            try await Self.expectFailure(program, ["the connection to ClickHouse at 127.0.0.1", "broke"], in: directory)
        }

        private static func isBusy(_ cluster: ClickHouseTestCluster) async throws -> Bool {
            try await cluster.run("SELECT count() FROM system.processes WHERE query LIKE 'CREATE TEMP%'") == "1"
        }

        @Test func `Ctrl-C ends the statement in the server, and the program`() async throws {
            let directory = try TemporaryDirectory()
            let server = try PostgresTestServer.shared.get()
            let address = try server.makeDatabase()
            let running =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE TEMP%' AND state = 'active' AND datname = current_database()"
            let onPostgres = try Self.run(Self.slowPlan(Self.slowForPostgres, in: directory), address, in: directory)
            try await eventually("the statement in PostgreSQL", within: 30) { try server.run(running, in: address) == "1" }
            onPostgres.signal(SIGINT)
            #expect(try await onPostgres.end(within: 10) == .exited(130), "\(onPostgres.errors)")
            try await eventually("the end of the statement in PostgreSQL", within: 10) { try server.run(running, in: address) == "0" }

            let cluster = try await ClickHouseTestCluster.shared.value
            let onClickHouse = try Self.run(Self.slowPlan(Self.slowForClickHouse, in: directory), cluster.address, in: directory)
            try await eventually("the statement in ClickHouse", within: 30) { try await Self.isBusy(cluster) }
            onClickHouse.signal(SIGINT)
            #expect(try await onClickHouse.end(within: 10) == .exited(130), "\(onClickHouse.errors)")
            try await eventually("the end of the statement in ClickHouse", within: 20) { try await !Self.isBusy(cluster) }

            let onDuckDB = try Self.run(Self.slowPlan(Self.slowForDuckDB, in: directory), "duckdb:", in: directory)
            try await eventually("DuckDB at work", within: 30) { onDuckDB.processorSeconds > 0.5 }
            onDuckDB.signal(SIGINT)
            #expect(try await onDuckDB.end(within: 10) == .exited(130), "\(onDuckDB.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["slow.yaml"])
        }

        @Test(.enabled(if: Machine.canMount)) func `a disk too small for what does not fit into memory is said`() async throws {
            let disk = try SmallDisk(kilobytes: 1024)
            let directory = try TemporaryDirectory()
            let plan = try Self.slowPlan(
                "SELECT md5(i::VARCHAR) AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(2000000) AS r(i)", in: directory)
            let limits = ["--memory-limit", "60MB", "--temp-directory", disk.path + "/spill"]
            let program = try Program([GossetProcess.path, "analyze", plan, "--report", directory.path + "/report.html"] + limits)
            try await Self.expectFailure(program, ["memory or disk ran out", "--memory-limit", "--temp-directory"], in: directory)
            // With room on the disk the same memory is enough.
            let roomy = ["--memory-limit", "60MB", "--temp-directory", directory.path + "/spill"]
            let enough = try await GossetProcess.run(["analyze", plan] + roomy)
            #expect(enough.ending == .exited(0) && enough.output.contains("1,000,000"), "\(enough.errors)")
        }

        @Test func `a file that is added counts as if the plan named it`() async throws {
            let directory = try TemporaryDirectory()
            let folder = directory.path + "/elearning"
            try FileManager.default.copyItem(atPath: Self.examples + "/elearning", toPath: folder)
            let yaml = try String(contentsOfFile: folder + "/payment-page.yaml", encoding: .utf8)
            let early = yaml.replacing("files: [users.csv, groups_add.csv]", with: "files: [users.csv]")
            #expect(early != yaml)
            try Data(early.utf8).write(to: URL(filePath: folder + "/early.yaml"))
            let whole = try await GossetProcess.run(["analyze", folder + "/payment-page.yaml"])
            let added = try await GossetProcess.run(["analyze", folder + "/early.yaml", "--add", "groups=\(folder)/groups_add.csv"])
            #expect(added.ending == .exited(0) && added.output == whole.output, "\(added.errors)")
            let without = try await GossetProcess.run(["analyze", folder + "/early.yaml"])
            #expect(without.ending == .exited(0) && without.output != whole.output)
        }

        @Test func `a driver that is not there says how to get it`() async throws {
            for (warehouse, variable) in [
                ("duckdb:", "GOSSET_DUCKDB"), ("postgres://gosset@127.0.0.1:1/x", "GOSSET_ADBC_POSTGRESQL"), ("chdb:", "GOSSET_CHDB"),
            ] {
                let result = try await GossetProcess.run(
                    ["analyze", Self.examples + "/arppu/visitors.yaml", "--warehouse", warehouse],
                    environment: [variable: "/nowhere/lib.so"])
                #expect(result.ending == .exited(1) && result.errors.isOneLine, "\(result.errors)")
                #expect(result.errors.contains("scripts/bootstrap") && result.errors.contains(variable), "\(result.errors)")
            }
            let nobody = try await GossetProcess.run(
                ["analyze", Self.examples + "/arppu/visitors.yaml", "--warehouse", "postgres://gosset@127.0.0.1:1/x"],
                environment: TestWarehouses.environment)
            #expect(
                nobody.ending == .exited(1) && nobody.errors.contains("cannot connect to postgres://gosset@127.0.0.1:1/x"),
                "\(nobody.errors)")
        }
    }
}

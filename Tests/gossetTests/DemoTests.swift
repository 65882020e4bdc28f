import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The demonstration: a whole experiment from the first device to the verdict and its message.
    @Suite struct DemoTests {
        @Test func `An experiment runs by itself to its verdict and message, and is there again after a restart`() async throws {
            let folder = try TemporaryDirectory()
            let data = folder.path + "/demo"
            let first = try await demonstrate(data)
            #expect(first.ending == .exited(0), "\(first.errors)")
            #expect(first.output.contains("none yet; 30,000 come within 8 s"), "\(first.output)")
            #expect(first.output.contains("MESSAGE  cinema_cashback: ship 'bank_pays_99'"), "\(first.output)")
            #expect(first.output.contains("From the first visitor to the verdict and its message: "))

            let second = try await demonstrate(data)
            #expect(second.ending == .exited(0), "\(second.errors)")
            #expect(second.output.contains("30,000 are stored; no more will come"), "\(second.output)")
            #expect(second.output.contains("From what was stored: the verdict is ship 'bank_pays_99', as it was."), "\(second.output)")
            let figures = /subscriptions \+\d+ %, by [.\d]+ to [.\d]+ percentage points at any time/
            #expect(second.output.contains(figures), "\(second.output)")
            #expect(second.output.contains("Ship bank_pays_99"), "\(second.output)")
            // Another experiment may have its verdict only now; what was told is not told again.
            let (told, since) = (messages(first.output), messages(second.output))
            #expect(!told.isEmpty && told.isDisjoint(with: since), "\(told), \(since)")
        }

        @Test func `The token of the environment signs in to it, and is not shown`() async throws {
            let folder = try TemporaryDirectory()
            let token = "gosset_a-token-that-somebody-chose"
            let arguments = ["demo", "--data", folder.path + "/demo", "--port", "0", "--visitors", "10", "--seconds", "1"]
            let program = try Program([GossetProcess.path] + arguments, environment: ["GOSSET_ADMIN_TOKEN": token])
            let output = try await eventually("the demonstration", within: 60) {
                program.output.contains("visitors  ") ? program.output : nil
            }
            #expect(output.contains("/experiments with your token, that of GOSSET_ADMIN_TOKEN") && !output.contains(token), "\(output)")
            let port = try #require(output.firstMatch(of: #/sign in +http://127.0.0.1:(\d+)/#).flatMap { Int($0.1) })
            let asked = TestRequest("GET", "/api/v1/admin/experiments", headers: [("Authorization", "Bearer \(token)")])
            #expect(try await LiveClient(port: port).send(asked).status == 200)
            program.signal(SIGTERM)
            #expect(try await program.end(within: 30) == .exited(0), "\(program.errors)")
            let (ending, _, errors) = try await GossetProcess.run(
                ["demo", "--data", folder.path + "/other"], environment: ["GOSSET_ADMIN_TOKEN": "short"])
            #expect(ending == .exited(2) && errors.contains("GOSSET_ADMIN_TOKEN"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/other"))
        }

        @Test func `A directory with something else in it is left alone`() async throws {
            let folder = try TemporaryDirectory()
            try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/registry.db"))
            let (ending, _, errors) = try await GossetProcess.run(["demo", "--data", folder.path])
            #expect(ending == .exited(2))
            #expect(errors.contains("is there and is no demonstration's"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["registry.db"])
        }

        @Test func `Without the library of DuckDB it says what is missing and what to do, and lets nobody come`() async throws {
            let folder = try TemporaryDirectory()
            let program = try Program(
                [GossetProcess.path, "demo", "--port", "0", "--data", folder.path + "/demo"],
                environment: ["GOSSET_DUCKDB": folder.path + "/nowhere.so"])
            #expect(try await program.end(within: 20) == .exited(1))
            #expect(program.errors.contains("DuckDB") && program.errors.contains("nowhere.so"), "\(program.errors)")
            #expect(program.errors.contains("scripts/bootstrap") && program.errors.contains("GOSSET_DUCKDB"), "\(program.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/demo"))
        }

        private func messages(_ output: String) -> Set<Substring> {
            Set(output.split(separator: "\n").filter { $0.contains("  MESSAGE  ") })
        }

        private func demonstrate(_ data: String) async throws -> (ending: Ending, output: String, errors: String) {
            // The number of visitors at which the offer's effect is clear beyond doubt.
            let arguments = ["--data", data, "--port", "0", "--visitors", "30000", "--seconds", "8", "--until-verdict"]
            let program = try Program([GossetProcess.path, "demo"] + arguments, environment: [:])
            let ending = try await program.end(within: 120)
            return (ending, program.output, program.errors)
        }
    }
}

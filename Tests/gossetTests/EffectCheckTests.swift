import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

extension Processes {
    // A shop is invented, served and asked about, by the program itself.
    @Suite struct EffectCheckTests {
        private let directory: TemporaryDirectory

        init() async throws {
            directory = try TemporaryDirectory()
            let flags = ["--users", "6000", "--tests", "40", "--group-size", "60-120", "--lift", "0.3", "--kinds", "price", "--seed", "4"]
            let made = try await GossetProcess.run(["simulate", "shop", "--out", directory.path + "/shop"] + flags)
            #expect(made.ending == .exited(0), "\(made.errors)")
            #expect(made.output.contains("6,000 customers") && made.output.contains("40 tests"))
        }

        private var users: String { directory.path + "/shop/df_users.csv" }
        private var sales: String { directory.path + "/shop/df_sales.csv" }
        private var tests: String { directory.path + "/shop/tests.jsonl" }

        private func ready(_ gosset: GossetProcess) async throws {
            _ = try await eventually("the shop to be loaded") {
                let response = try await gosset.client.get("/ping")
                if response.status == 200 { return response }
                #expect(response.status == 503)
                let loading = try JSON(parsing: response.text)
                #expect(loading["status"].string == "loading" && loading["progress"].number.map { (0...1).contains($0) } == true)
                return nil
            }
        }

        @Test func `a server that the environment tells of a shop scores well on its tests`() async throws {
            let environment = ["PATH_DF_USERS": users, "PATH_DF_SALES": sales]
            let gosset = try await GossetProcess(data: directory.path + "/data", environment: environment)
            try await ready(gosset)
            let played = try await GossetProcess.run(
                ["simulate", "score", "--tests", tests, "--url", "http://127.0.0.1:\(gosset.port)"])
            #expect(played.ending == .exited(0), "\(played.errors)")
            let score = try #require(played.output.firstMatch(of: #/score (\d+) \(of 40 tests\)/#).flatMap { Int($0.1) })
            #expect(score >= 8, "\(played.output)")
            #expect(gosset.log.contains("the shop is loaded"))
            try await gosset.stop()
        }

        @Test func `a thousand checks at once are all answered, and alike`() async throws {
            let gosset = try await GossetProcess(
                data: directory.path + "/data", ["--shop-users", users, "--shop-sales", sales, "--decision", "significance"])
            try await ready(gosset)
            let line = try #require(directory.text(of: "shop/tests.jsonl").split(separator: "\n").first)
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        let response = try await gosset.client.post("/check_test", json: String(line))
                        return response.status == 200 ? response.text : "\(response.status)"
                    }
                }
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(answers == [#"{"has_effect":1}"#: 1000], "\(answers)")
            try await gosset.stop()
        }

        @Test func `a missing or malformed file is named with its line, and the server stays up`() async throws {
            let bad = directory.path + "/bad.csv"
            try Data("user_id,day,sales\n1,2,3\n1,two,3\n".utf8).write(to: URL(fileURLWithPath: bad))
            let pipe = directory.path + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            for (file, reason) in [
                ("/nowhere/sales.csv", "/nowhere/sales.csv: No such file"), (bad, bad + ", line 3: a number was expected"),
                (pipe, pipe + ": it is not a regular file"),
            ] {
                let gosset = try await GossetProcess(
                    data: directory.path + "/data", ["--shop-users", users, "--shop-sales", file])
                let detail = try await eventually("the shop to have failed") {
                    let detail = try JSON(parsing: try await gosset.client.get("/ping").text)["detail"].string
                    return detail
                }
                #expect(detail.contains(reason), "\(detail)")
                let check = try await gosset.client.post("/check_test", json: "{}")
                #expect(check.status == 503 && check.text.contains("could not be loaded"))
                #expect(try await gosset.client.get("/healthz").status == 200)
                try await gosset.stop()
            }
        }

        @Test func `while a large shop is loaded its progress is told, and everything else is answered`() async throws {
            // The same sales many times over: more than a gigabyte is not read before the first request.
            let large = directory.path + "/large.csv"
            let rows = try Data(contentsOf: URL(fileURLWithPath: sales))
            let head = (rows.firstIndex(of: 0x0A) ?? 0) + 1
            try rows[..<head].write(to: URL(fileURLWithPath: large))
            let file = try #require(FileHandle(forWritingAtPath: large))
            try file.seekToEnd()
            for _ in 0..<(1_200_000_000 / rows.count) { try file.write(contentsOf: rows[head...]) }
            try file.close()
            let gosset = try await GossetProcess(data: directory.path + "/data", ["--shop-users", users, "--shop-sales", large])
            var progress: [Double] = []
            _ = try await eventually("the shop to be loaded", within: 120) {
                let ping = try await gosset.client.get("/ping")
                if ping.status == 200 { return ping.text == #"{"status":"ok"}"# ? true : nil }
                #expect(ping.status == 503 && ping.headers["Retry-After"] == "1", "\(ping.text)")
                let loading = try JSON(parsing: ping.text)
                #expect(loading["status"].string == "loading")
                progress.append(try #require(loading["progress"].number))
                let device = TestRequest("GET", "/api/v1/experiments", headers: [("Device-Token", "while-loading-\(progress.count)")])
                #expect(try await gosset.client.send(device).status == 200)
                #expect(try await gosset.client.get("/healthz").status == 200)
                let check = try await gosset.client.post("/check_test", json: "{}")
                // It may have become ready meanwhile; then the body is what is wrong.
                #expect(check.status == 503 && check.text.contains("being loaded") || check.status == 400, "\(check.text)")
                return nil
            }
            #expect(!progress.isEmpty && progress == progress.sorted() && progress.allSatisfy { (0...1).contains($0) }, "\(progress)")
            try await gosset.stop()
        }

        @Test func `a body above the limit is 413, one below it is read though it is large`() async throws {
            let gosset = try await GossetProcess(
                data: directory.path + "/data", ["--shop-users", users, "--shop-sales", sales, "--max-body", "2000000"])
            try await ready(gosset)
            let ids = { (count: Int) in "[" + (0..<count).map { String(1_000_000 + $0) }.joined(separator: ",") + "]" }
            let body = { (count: Int) in "{\"group_a_one\":\(ids(count)),\"group_a_two\":[7],\"group_b\":[8]}" }
            #expect(try await gosset.client.post("/check_test", json: body(200_000)).status == 200)
            #expect(try await gosset.client.post("/check_test", json: body(300_000)).status == 413)
            try await gosset.stop()
        }

        @Test func `many tests are answered from the command line`() async throws {
            let arguments = ["check", "--shop-users", users, "--shop-sales", sales, "--tests", tests]
            let table = try await GossetProcess.run(arguments)
            #expect(table.ending == .exited(0), "\(table.errors)")
            #expect(table.output.contains("score") && table.output.split(separator: "\n").count == 43)
            let json = try await GossetProcess.run(arguments + ["--json"])
            let findings = try json.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
            #expect(findings.count == 40 && findings.allSatisfy { $0["belief"]["tests"].number == 40 })
        }

        @Test(arguments: [
            (["check", "--tests", "x"], Int32(2), "--shop-users and --shop-sales are needed"),
            (["check", "--shop-users", "u", "--tests", "x"], 2, "--shop-sales is needed"),
            (["check", "--shop-users", "u", "--shop-sales", "s", "--tests", "/nowhere/t"], 1, "/nowhere/t: No such file"),
            (
                ["check", "--shop-users", "u", "--shop-sales", "s", "--tests", "t", "--shop-pilot", "7-13"], 2,
                "before the pilot there must be 4"
            ),
            (["check", "--shop-users", "u", "--shop-sales", "s", "--tests", "t", "--shop-columns", "a,b"], 2, "needs five names"),
            (["serve", "--shop-users", "u"], 2, "--shop-sales is needed"),
            (["simulate", "shop"], 2, "--out is needed"),
            (["simulate", "shop", "--out", "x", "--kinds", "magic"], 2, "there is no kind 'magic'"),
            (["simulate", "score", "--tests", "x", "--url", "ftp://x"], 1, "x: No such file"),
        ]) func `a wrong call is told in one line`(_ arguments: [String], status: Int32, message: String) async throws {
            let result = try await GossetProcess.run(arguments)
            #expect(result.ending == .exited(status), "\(result.errors)")
            #expect(result.errors.contains(message) && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
    }
}

import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import StandIns
import Testing

extension Processes {
    // A shop's customers are invented, served and asked about, and management is told, by the program itself.
    @Suite struct SpendingTests {
        private let directory: TemporaryDirectory
        private var shop: String { directory.path + "/shop.db" }

        init() async throws {
            directory = try TemporaryDirectory()
            let made = try await GossetProcess.run(["simulate", "customers", directory.path + "/shop.db", "--customers", "400"])
            #expect(made.ending == .exited(0), "\(made.errors)")
            #expect(made.output.contains("shop.db: 400 customers, 12000 payments, 2023 to 2025"))
        }

        private func send(
            _ gosset: GossetProcess, _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
        ) async throws -> TestResponse {
            try await gosset.client.send(TestRequest(method, target, headers: headers, body: body))
        }

        private func json(_ text: String) throws -> JSON { try JSON(parsing: text) }

        @Test func `invented customers are the same for the same seed, and nothing is written over`() async throws {
            let again = directory.path + "/again.db"
            let twin = try await GossetProcess.run(["simulate", "customers", again, "--customers", "400"])
            #expect(twin.ending == .exited(0))
            #expect(FileManager.default.contents(atPath: again) == FileManager.default.contents(atPath: shop))
            let refused = try await GossetProcess.run(["simulate", "customers", shop])
            #expect(refused.ending == .exited(1) && refused.errors.contains("shop.db: File exists"), "\(refused.errors)")
            let wrong = try await GossetProcess.run(
                ["simulate", "customers", directory.path + "/x.db", "--first-year", "2025", "--last-year", "2024"])
            #expect(wrong.ending == .exited(2) && wrong.errors.contains("--first-year must not be after --last-year"))
        }

        @Test func `totals, averages and bonuses are answered, outlive the process, and every refusal has its status`() async throws {
            let data = directory.path + "/data"
            var gosset = try await GossetProcess(data: data, ["--spending", shop])
            let token = [("Authorization", "Bearer \(gosset.adminToken)")]
            let bonuses = try await send(gosset, "POST", "/api/v1/bonuses/run?year=2024&over=2000", headers: token)
            #expect(bonuses.status == 200, "\(bonuses.text)")
            let count = try #require(try json(bonuses.text)["created"].number)
            #expect(count > 0)
            let list = try json(try await send(gosset, "GET", "/api/v1/bonuses?year=2024", headers: token).text)
            #expect(
                Double(list["bonuses"].elements.count) == count && list["bonuses"].elements.allSatisfy { $0["state"].string == "delivered" }
            )
            let first = try #require(list["bonuses"].elements.first)
            let (id, sum) = (Int(try #require(first["user_id"].number)), try #require(first["total_spending"].number))
            let total = try await send(gosset, "GET", "/total_spent/\(id)?year=2024", headers: token)
            #expect(total.status == 200)
            #expect(try json(total.text)["total_spending"].number == sum)
            let body = Array(#"{"user_id":\#(id),"total_spending":\#(sum),"year":2024}"#.utf8)
            let write = token + [("Content-Type", "application/json")]
            let known = try await send(gosset, "POST", "/write_to_mongodb", headers: write, body: body)
            #expect(known.status == 200, "\(known.text)")
            #expect(try json(known.text)["records"]["matches"].boolean == true)
            for (method, path, headers, body, status) in [
                ("GET", "/total_spent/\(id)", [], [], 401), ("GET", "/total_spent/0", token, [], 404),
                ("GET", "/total_spent/x", token, [], 400),
                ("GET", "/average_spending_by_age", [], [], 401), ("GET", "/average_spending_by_age?notify=2", token, [], 400),
                ("POST", "/write_to_mongodb", write, Array("{".utf8), 400),
                ("POST", "/write_to_mongodb", token + [("Content-Type", "text/plain")], body, 415),
                ("POST", "/write_to_mongodb", write, [UInt8](repeating: 0x20, count: 2 << 20), 413),
                ("POST", "/write_to_mongodb", write, Array(#"{"user_id":\#(id),"total_spending":1000}"#.utf8), 422),
                ("POST", "/write_to_mongodb", write, Array(#"{"user_id":0,"total_spending":2000}"#.utf8), 404),
                ("GET", "/api/v1/bonuses?limit=0", token, [], 400), ("POST", "/api/v1/bonuses/run?over=1", token, [], 422),
            ] as [(String, String, [(String, String)], [UInt8], Int)] {
                let answer = try await send(gosset, method, path, headers: headers, body: body)
                #expect(answer.status == status, "\(method) \(path): \(answer.text)")
            }
            #expect(!gosset.log.contains("@example"), "no customer is in the log")
            let admin = gosset.adminToken
            try await gosset.stop()

            gosset = try await GossetProcess(data: data, ["--spending", shop, "--strict-bonuses", "--public-averages"])
            let after = try json(
                try await send(gosset, "GET", "/api/v1/bonuses?year=2024", headers: [("Authorization", "Bearer \(admin)")]).text)
            #expect(Double(after["bonuses"].elements.count) == count)
            #expect(try await gosset.client.get("/average_spending_by_age").status == 200)
            let other = Array(#"{"user_id":\#(id),"total_spending":999999,"year":2024}"#.utf8)
            #expect(try await send(gosset, "POST", "/write_to_mongodb", headers: write, body: other).status == 409)
            try await gosset.stop()
        }

        @Test func `what is wrong with the shop's file is said at the start`() async throws {
            let missing = try await GossetProcess.run([
                "serve", "--port", "0", "--data", directory.path + "/d", "--spending", "/nowhere/shop.db",
            ])
            #expect(missing.ending == .exited(1) && missing.errors.contains("/nowhere/shop.db"), "\(missing.errors)")
            let wrong = try await GossetProcess.run(
                ["serve", "--port", "0", "--data", directory.path + "/d", "--spending", directory.path + "/d/none.db"])
            #expect(wrong.ending == .exited(1))
            let flag = try await GossetProcess.run(["serve", "--port", "0", "--data", directory.path + "/d", "--strict-bonuses"])
            #expect(flag.ending == .exited(2) && flag.errors.contains("--strict-bonuses needs --spending FILE"), "\(flag.errors)")
            let webhook = try await GossetProcess.run(
                ["serve", "--port", "0", "--registry", "postgres://nobody@127.0.0.1/none", "--webhook", "http://127.0.0.1/hook"],
                environment: ["GOSSET_WEBHOOK_SECRET": "sixteen-characters"])
            #expect(webhook.ending == .exited(2) && webhook.errors.contains("--webhook needs --data DIR"), "\(webhook.errors)")
        }

        @Test func `a test message reaches every chat, and who was not reached is told`() async throws {
            let bot = BotStandIn()
            let server = try Server.start(bot.router, logger: .silent)
            defer { Task { await server.stop(grace: .seconds(1)) } }
            let url = "http://127.0.0.1:\(server.port)"
            let environment = ["GOSSET_TELEGRAM_TOKEN": BotStandIn.token]
            let sent = try await GossetProcess.run(
                ["notify", "test", "--telegram-chats=-1001234,@management", "--telegram-url", url], environment: environment)
            #expect(sent.ending == .exited(0), "\(sent.errors)")
            #expect(sent.output == "telegram:-1001234: delivered\ntelegram:@management: delivered\n")
            #expect(bot.received.map(\.chat) == ["-1001234", "@management"] && bot.complaints == [])
            bot.cause(.status(403, "Forbidden: bot was blocked by the user"))
            let refused = try await GossetProcess.run(
                ["notify", "test", "--telegram-chats=42", "--telegram-url", url], environment: environment)
            #expect(refused.ending == .exited(1) && refused.errors.contains("telegram:42: "), "\(refused.errors)")
            #expect(!(sent.output + sent.errors + refused.errors).contains(BotStandIn.token))
            // A message without its chart arrives, but is not what was wanted.
            let chartless = try await GossetProcess.run(
                ["notify", "test", "--telegram-chats=42", "--telegram-url", url, "--chart-python", "/nowhere/python3"],
                environment: environment)
            #expect(chartless.ending == .exited(1) && chartless.output == "telegram:42: delivered\n")
            #expect(
                chartless.errors == "--chart-python: /nowhere/python3 cannot be run; messages go without charts\n", "\(chartless.errors)")
            let drawn = try await GossetProcess.run(
                ["notify", "test", "--telegram-chats=42", "--telegram-url", url, "--chart-python", MongoStandIn.python],
                environment: environment)
            #expect(drawn.ending == .exited(0) && drawn.errors == "", "\(drawn.errors)")
            #expect(bot.received.last?.method == "sendPhoto" && bot.complaints == [])
            let nobody = try await GossetProcess.run(["notify", "test"], environment: environment)
            #expect(nobody.ending == .exited(2) && nobody.errors.contains("Give --telegram-chats or --webhook"))
            let tokenless = try await GossetProcess.run(["notify", "test", "--telegram-chats=42"])
            #expect(tokenless.ending == .exited(2) && tokenless.errors.contains("GOSSET_TELEGRAM_TOKEN"))
        }

        @Test func `management is told of averages once for each change, also across a kill`() async throws {
            let bot = BotStandIn()
            let server = try Server.start(bot.router, logger: .silent)
            defer { Task { await server.stop(grace: .seconds(1)) } }
            let flags = [
                "--spending", shop, "--public-averages", "--telegram-chats", "42", "--telegram-url", "http://127.0.0.1:\(server.port)",
            ]
            let environment = ["GOSSET_TELEGRAM_TOKEN": BotStandIn.token]
            bot.cause(.status(502, "Bad Gateway"))
            let data = directory.path + "/data"
            var gosset = try await GossetProcess(data: data, flags, environment: environment)
            for _ in 0..<3 { #expect(try await gosset.client.get("/average_spending_by_age").status == 200) }
            try await eventually("the first try") { bot.requests >= 1 }
            // It waits in the outbox, and the next process sends it.
            try await gosset.kill()
            gosset = try await GossetProcess(data: data, flags, environment: environment)
            try await eventually("the message") { bot.received.count == 1 }
            #expect(try await gosset.client.get("/average_spending_by_age").status == 200)
            let token = [("Authorization", "Bearer \(gosset.adminToken)")]
            #expect(try await send(gosset, "GET", "/average_spending_by_age?notify=1", headers: token).status == 401, "a token of before")
            try await gosset.stop()
            #expect(bot.received.count == 1 && bot.received[0].html.contains("18-24") && bot.complaints == [])
            #expect(!gosset.log.contains(BotStandIn.token))
        }
    }
}

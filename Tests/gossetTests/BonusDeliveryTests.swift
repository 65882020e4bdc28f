import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import StandIns
import Synchronization
import Testing

extension Processes {
    // The program itself, with MongoDB and a webhook at the other end of real sockets.
    @Suite struct BonusDeliveryTests {
        private let directory: TemporaryDirectory
        private var shop: String { directory.path + "/shop.db" }

        init() async throws {
            directory = try TemporaryDirectory()
            let made = try await GossetProcess.run(["simulate", "customers", directory.path + "/shop.db", "--customers", "200"])
            #expect(made.ending == .exited(0), "\(made.errors)")
        }

        private func body(_ user: Int, _ sum: String) -> String { #"{"user_id":\#(user),"total_spending":\#(sum),"year":2025}"# }

        // Customers of the shop with what they spent.
        private func customers(_ gosset: GossetProcess) async throws -> [(id: Int, sum: Double)] {
            var found: [(Int, Double)] = []
            for id in 1...200 where found.count < 3 {
                let answer = try await gosset.admin.get("/total_spent/\(id)?year=2025")
                guard answer.status == 200, let sum = try JSON(parsing: answer.text)["total_spending"].number, sum > 1000 else { continue }
                found.append((id, sum))
            }
            #expect(found.count == 3)
            return found
        }

        @Test func `MongoDB takes a bonus once, and what it does not take waits for it, across a kill`() async throws {
            let mongo = try MongoStandIn()
            let flags = ["--spending", shop, "--mongodb", mongo.uri("socketTimeoutMS=3000&serverSelectionTimeoutMS=3000")]
            let (data, admin) = (directory.path + "/data", "an-administrators-token-of-tests")
            var gosset = try await GossetProcess(data: data, flags, adminToken: admin)
            let people = try await customers(gosset)
            func write(_ index: Int) async throws -> (status: Int, body: JSON) {
                let answer = try await gosset.admin.send("POST", "/write_to_mongodb", json: body(people[index].id, "\(people[index].sum)"))
                return (answer.status, try JSON(parsing: answer.text))
            }
            let first = try await write(0)
            #expect(first.status == 201)
            #expect(first.body["store"].string == "mongodb" && first.body["records"]["matches"].boolean == true)
            #expect(try await write(0).status == 200)
            #expect(try JSON(parsing: mongo.tell("documents")).elements.count == 1)

            // It breaks the connection before it writes, answers never, and refuses: each time the bonus waits.
            for (mode, place) in [("die before", 1), ("refuse", 2)] {
                try mongo.tell(mode)
                let lost = try await write(place)
                #expect(lost.status == 503 && lost.body["queued"].boolean == true, "\(mode)")
                #expect(lost.body["reason"].string?.isEmpty == false && lost.body["store"].string == "mongodb", "\(mode)")
            }
            try await gosset.kill()
            try mongo.tell("serve")
            gosset = try await GossetProcess(data: data, flags, adminToken: admin)
            // That none waits is written down after the store has it.
            let list = try await eventually("the bonuses that waited") {
                let list = try JSON(parsing: try await gosset.admin.get("/api/v1/bonuses?year=2025").text)
                return list["waiting"].number == 0 ? list : nil
            }
            #expect(try JSON(parsing: mongo.tell("documents")).elements.count == 3)
            #expect(list["bonuses"].elements.allSatisfy { $0["state"].string == "delivered" })
            // The list itself is 503 when nobody answers, and the rest of the server goes on.
            mongo.stop()
            #expect(try await gosset.admin.get("/api/v1/bonuses?year=2025").status == 503)
            #expect(try await gosset.admin.get("/total_spent/\(people[0].id)").status == 200)
            #expect(try await gosset.client.get("/healthz").status == 200)
            try await gosset.stop()
        }

        @Test func `a token of too few rights is 403, and one of none 401`() async throws {
            let gosset = try await GossetProcess(data: directory.path + "/data", ["--spending", shop])
            let made = try await gosset.admin.send("POST", "/api/v1/admin/tokens", json: #"{"name":"reader","role":"viewer"}"#)
            #expect(made.status == 201, "\(made.text)")
            let reader = Operator(client: gosset.client, token: try #require(JSON(parsing: made.text)["token"].string))
            let people = try await customers(gosset)
            #expect(try await reader.get("/total_spent/\(people[0].id)").status == 200)
            #expect(try await reader.get("/api/v1/bonuses").status == 200)
            #expect(try await reader.get("/average_spending_by_age").status == 200)
            for (method, path) in [
                ("POST", "/write_to_mongodb"), ("POST", "/api/v1/bonuses/run"), ("GET", "/average_spending_by_age?notify=1"),
            ] {
                let json = method == "POST" ? body(people[0].id, "\(people[0].sum)") : ""
                #expect(try await reader.send(method, path, json: json).status == 403, "\(path)")
            }
            let nobody = Operator(client: gosset.client, token: "gosset_nobody")
            for path in ["/total_spent/1", "/api/v1/bonuses", "/average_spending_by_age"] {
                #expect(try await nobody.get(path).status == 401, "\(path)")
            }
            try await gosset.stop()
        }

        @Test func `a webhook that fails at first is told once, signed, under the same event`() async throws {
            let hook = Hook()
            let server = try Server.start(hook.router, logger: .silent)
            defer { Task { await server.stop(grace: .seconds(1)) } }
            let secret = "a secret of the hook's own"
            let url = "http://127.0.0.1:\(server.port)/hook"
            let environment = ["GOSSET_WEBHOOK_SECRET": secret]
            let gosset = try await GossetProcess(
                data: directory.path + "/data", ["--spending", shop, "--public-averages", "--webhook", url], environment: environment)
            for _ in 0..<3 { #expect(try await gosset.client.get("/average_spending_by_age").status == 200) }
            try await eventually("the second try", within: 30) { hook.calls.count == 2 }
            let calls = hook.calls
            #expect(calls[0].event == calls[1].event && !calls[0].event.isEmpty && calls[0].body == calls[1].body)
            #expect(try JSON(parsing: calls[1].body)["table"].members.isEmpty == false)
            // As a receiver checks it, by other code than ours.
            let parts = try #require(calls[1].signature.wholeMatch(of: #/t=(\d+),v1=([0-9a-f]{64})/#))
            let check = try Program([
                "/usr/bin/python3", "-c",
                "import hashlib, hmac, sys; print(hmac.new(sys.argv[1].encode(), (sys.argv[2] + '.' + sys.argv[3]).encode(), hashlib.sha256).hexdigest())",
                secret, String(parts.1), calls[1].body,
            ])
            _ = try await check.end(within: 20)
            #expect(check.output.trimmingCharacters(in: .whitespacesAndNewlines) == String(parts.2))
            #expect(!gosset.log.contains(secret))
            try await gosset.stop()
            let tested = try await GossetProcess.run(["notify", "test", "--webhook", url], environment: environment)
            #expect(tested.ending == .exited(0) && hook.calls.count == 3, "\(tested.errors)")
        }

        // Refuses the first call, and takes all others.
        private final class Hook: Sendable {
            struct Call: Sendable {
                let event, signature, body: String
            }

            private let state = Mutex<[Call]>([])
            var calls: [Call] { state.withLock { $0 } }

            var router: Router {
                var router = Router()
                router.post("/hook") { request in
                    let call = Call(
                        event: try request.header("Gosset-Event") ?? "", signature: try request.header("Gosset-Signature") ?? "",
                        body: String(decoding: request.body, as: UTF8.self))
                    let count = self.state.withLock { calls in
                        calls.append(call)
                        return calls.count
                    }
                    return Response(Status(count == 1 ? 500 : 204), body: [])
                }
                return router
            }
        }
    }
}

import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import SeededRandom
import StandIns
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

extension Processes {
    // Events on the program itself: what was answered is durable, whatever happens to the process or its disk.
    @Suite struct EventsTests {
        private static let token = "an-operator-of-this-test"
        // Nobody listens there.
        private static let away = ["--warehouse", "postgres://gosset@127.0.0.1:1/none"]

        @Test func `Crashes lose nothing that was acknowledged and double nothing`() async throws {
            let data = try TemporaryDirectory()
            let acknowledged = Names()
            let (rounds, threads, batch) = (20, 6, 10)
            var generator = SeededGenerator(seed: .random(in: .min ... .max))
            for round in 0..<rounds {
                let gosset = try await GossetProcess(data: data.path, adminToken: EventsTests.token)
                let answered = Counter()
                let last = Int.random(in: 1...300, using: &generator)
                let delay = UInt32.random(in: 0...3000, using: &generator)
                _ = try await onThreads(threads) { thread in
                    guard let connection = try? gosset.connect() else { return }
                    for number in 0... {
                        let names = (0..<batch).map { "\(round)-\(thread)-\(number)-\($0)" }
                        // Every batch is sent twice, as a client does that did not hear the first answer.
                        for _ in 0..<2 {
                            guard let response = try? connection.send(.events(names)) else { return }
                            guard response.status == 202 else { throw UnexpectedAnswer(response) }
                            acknowledged.insert(names)
                        }
                        if answered.next() == last {
                            usleep(delay)
                            gosset.program.signal(SIGKILL)
                        }
                    }
                }
                #expect(try await gosset.program.end() == .killed(signal: SIGKILL))
            }
            let gosset = try await GossetProcess(data: data.path, adminToken: EventsTests.token)
            try await eventually("everything to be delivered", within: 60) { try await gosset.events()["spool"]["bytes"].number == 0 }
            let status = try await gosset.events()
            try await gosset.stop()

            let warehouse = try await TestWarehouses.connect("duckdb:\(data.path)/warehouse.duckdb")
            let found = try await warehouse.query("SELECT id AS i, count(*) AS n FROM gosset_events GROUP BY id")
            let stored = Set(try found.texts("i").map { $0 ?? "" })
            #expect(try found.counts("n").allSatisfy { $0 == 1 }, "an event is there once")
            #expect(acknowledged.all.isSubset(of: stored), "\(acknowledged.all.subtracting(stored).count) are lost")
            #expect(acknowledged.all.count > rounds * batch * 20, "there was too little load for this to mean anything")
            // What was stored and not acknowledged was under way when the process ended: a batch a thread and round at most.
            #expect(stored.count - acknowledged.all.count <= rounds * threads * batch)
            let counts = ["delivered", "duplicates", "received"].map { Int(status[$0].number ?? -1) }
            // What the warehouse took before a crash and the spool did not hear of counts as told twice.
            #expect(counts[0] <= stored.count && counts[0] + counts[1] == counts[2])
        }

        @Test(.enabled(if: Machine.canMount)) func `A full disk refuses, and recovers without a restart`() async throws {
            let disk = try SmallDisk(kilobytes: 4096)
            var gosset = try await GossetProcess(data: disk.path + "/data", EventsTests.away, adminToken: EventsTests.token)
            let acknowledged = Names()
            func send(_ number: Int) async throws -> TestResponse {
                let names = (0..<100).map { "\(number)-\($0)" }
                let response = try await gosset.client.send(.events(names))
                if response.status == 202 { acknowledged.insert(names) }
                return response
            }
            #expect(try await send(0).status == 202)
            try disk.fill()
            var number = 1
            var refused = 0
            try await eventually("a disk that stays full", within: 60, every: .milliseconds(20)) {
                let response = try await send(number)
                number += 1
                let isFull = try disk.fill() == 0
                refused = response.status == 503 && isFull ? refused + 1 : 0
                if response.status == 503 {
                    #expect(response.text.contains("The events cannot be written") && response.headers["Retry-After"] == "1")
                    #expect(
                        !response.text.contains("events.db") && !response.text.contains(disk.path), "where it lies is nobody's business")
                }
                return refused == 15
            }
            #expect(try await gosset.client.get("/healthz").status == 200)
            try disk.empty()
            try await eventually("recovery", within: 30) {
                number += 1
                return try await send(number).status == 202
            }
            #expect(gosset.log.contains("events can be written again") && gosset.log.contains("events.db"))
            try await gosset.kill()
            gosset = try await GossetProcess(data: disk.path + "/data", EventsTests.away, adminToken: EventsTests.token)
            let received = try #require(try await gosset.events()["received"].number)
            // A transaction may have become durable although nobody could be told.
            #expect(Int(received) >= acknowledged.all.count)
        }

        @Test func `A warehouse that is away lets the spool fill up to its limit`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(
                data: data.path, EventsTests.away + ["--events-spool", "1048576"], adminToken: EventsTests.token)
            var number = 0
            let refusal = try await eventually("the spool to be full") {
                number += 1
                let response = try await gosset.client.send(.events((0..<200).map { "\(number)-\($0)" }))
                return response.status == 202 ? nil : response
            }
            #expect(refusal.status == 503 && refusal.headers["Retry-After"] == "10")
            #expect(refusal.text.contains("wait for the warehouse"))
            let status = try await gosset.events()
            #expect(status["spool"]["bytes"].number.map { (500_000...1_048_576).contains($0) } == true)
            #expect(status["warehouse"]["failure"].string?.isEmpty == false)
            // Devices notice nothing.
            #expect(try await gosset.client.send(.device("a-device")).status == 200)
            try await gosset.stop()
        }

        @Test func `Results follow the data, and a verdict is written down once`() async throws {
            let data = try TemporaryDirectory()
            var gosset = try await GossetProcess(data: data.path, adminToken: EventsTests.token)
            let path = "/api/v1/admin/experiments/checkout/plan"
            func put(_ plan: String) async throws -> TestResponse {
                let headers = [("Authorization", "Bearer \(EventsTests.token)"), ("Content-Type", "application/yaml")]
                return try await gosset.client.send(TestRequest("PUT", path, headers: headers, body: Array(plan.utf8)))
            }
            func results() async throws -> JSON {
                try JSON(parsing: try await gosset.admin.get("/api/v1/experiments/checkout/results").text)
            }
            try await gosset.admin.create("checkout", [("old", 1), ("new", 1)])
            #expect(try await gosset.admin.get("/api/v1/experiments/checkout/results").status == 404)
            let wrong = try await put("facts:\n  purchase:\nmetrics:\n  revenue: {kind: maen, of: purchase}\n")
            #expect(wrong.status == 422 && wrong.text.contains("line 4, column 19"), "\(wrong.text)")
            let plan = "facts:\n  purchase: {value: value}\nmetrics:\n  revenue: {kind: mean, of: purchase}\n"
            #expect(try await put(plan).status == 204)
            #expect(try await gosset.admin.get(path).text == plan)
            try await gosset.admin.change("checkout", "start")
            try await eventually("results without data") { try await results()["failure"].string?.contains("no device") == true }

            // What devices do depends on what they were told: those with the new checkout buy for a third more.
            let devices = (0..<1000).map { "device-\($0)" }
            let told = try await gosset.assignments(of: devices, connections: 8)
            let new = zip(devices, told).filter { $0.1["checkout"] == "new" }.map(\.0)
            #expect(new.count == 500)
            let isNew = Set(new)
            let values = devices.enumerated().map { Double(20 + $0 * 7919 % 21) + (isNew.contains($1) ? 10 : 0) }
            let events = zip(devices, values).map { #"{"id":"p","unit":"\#($0)","fact":"purchase","value":\#($1)}"# }
            // Which devices have which variant is another matter each time, so it is what was sent that is held against.
            let sums = zip(devices, values).reduce(into: (new: 0.0, old: 0.0)) { sums, sent in
                if isNew.contains(sent.0) { sums.new += sent.1 } else { sums.old += sent.1 }
            }
            let difference = (sums.new - sums.old) / 500
            // An experiment of others is no concern of this one.
            let noise = #"{"id":"x","unit":"nobody","fact":"purchase","value":1000000}"#
            let request = TestRequest(
                "POST", "/api/v1/events", headers: [("Content-Type", "application/x-ndjson")],
                body: Array((events + [noise]).joined(separator: "\n").utf8))
            #expect(try await gosset.client.send(request).status == 202)
            let decided = try await eventually("the verdict", within: 30) { () -> JSON? in
                let results = try await results()
                // It may be there before the last units are.
                let units = results["fixedHorizon"]["units"]
                guard units["new"].number == 500, units["old"].number == 500 else { return nil }
                return results["verdict"]["decision"].string == "ship" ? results : nil
            }
            #expect(decided["verdict"]["variant"].string == "new")
            #expect(decided["failure"] == .null && decided["isOfThisPlan"] == .boolean(true))
            #expect(decided["balance"]["imbalance"] == .null && decided["balance"]["devices"].number == 1000)
            #expect(decided["fixedHorizon"]["units"]["new"].number == 500 && decided["fixedHorizon"]["units"]["old"].number == 500)
            let intervals = ["fixedHorizon", "alwaysValid"].compactMap { kind -> ClosedRange<Double>? in
                let interval = decided[kind]["metrics"][0]["comparisons"][0]["interval"]
                guard let low = interval["low"].number, let high = interval["high"].number else { return nil }
                return low...high
            }
            try #require(intervals.count == 2)
            for interval in intervals { #expect(abs((interval.lowerBound + interval.upperBound) / 2 - difference) < 1e-9) }
            #expect(intervals[1].lowerBound < intervals[0].lowerBound && intervals[1].upperBound > intervals[0].upperBound)

            // After a restart it is the same, and is not written down again.
            try await gosset.stop()
            gosset = try await GossetProcess(data: data.path, adminToken: EventsTests.token)
            try await eventually("the same verdict") { try await results()["verdict"]["decision"].string == "ship" }
            let log = try JSON(parsing: try await gosset.admin.get("/api/v1/admin/audit?subject=checkout").text)["entries"].elements
            #expect(log.filter { $0["action"].string == "verdict" }.count == 1)
            try await gosset.stop()
        }

        @Test func `A verdict is told once to a chat and to a webhook, though the server is killed in between`() async throws {
            let (data, bot, hook) = (try TemporaryDirectory(), BotStandIn(), Hook())
            var router = bot.router
            router.post("/hook") { request in hook.take(request.body) }
            let receiver = try Server.start(router, logger: .silent)
            defer { Task { await receiver.stop(grace: .seconds(1)) } }
            let url = "http://127.0.0.1:\(receiver.port)"
            let flags = ["--telegram-chats", "42", "--telegram-url", url, "--webhook", url + "/hook"]
            let environment = ["GOSSET_TELEGRAM_TOKEN": BotStandIn.token, "GOSSET_WEBHOOK_SECRET": "a-secret-of-this-test"]
            func start() async throws -> GossetProcess {
                try await GossetProcess(data: data.path, flags, environment: environment, adminToken: EventsTests.token)
            }
            var gosset = try await start()
            try await gosset.admin.create("checkout", [("old", 1), ("new", 1)])
            let plan = "facts:\n  purchase: {value: amount}\nmetrics:\n  revenue: {kind: mean, of: purchase}\n"
            let headers = [("Authorization", "Bearer \(EventsTests.token)"), ("Content-Type", "application/yaml")]
            let put = TestRequest("PUT", "/api/v1/admin/experiments/checkout/plan", headers: headers, body: Array(plan.utf8))
            #expect(try await gosset.client.send(put).status == 204)
            try await gosset.admin.change("checkout", "start")
            let devices = (0..<600).map { "device-\($0)" }
            let told = try await gosset.assignments(of: devices, connections: 8)
            let events = zip(devices, told).enumerated().map { number, device in
                let amount = 20 + number * 7919 % 21 + (device.1["checkout"] == "new" ? 10 : 0)
                return #"{"id":"p","unit":"\#(device.0)","fact":"purchase","properties":{"amount":\#(amount)}}"#
            }
            // The first tries fail, and the server is killed before the next.
            bot.cause(.status(502, "Bad Gateway"))
            hook.fail()
            let request = TestRequest(
                "POST", "/api/v1/events", headers: [("Content-Type", "application/x-ndjson")],
                body: Array(events.joined(separator: "\n").utf8))
            #expect(try await gosset.client.send(request).status == 202)
            try await eventually("the first tries", within: 60) { bot.requests >= 1 && hook.requests >= 1 }
            try await gosset.kill()
            #expect(bot.received.isEmpty && hook.taken.isEmpty)
            for round in 0..<2 {
                gosset = try await start()
                if round == 1 {
                    // What was decided is there at once, also before the data are looked at again.
                    let early = try JSON(parsing: try await gosset.admin.get("/api/v1/experiments/checkout/results").text)
                    #expect(early["verdict"]["decision"].string == "ship" && early["verdict"]["since"].string != nil)
                    #expect(["loading", "current"].contains(early["state"].string ?? ""))
                }
                try await eventually("the verdict to be told", within: 60) { bot.received.count >= 1 && hook.taken.count >= 1 }
                // Without a new event, the results and the verdict are there again.
                let path = "/api/v1/experiments/checkout/results"
                let results = try await eventually("the results", within: 60) {
                    let results = try JSON(parsing: try await gosset.admin.get(path).text)
                    // The verdict is written down after the results are there.
                    return results["alwaysValid"] == .null || results["verdict"] == .null ? nil : results
                }
                // What is under way when it is killed may be told twice.
                if round == 0 {
                    try await eventually("it to be known that both were told", within: 60) {
                        gosset.log.ranges(of: "a message was delivered").count == 2
                    }
                }
                #expect(results["verdict"]["decision"].string == "ship" && results["verdict"]["variant"].string == "new")
                #expect(results["alwaysValid"]["courses"][0]["points"].elements.isEmpty == false)
                try await gosset.kill()
            }
            #expect(bot.received.count == 1 && bot.received[0].html.contains("checkout: ship 'new'") && bot.complaints == [])
            #expect(hook.taken.count == 1 && hook.taken[0].contains("verdict/checkout#1"), "\(hook.taken)")
            #expect(!gosset.log.contains(BotStandIn.token))
        }

        @Test func `A server that is stopped has answered what it took`() async throws {
            let data = try TemporaryDirectory()
            var gosset = try await GossetProcess(data: data.path, EventsTests.away, adminToken: EventsTests.token)
            #expect(try await gosset.client.send(.events(["1", "2", "3"])).status == 202)
            try await gosset.stop()
            gosset = try await GossetProcess(data: data.path, adminToken: EventsTests.token)
            try await eventually("the delivery") { try await gosset.events()["delivered"].number == 3 }
            try await gosset.stop()
        }
    }

    // The ids of events.
    private final class Names: Sendable {
        private let names = Mutex<Set<String>>([])

        func insert(_ new: [String]) { names.withLock { $0.formUnion(new) } }

        var all: Set<String> { names.withLock { $0 } }
    }
}

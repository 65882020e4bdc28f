import Console
import Enrollment
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing
import Warehouse
import WarehouseTesting

@Suite struct EventsAPITests {
    private static let path = "/api/v1/events"
    private static let event = #"{"id":"1","unit":"device-1","fact":"buy","value":2.5}"#

    private func send(
        _ client: any TestClient, _ body: String, type: String? = "application/json", headers: [(String, String)] = []
    ) async throws -> TestResponse {
        let type = type.map { [("Content-Type", $0)] } ?? []
        return try await client.send(TestRequest("POST", Self.path, headers: type + headers, body: Array(body.utf8)))
    }

    private func eventually(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<2000 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it never came to be")
    }

    @Test func `Events are taken from anybody, as an array and by lines`() async throws {
        try await withEvents { _, client, service, _ async throws in
            let response = try await send(client, "[\(Self.event)]")
            #expect(response.status == 202)
            #expect(response.text == #"{"accepted":1,"late":0,"skewed":0}"#)
            for type in ["application/x-ndjson", "application/x-ndjson; charset=utf-8", "Application/NDJSON"] {
                #expect(try await send(client, Self.event + "\n" + Self.event, type: type).status == 202)
            }
            #expect(service.spool.status.tally.received == 7)
            #expect(try await send(client, "[]").status == 202)
        }
    }

    @Test func `The header names the unit of events that do not`() async throws {
        try await withEvents { _, client, service, _ async throws in
            let header = [("Device-Token", "device-9")]
            #expect(try await send(client, #"[{"id":"1","fact":"visit"}]"#, headers: header).status == 202)
            #expect(try await service.spool.oldestBatches(bytes: 1).first?.events().first?.unit == "device-9")
            #expect(try await send(client, "[\(Self.event)]", headers: header).problem(400).contains("Device-Token"))
            #expect(try await send(client, "[]", headers: [("Device-Token", "a b")]).problem(400).contains("visible ASCII"))
        }
    }

    @Test func `What is refused is refused whole, and says where`() async throws {
        try await withEvents { _, client, service, _ async throws in
            let response = try await send(client, "[\(Self.event),\n {\"id\":\"2\",\"unit\":\"u\",\"fact\":\"f\",\"value\":\"3\"}]")
            #expect(try response.problem(400).contains("line 2, column 42"))
            let fault = try #require((try response.object()["faults"] as? [[String: Any]])?.first)
            #expect(fault["event"] as? Int == 1 && fault["line"] as? Int == 2 && fault["member"] as? String == "value")
            let many = "[" + Array(repeating: Self.event, count: 5001).joined(separator: ",") + "]"
            #expect(try await send(client, many).problem(413).contains("5000"))
            for type in [nil, "text/plain", "application/x-www-form-urlencoded"] {
                let response = try await send(client, "[\(Self.event)]", type: type)
                _ = try response.problem(415)
                #expect(response.headers["Accept-Post"] == "application/json, application/x-ndjson")
            }
            #expect(service.spool.status.tally.received == 0)
        }
    }

    @Test func `A large body is read beside the event loop`() async throws {
        try await withEvents { _, client, service, _ async throws in
            let events = (0..<2000).map { #"{"id":"\#($0)","unit":"device-\#($0)","fact":"visit"}"# }
            #expect(try await send(client, "[\(events.joined(separator: ","))]").status == 202)
            #expect(service.spool.status.tally.received == 2000)
        }
    }

    @Test func `Metrics tell what came, what was refused and how far it is`() async throws {
        try await withEvents(spoolBytes: 2000) { _, client, service, _ async throws in
            #expect(try await send(client, "[\(Self.event),\(Self.event)]").status == 202)
            #expect(try await send(client, "[{}]").status == 400)
            var response = try await send(client, "[\(Self.event)]")
            while response.status == 202 { response = try await send(client, "[\(Self.event)]") }
            let before = try await client.get("/metrics").text
            #expect(before.contains("\ngosset_events_refused_batches_total{reason=\"invalid\"} 1\n"))
            #expect(before.contains("\ngosset_events_refused_batches_total{reason=\"full\"} 1\n"))
            #expect(before.contains("\ngosset_events_spool_bytes \(service.spool.status.bytes)\n"))
            await service.deliverer.run()
            try await eventually { service.spool.status.bytes == 0 }
            let text = try await client.get("/metrics").text
            let received = service.spool.status.tally.received
            #expect(text.contains("\ngosset_events_received_total \(received)\n") && received > 2)
            #expect(text.contains("\ngosset_events_delivered_total 1\n"), "all but the first are told again")
            #expect(text.contains("\ngosset_events_duplicates_total \(received - 1)\n"))
            #expect(text.contains("\ngosset_events_lag_seconds 0\n") && text.contains("\ngosset_warehouse_reachable 1\n"))
            #expect(text.contains("\ngosset_warehouse_away_seconds 0\n"))
        }
    }

    @Test func `A full spool says when to come again`() async throws {
        try await withEvents(spoolBytes: 500) { _, client, _, _ async throws in
            var response = try await send(client, "[\(Self.event)]")
            while response.status == 202 { response = try await send(client, "[\(Self.event)]") }
            let told = try response.problem(503)
            #expect(told.contains("wait for the warehouse") && told.contains("of at most 500 (--events-spool)"))
            #expect(told.contains("see at /api/v1/events/status why"))
            #expect(response.headers["Retry-After"] == "10")
        }
    }

    // Where files lie, and what the disk says, is for whoever runs the server: anybody may send events.
    @Test(arguments: [
        SpoolError.unavailable(reason: "/var/lib/shop/events.db: disk I/O error"), .corrupt("/var/lib/shop/events.db"),
        .inUse(path: "/var/lib/shop/events.db"),
    ])
    func `Why events cannot be written is told without the server's files`(_ error: SpoolError) {
        let problem = error.problem
        #expect(problem.status == .serviceUnavailable && "\(error)".contains("/var/lib"))
        let told = problem.detail ?? ""
        #expect(told.contains("cannot be written at present") && !told.contains("events.db"))
    }

    // Clients keep and send again what gets 503: this one would for ever.
    @Test func `A batch that would not fit an empty spool is a 413`() async throws {
        try await withEvents(spoolBytes: 500) { _, client, _, _ async throws in
            let events = (0..<20).map { #"{"id":"\#($0)","unit":"u","fact":"visit"}"# }
            let told = try await send(client, "[\(events.joined(separator: ","))]").problem(413)
            #expect(told.contains("at most 500 together (--events-spool)") && told.contains("smaller batches"))
            #expect(try await client.get("/metrics").text.contains("\ngosset_events_refused_batches_total{reason=\"invalid\"} 1\n"))
            #expect(try await send(client, "[\(Self.event)]").status == 202)
        }
    }

    @Test func `Pages of allowed origins may send, and read what went wrong`() async throws {
        try await withEvents(origins: ["https://shop.example"]) { _, client, _, _ async throws in
            let origin = [("Origin", "https://shop.example")]
            let preflight = try await client.send(TestRequest("OPTIONS", Self.path, headers: origin))
            #expect(preflight.status == 204)
            #expect(preflight.headers["Access-Control-Allow-Methods"] == "POST")
            for body in ["[\(Self.event)]", "["] {
                let response = try await send(client, body, headers: origin)
                #expect(response.headers["Access-Control-Allow-Origin"] == "https://shop.example")
                let other = try await send(client, body, headers: [("Origin", "https://else.example")])
                #expect(other.headers["Access-Control-Allow-Origin"] == nil)
            }
        }
    }

    @Test func `How it stands is for those with a token, and a unit is erased by administrators only`() async throws {
        try await withEvents { fixture, client, service, warehouse async throws in
            for token in ["device-1", "device-2"] { _ = try await client.values(token) }
            #expect(try await send(client, "[\(Self.event),\(Self.event)]").status == 202)
            await service.deliverer.run()
            try await eventually { service.spool.status.bytes == 0 && service.deliverer.status.exposures == 2 }
            _ = try await client.get(Self.path + "/status").problem(401)
            let status = try await client.get(Self.path + "/status", headers: fixture.headers(.viewer)).object()
            #expect(status["received"] as? Int == 2 && status["delivered"] as? Int == 1 && status["duplicates"] as? Int == 1)
            #expect((status["facts"] as? [String: Int]) == ["buy": 2], "what was received, repetitions too")
            #expect((status["unknownFacts"] as? [String]) == ["buy"])
            #expect((status["strangers"] as? [String: Int]) == [:], "\(status)")
            let key = try ExperimentKey("price")
            try await fixture.registry.change(actor: "test", action: "change plan") { catalogue, _ in
                try catalogue.change(key) { experiment in
                    try experiment.analyse(by: "facts: {buy: }\nmetrics: {m: {kind: mean, of: buy}}")
                }
            }
            let planned = try await client.get(Self.path + "/status", headers: fixture.headers(.viewer)).object()
            #expect((planned["unknownFacts"] as? [String]) == [])
            #expect((status["warehouse"] as? [String: Any])?["exposedDevices"] as? Int == 2)

            // What devices are told is what the warehouse was told.
            let exposed = try await warehouse.query(
                "SELECT unit AS u, experiment AS e, variant AS v FROM gosset_exposures ORDER BY unit, experiment")
            var told: [[String?]] = []
            for token in ["device-1", "device-2"] {
                for (key, value) in try await client.values(token).sorted(by: { $0.key < $1.key }) { told.append([token, key, value]) }
            }
            let (units, experiments, variants) = (try exposed.texts("u"), try exposed.texts("e"), try exposed.texts("v"))
            #expect(units.indices.map { [units[$0], experiments[$0], variants[$0]] } == told)

            let unit = "/api/v1/admin/units/device-1"
            _ = try await client.delete(unit).problem(401)
            _ = try await client.delete(unit, headers: fixture.headers(.editor)).problem(403)
            let erased = try await client.delete(unit, headers: fixture.headers(.admin))
            #expect(erased.status == 202 && erased.text == #"{"device":true,"spooledEvents":0,"warehouse":"pending"}"#)
            try await eventually { service.spool.status.erasures == 0 }
            #expect(try await warehouse.query("SELECT count(*) AS n FROM gosset_events").counts("n") == [0])
            let left = try await warehouse.query("SELECT DISTINCT unit AS u FROM gosset_exposures")
            #expect(try left.texts("u") == ["device-2"])
            #expect(fixture.registry.device(for: try DeviceToken("device-1")) == nil)
            let audit = try await client.get("/api/v1/admin/audit", headers: fixture.headers(.viewer)).text
            #expect(audit.contains("\"forget\"") && !audit.contains("device-1"))
        }
    }

    @Test func `What was called by dots alone before those were refused can be deleted`() async throws {
        try await withEvents { fixture, client, _, _ async throws in
            _ = try await fixture.registry.link(DeviceToken("phone"), to: PersonID(stored: ".."))
            let erased = try await client.delete("/api/v1/admin/persons/%2E%2E", headers: fixture.headers(.admin))
            #expect(erased.status == 202 && erased.text.hasPrefix(#"{"devices":1,"#), "\(erased.text)")
            #expect(try await client.delete("/api/v1/admin/units/%2E", headers: fixture.headers(.admin)).status == 202)
        }
    }

    @Test func `A device that was forgotten before the warehouse knew it is not told of`() async throws {
        try await withEvents { fixture, client, service, warehouse async throws in
            #expect(try await !client.values("early").isEmpty)
            #expect(try await client.delete("/api/v1/admin/units/early", headers: fixture.headers(.admin)).status == 202)
            #expect(try await !client.values("later").isEmpty)
            await service.deliverer.run()
            try await eventually { service.deliverer.status.exposures == 2 && service.spool.status.erasures == 0 }
            #expect(try await warehouse.query("SELECT DISTINCT unit AS u FROM gosset_exposures").texts("u") == ["later"])
        }
    }

    @Test func `Of events that are told twice the first holds, whatever the second says`() async throws {
        try await withEvents { fixture, client, service, warehouse async throws in
            let other = Self.event.replacing("2.5", with: "7").replacing("buy", with: "sell")
            // In one batch, in two batches of one delivery, and when the first is in the warehouse already.
            #expect(try await send(client, "[\(Self.event),\(other)]").text == #"{"accepted":2,"late":0,"skewed":0}"#)
            #expect(try await send(client, "[\(other)]").status == 202)
            await service.deliverer.run()
            try await eventually { service.spool.status.bytes == 0 }
            #expect(try await send(client, "[\(other)]").text == #"{"accepted":1,"late":0,"skewed":0}"#)
            try await eventually { service.spool.status.bytes == 0 && service.spool.status.tally.received == 4 }
            let found = try await warehouse.query("SELECT fact AS f, value AS v FROM gosset_events")
            #expect(try found.texts("f") == ["buy"] && found.numbers("v") == [2.5])
            let status = try await client.get(Self.path + "/status", headers: fixture.headers(.viewer)).object()
            #expect(status["received"] as? Int == 4 && status["delivered"] as? Int == 1 && status["duplicates"] as? Int == 3)
            #expect((status["facts"] as? [String: Int]) == ["buy": 1, "sell": 3], "facts count what was received")
            let spool = try #require(status["spool"] as? [String: Any])
            #expect(spool["oldest"] is NSNull && (status["warehouse"] as? [String: Any])?["lagSeconds"] as? Double == 0)
        }
    }

    @Test func `What is compressed is refused with what to do, and not as JSON that is wrong`() async throws {
        try await withEvents { _, client, service, _ async throws in
            let told = try await send(client, "\u{1F}\u{8}", headers: [("Content-Encoding", "gzip")]).problem(415)
            #expect(told.contains("identity, not 'gzip'") && told.contains("uncompressed"))
            #expect(try await send(client, "[\(Self.event)]", headers: [("Content-Encoding", "identity")]).status == 202)
            #expect(service.spool.status.tally.received == 1)
        }
    }

    @Test func `Without a place for events there are no routes for them`() async throws {
        let fixture = try await Fixture()
        _ = try await send(InProcessClient(fixture.console.router), "[]").problem(404)
        fixture.registry.close()
    }
}

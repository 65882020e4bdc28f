import Console
import Enrollment
import EnrollmentTesting
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import StandIns
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

// The time, and what was added to it.
private final class LaterClock: Sendable {
    private let added = Atomic<Int64>(0)

    var now: @Sendable () -> Timestamp { { Timestamp(milliseconds: Timestamp.now().milliseconds + self.added.load(ordering: .relaxed)) } }

    func advance(seconds: Int64) { added.add(seconds * 1000, ordering: .relaxed) }
}

@Suite struct ResultsAPITests {
    fileprivate static let path = "/api/v1/admin/experiments/checkout/plan"
    private static let plan = "control: old\nfacts:\n  buy: {value: value}\nmetrics:\n  revenue: {kind: mean, of: buy}\n"
    private static let other = plan.replacing("control: old", with: "control: new")

    // A console with an experiment of 400 devices, those with the new checkout buying for more.
    struct Scene {
        let fixture: Fixture
        let client: any TestClient
        let live: LiveResults
        let service: EventService
        let warehouse: any Warehouse

        static func with(now: @escaping @Sendable () -> Timestamp = Timestamp.now, _ body: (Scene) async throws -> Void) async throws {
            let directory = try ScratchDirectory()
            let registry = try Registry(MemoryStore())
            let warehouse = try await TestWarehouses.connect("duckdb:")
            let spool = try Spool(path: directory.file("events.db"), options: Spool.Options())
            // Deliveries are made by hand.
            let source = ExposureSource(registry: "none") { first, _ in ExposureBatch(next: first, end: first) { [] } }
            var service = EventService(spool: spool, deliverer: Deliverer(spool: spool, exposures: source) { warehouse })
            let live = LiveResults(registry: registry)
            service.results = live
            var options = Console.Options()
            options.events = service
            options.now = now
            let fixture = try await Fixture(.empty, registry: registry, options: options)
            let client = InProcessClient(fixture.console.router)
            let scene = Scene(fixture: fixture, client: client, live: live, service: service, warehouse: warehouse)
            try await scene.begin()
            try await body(scene)
            await service.close()
            registry.close()
        }

        private func begin() async throws {
            let root = "/api/v1/admin/experiments"
            let draft = #"{"key":"checkout","variants":[{"value":"old","weight":1},{"value":"new","weight":1}]}"#
            try #require(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            try #require(try await client.post(root + "/checkout/start", as: .editor, of: fixture).status == 200)
            for number in 0..<400 { _ = try await fixture.registry.enroll(DeviceToken("device-\(number)")) }
            let tables = EventTables(warehouse)
            try await tables.prepare()
            let batch = try await ExposureSource(fixture.registry).read(0, 400)
            try await tables.deliver(batch.exposures(), source: "exposures", through: batch.next)
            let events = batch.exposures().enumerated().map { number, exposure in
                let value = Double(20 + number * 7919 % 21) + (exposure.variant == "new" ? 10 : 0)
                return Event(
                    id: "p", unit: exposure.unit, fact: "buy", value: value,
                    time: Timestamp(milliseconds: Timestamp.now().milliseconds + 1000), received: .now())
            }
            _ = try await tables.deliver(events, source: "events", through: 1)
        }

        func refresh(_ number: UInt64) async throws {
            let news = Deliverer.News(exposures: "exposures", number: number)
            while await !live.refresh(warehouse, news) { try await Task.sleep(for: .milliseconds(20)) }
        }

        func put(_ plan: String) async throws -> TestResponse {
            let headers = fixture.headers(.editor) + [("Content-Type", "application/yaml")]
            return try await client.send(TestRequest("PUT", ResultsAPITests.path, headers: headers, body: Array(plan.utf8)))
        }

        func delete(_ role: AccessRole = .editor, _ headers: [(String, String)] = []) async throws -> TestResponse {
            try await client.delete(ResultsAPITests.path, headers: fixture.headers(role) + headers)
        }

        func results() async throws -> [String: Any] {
            try await client.get("/api/v1/experiments/checkout/results", headers: fixture.headers(.viewer)).object()
        }

        func log() async throws -> [AuditEntry] { try await fixture.registry.auditLog(AuditQuery(subject: "checkout")) }
    }

    @Test func `Names that a spreadsheet would take for formulas are texts in the table`() async throws {
        try await Scene.with { scene in
            _ = try await scene.put(Self.plan.replacing("revenue:", with: "'=1+1':"))
            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            try await scene.refresh(1)
            let csv = try await viewer.get("/experiments/checkout/results/csv").text
            #expect(
                csv.split(separator: "\r\n").count == 3
                    && csv.split(separator: "\r\n").dropFirst().allSatisfy { $0.hasPrefix("'=1+1,mean,") })
        }
    }

    @Test func `From a verdict one goes to the end with its winner, if one may, and results are taken along`() async throws {
        try await Scene.with { scene in
            _ = try await scene.put(Self.plan)
            let editor = try await Visitor.signedIn(.editor, scene.fixture, scene.client)
            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            let root = "/experiments/checkout/results"
            #expect(try await viewer.get(root + "/csv").status == 404, "there are none yet")
            try await scene.refresh(1)
            #expect(try await editor.get(root).text.contains("href=\"/experiments/checkout/finish?winner=new\">Finish with ‘new’ …</a>"))
            #expect(try await !viewer.get(root).text.contains("id=\"finish\""), "a viewer may not")

            for kind in ["json", "csv", "report"] {
                #expect(try await viewer.get(root).text.contains("href=\"\(root)/\(kind)\" download>"))
            }
            let json = try await viewer.get(root + "/json")
            #expect(json.headers["Content-Disposition"] == "attachment; filename=\"checkout-results.json\"")
            #expect((try json.object()["verdict"] as? [String: Any])?["variant"] as? String == "new")
            let csv = try await viewer.get(root + "/csv")
            let rows = csv.text.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(rows.count == 3 && rows.allSatisfy { $0.count == 19 } && csv.headers["Content-Type"] == "text/csv; charset=utf-8")
            #expect(rows[1].prefix(7).map(String.init) == ["revenue", "mean", "one", "old", "new", "200", "200"])
            #expect(rows[2][2] == "any" && (Double(rows[2][9]) ?? 0) > 5, "treatment less control: 10, with a standard error of 0.45")
            let report = try await viewer.get(root + "/report")
            #expect(report.text.hasPrefix("<!doctype html>") && report.text.contains("Ship new"))
            #expect(try await Visitor(client: scene.client, cookie: nil).get(root + "/json").status == 303, "strangers sign in first")
            #expect(try await viewer.get("/experiments/nothing/results/json").status == 404)

            // What was not shipped is finished with the control; what is finished is finished.
            _ = try await scene.put(Self.other)
            #expect(try await !editor.get(root).text.contains("id=\"finish\""), "the verdict was another plan's")
            try await scene.refresh(2)
            #expect(try await editor.get(root).text.contains("finish?winner=new\">Finish, and keep ‘new’ …</a>"))
            let finish = "/api/v1/admin/experiments/checkout/finish"
            #expect(try await scene.client.post(finish, as: .editor, of: scene.fixture, #"{"winner":"new"}"#).status == 200)
            #expect(try await !editor.get(root).text.contains("id=\"finish\""))
        }
    }

    @Test func `A fact of the plan that no unit has told is named, where others come`() async throws {
        try await Scene.with { scene in
            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            let plan = "facts:\n  buy: {value: value}\n  by: {value: value}\nmetrics:\n  revenue: {kind: mean, of: buy}\n"
            _ = try await scene.put(plan + "  misspelt: {kind: conversion, of: by}\ndecision: {ship on: revenue}\n")
            try await scene.refresh(1)
            let page = try await viewer.get("/experiments/checkout/results").text
            #expect(page.contains("id=\"silent-facts\"") && page.contains("No unit of this experiment has told ‘by’ so that"))
            _ = try await scene.put(Self.plan)
            try await scene.refresh(2)
            #expect(try await !viewer.get("/experiments/checkout/results").text.contains("id=\"silent-facts\""))
            // Of a fact that is some of an event, the event is named.
            let facts = "facts:\n  buy: {value: value}\n  yearly: {event: buy, where: {plan: yearly}}\n"
            _ = try await scene.put(facts + "metrics:\n  revenue: {kind: mean, of: buy}\n  yearly: {kind: conversion, of: yearly}\n")
            try await scene.refresh(3)
            #expect(try await viewer.get("/experiments/checkout/results").text.contains("has told ‘yearly’ (of the events ‘buy’) so that"))
        }
    }

    @Test func `Where nothing else comes, a fact that no unit has told is named after a day`() async throws {
        let clock = LaterClock()
        try await Scene.with(now: clock.now) { scene in
            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            _ = try await scene.put("facts:\n  by:\nmetrics:\n  bought: {kind: conversion, of: by}\n")
            try await scene.refresh(1)
            #expect(try await !viewer.get("/experiments/checkout/results").text.contains("id=\"silent-facts\""), "it has just begun")
            clock.advance(seconds: 86_410)
            let later = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            #expect(try await later.get("/experiments/checkout/results").text.contains("has told ‘by’ so that"))
        }
    }

    @Test func `A verdict is of its plan: a new plan has none until there are results by it, and the page says so`() async throws {
        try await Scene.with { scene in
            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            let first = try await scene.put(Self.plan)
            #expect(first.status == 204)
            try await scene.refresh(1)
            let decided = try #require(try await scene.results()["verdict"] as? [String: Any])
            #expect(decided["decision"] as? String == "ship" && decided["variant"] as? String == "new")
            #expect((decided["plan"] as? String).map { "\"\($0)\"" } == first.headers["ETag"])
            let page = try await viewer.get("/experiments/checkout/results").text
            #expect(page.contains("<h2>Ship “new”</h2>") && !page.contains("earlier plan"))
            // The same plan again is no change.
            let entries = try await scene.log().count
            #expect(try await scene.put(Self.plan).status == 204)
            #expect(try await scene.log().count == entries)
            #expect((try await scene.results()["verdict"] as? [String: Any])?["since"] as? String == decided["since"] as? String)

            #expect(try await scene.put(Self.other).status == 204)
            let between = try await scene.results()
            #expect(between["verdict"] is NSNull && between["isOfThisPlan"] as? Bool == false && between["state"] as? String == "older")
            let changed = try await viewer.get("/experiments/checkout/results").text
            #expect(changed.contains("<h2>The plan was changed</h2>") && !changed.contains("Ship “new”"))
            #expect(changed.contains("By an earlier plan the verdict was “ship ‘new’”, since "))
            #expect(try await viewer.get("/experiments").text.contains("no results yet"))

            try await scene.refresh(2)
            let anew = try await scene.results()
            #expect((anew["verdict"] as? [String: Any])?["decision"] as? String == "do not ship" && anew["isOfThisPlan"] as? Bool == true)
            let other = try await viewer.get("/experiments/checkout/results").text
            #expect(other.contains("<h2>Do not ship</h2>") && other.contains("By an earlier plan the verdict was “ship ‘new’”"))
            #expect(!other.contains("It was decided so by earlier data"))
            let trail = try await viewer.get("/experiments/checkout/audit").text
            for tag in [first.headers["ETag"], try await scene.put(Self.other).headers["ETag"]] {
                let name = try #require(tag).dropFirst().prefix(8)
                #expect(trail.contains("It is about the plan \(name)…") && trail.contains("Verdicts name this plan \(name)…"))
            }
        }
    }

    @Test func `A plan is taken away by who may, once, and if it is the one that was seen`() async throws {
        try await Scene.with { scene in
            #expect(try await scene.delete().problem(404).contains("checkout"))
            let tag = try #require(try await scene.put(Self.plan).headers["ETag"])
            #expect(try await scene.delete(.viewer).problem(403).contains("editor"))
            #expect(try await scene.delete(.editor, [("If-Match", "\"0\"")]).problem(412).contains("checkout"))
            let gone = try await scene.delete(.editor, [("If-Match", tag)])
            #expect(gone.status == 204 && gone.body.isEmpty)
            let entry = try #require(try await scene.log().first)
            #expect(entry.action == "change plan" && entry.actor == "the-editor")
            #expect(entry.before?.contains("metrics:") == true && entry.after?.contains("metrics:") == false)
            #expect(try await scene.delete().problem(404).contains("no plan"))
            #expect(try await scene.client.get(Self.path, headers: scene.fixture.headers(.viewer)).status == 404)
            let missing = try await scene.client.delete("/api/v1/admin/experiments/none/plan", headers: scene.fixture.headers(.editor))
            #expect(try missing.problem(404).contains("none"))
        }
    }

    @Test func `What a finished experiment was judged by is neither replaced nor taken away`() async throws {
        try await Scene.with { scene in
            #expect(try await scene.put(Self.plan).status == 204)
            try await scene.refresh(1)
            let finish = "/api/v1/admin/experiments/checkout/finish"
            #expect(try await scene.client.post(finish, as: .editor, of: scene.fixture, #"{"winner":"new"}"#).status == 200)
            let entries = try await scene.log().count
            let detail = try await scene.put(Self.other).problem(409)
            #expect(detail == "Experiment 'checkout' is finished, so it cannot be given another plan.")
            #expect(try await scene.delete().problem(409).contains("finished"))
            #expect(try await scene.put(Self.plan).status == 204, "the same is no other")
            #expect(try scene.fixture.registry.catalogue.experiment(ExperimentKey("checkout")).plan == Self.plan)
            #expect((try await scene.results()["verdict"] as? [String: Any])?["decision"] as? String == "ship")

            let editor = try await Visitor.signedIn(.editor, scene.fixture, scene.client)
            let page = try await editor.get("/experiments/checkout/plan").text
            #expect(page.contains("id=\"finished\"") && page.contains("<pre class=\"code\">control: old"))
            #expect(!page.contains("<textarea") && !page.contains("remove-plan"))
            let seen = try #require(try await scene.put(Self.plan).headers["ETag"]).filter { $0 != "\"" }
            let form = "seen=\(seen)&plan=\(PercentEncoding.encode(Self.other))"
            let refused = try await editor.post("/experiments/checkout/plan", form)
            #expect(refused.status == 409 && refused.text.contains("The plan was not saved: the experiment is finished."))
            #expect(refused.text.contains("<pre class=\"code\">control: new"), "what was typed is not lost")
            #expect(try await editor.get("/experiments/checkout/remove-plan").status == 409)
            #expect(try await scene.log().count == entries)
        }
    }
}

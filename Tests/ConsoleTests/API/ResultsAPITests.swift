import Console
import Enrollment
import EnrollmentTesting
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import StandIns
import Testing
import Warehouse
import WarehouseTesting

@Suite struct ResultsAPITests {
    private static let path = "/api/v1/admin/experiments/checkout/plan"
    private static let plan = "control: old\nfacts:\n  buy: {value: value}\nmetrics:\n  revenue: {kind: mean, of: buy}\n"
    private static let other = plan.replacing("control: old", with: "control: new")

    // A console with an experiment of 400 devices, those with the new checkout buying for more.
    private struct Scene {
        let fixture: Fixture
        let client: any TestClient
        let live: LiveResults
        let service: EventService
        let warehouse: any Warehouse

        static func with(_ body: (Scene) async throws -> Void) async throws {
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

import Console
import Enrollment
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing
import Warehouse

// A server whose warehouse was not there from its start.
@Suite struct WarehouseAwayTests {
    private static let plan = "facts: {buy: }\nmetrics: {m: {kind: mean, of: buy}}"
    private static let reason = #"connection to server at "10.1.2.3", port 5432 failed."#

    private func withoutWarehouse(_ body: (any TestClient, AccessToken, EventService) async throws -> Void) async throws {
        let directory = NSTemporaryDirectory() + "gosset-console-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = try Registry(MemoryStore())
        let token = AccessToken.random()
        try await registry.grantAccess(to: "viewer", as: .viewer, token: token, actor: "test")
        try await registry.change(actor: "test", action: "begin") { records, context in
            records = try .examples(now: context.now)
            try records.change(try ExperimentKey("price")) { experiment in try experiment.analyse(by: Self.plan) }
        }
        var delivery = Deliverer.Options()
        delivery.pace.retry = .milliseconds(5)...(.milliseconds(10))
        let spool = try Spool(path: directory + "/events.db")
        let deliverer = Deliverer(spool: spool, exposures: ExposureSource(registry), options: delivery) {
            throw WarehouseError.connection("postgres://reader@db.internal/shop", reason: Self.reason)
        }
        var options = Console.Options()
        var service = EventService(spool: spool, deliverer: deliverer)
        service.results = LiveResults(registry: registry)
        options.events = service
        let console = Console(registry: registry, measurements: Measurements(), options: options)
        try await body(InProcessClient(console.router), token, service)
        await service.close()
        registry.close()
    }

    @Test func `A warehouse that was never there is told of, with since when, and nothing of where it is`() async throws {
        try await withoutWarehouse { client, token, service async throws in
            let headers = [("Authorization", "Bearer \(token.secret)")]
            func results() async throws -> [String: Any] {
                try await client.get("/api/v1/experiments/price/results", headers: headers).object()
            }
            let first = try await results()
            #expect(first["state"] as? String == "loading" && first["failure"] is NSNull && first["failingSince"] is NSNull)
            let before = Timestamp.now()
            await service.deliverer.run()
            while service.deliverer.status.failure == nil { try await Task.sleep(for: .milliseconds(5)) }
            let away = try await results()
            #expect(away["state"] as? String == "away")
            #expect(away["failure"] as? String == "the warehouse cannot be reached, or lets nobody in")
            let since = try #require((away["failingSince"] as? String).flatMap(EventTime.parse))
            #expect(since <= before && before.milliseconds - since.milliseconds < 60_000)
            let status = try await client.get("/api/v1/events/status", headers: headers).object()["warehouse"] as? [String: Any]
            #expect(status?["failure"] as? String == away["failure"] as? String)
            #expect(status?["failingSince"] as? String == away["failingSince"] as? String)

            let visitor = try await Visitor.signedIn(token.secret, client)
            let page = try await visitor.get("/experiments/price/results").text
            let sentence = "UTC: the warehouse cannot be reached, or lets nobody in. What arrives is kept and waits for it."
            #expect(page.contains(sentence) && page.contains("There is no news from the warehouse since 2"), "\(page)")
            let told = "\(page)\(away)\(status ?? [:])"
            for place in ["10.1.2.3", "db.internal", "reader"] { #expect(!told.contains(place)) }
        }
    }
}

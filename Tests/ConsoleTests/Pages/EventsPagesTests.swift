import Console
import Enrollment
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct EventsPagesTests {
    private func send(_ client: any TestClient, _ lines: [String]) async throws -> Int {
        let type = [("Content-Type", "application/x-ndjson")]
        return try await client.send(
            TestRequest("POST", "/api/v1/events", headers: type, body: Array(lines.joined(separator: "\n").utf8))
        ).status
    }

    // The text of the element of an id, without its tags.
    private func text(_ id: String, _ page: String) -> String? {
        guard let start = page.range(of: "id=\"\(id)\"") else { return nil }
        let rest = page[start.upperBound...].drop { $0 != ">" }.dropFirst()
        return rest.prefix { $0 != "<" }.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func plan(_ fixture: Fixture, _ plan: String) async throws {
        let key = try ExperimentKey("price")
        try await fixture.registry.change(actor: "test", action: "change plan") { catalogue, _ in
            try catalogue.change(key) { experiment in try experiment.analyse(by: plan) }
        }
    }

    @Test func `What came, what was odd and what nobody asks about is on the page`() async throws {
        try await withEvents { fixture, client, service, _ async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await viewer.get("/events").text.contains("No event has come yet"))
            let (soon, before) = (Timestamp.now().milliseconds + 3_600_000, Timestamp.now().milliseconds - 90_000_000)
            let event = #"{"id":"1","unit":"u","fact":"purchase"}"#
            #expect(try await send(client, [event, event, event]) == 202)
            #expect(try await send(client, [#"{"id":"2","unit":"u","fact":"purchse","time":\#(soon)}"#]) == 202)
            #expect(try await send(client, [#"{"id":"3","unit":"u","fact":"purchse","time":\#(before)}"#]) == 202)
            #expect(try await send(client, [#"{"id":"4","unit":"gone","fact":"<b>"}"#]) == 400)
            #expect(try await send(client, [#"{"id":"5","unit":"gone","fact":"visit"}"#]) == 202)
            #expect(try await service.spool.erase(units: ["gone"], at: .now()) == 1)
            var page = try await viewer.get("/events").text
            for (id, value) in [
                ("received", "6"), ("delivered", "0"), ("duplicates", "0"), ("erased", "1"), ("waiting", "5"), ("late", "1"),
                ("skewed", "1"),
                ("refused-invalid", "1"), ("refused-full", "0"), ("refused-unavailable", "0"), ("exposures", "not asked yet"),
            ] { #expect(text(id, page) == value, "\(id)") }
            #expect(text("erasures", page) == "1" && text("oldest", page)?.hasPrefix("came 2") == true)
            #expect(page.contains(" of 1.0 MiB"))
            #expect(text("unknown-facts", page) == "3 facts are in no experiment’s plan: misspelt, or not asked about yet.")
            try await plan(fixture, "facts: {purchase: , trial: }\nmetrics: {m: {kind: mean, of: purchase}}")
            page = try await viewer.get("/events").text
            #expect(text("unknown-facts", page) == "2 facts are in no experiment’s plan: misspelt, or not asked about yet.")
            #expect(text("silent-facts", page) == "Plans speak of what never came: ‘trial’.")
            // Those that nobody asks about come first, the most frequent of them before the others.
            let facts = page.components(separatedBy: "<th scope=\"row\">").compactMap { $0.split(separator: "<").first }.suffix(3)
            #expect(facts == ["purchse", "visit", "purchase"])
            try await plan(fixture, "facts: {purchases: }\nmetrics: {m: {kind: mean, of: purchases}}")
            #expect(try await viewer.get("/events").text.contains("in no plan; is it ‘purchases’?"))
            // A plan asks about the events that its facts count, whatever it calls those.
            try await plan(fixture, "facts: {purchase: {event: purchse}, late: {event: purchse}}\nmetrics: {m: {kind: mean, of: purchase}}")
            page = try await viewer.get("/events").text
            #expect(text("unknown-facts", page) == "2 facts are in no experiment’s plan: misspelt, or not asked about yet.")
            #expect(text("silent-facts", page) == nil)
            #expect(page.components(separatedBy: "<th scope=\"row\">").last?.hasPrefix("purchse<") == true)

            await service.deliverer.run()
            while service.spool.status.bytes > 0 || service.spool.status.erasures > 0 { try await Task.sleep(for: .milliseconds(5)) }
            page = try await viewer.get("/events").text
            for (id, value) in [
                ("delivered", "3"), ("duplicates", "2"), ("waiting", "0"), ("oldest", "none waits"), ("lag", "0 s"),
            ] { #expect(text(id, page) == value, "\(id)") }
            #expect(text("erasures", page) == nil && page.contains(">delivering</span>"))
        }
    }

    @Test func `A warehouse that is away and a spool that is full are alarms, without saying where anything is`() async throws {
        try await withEvents(spoolBytes: 500, isAway: true) { fixture, client, service, _ async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            await service.deliverer.run()
            while service.deliverer.status.failure == nil { try await Task.sleep(for: .milliseconds(5)) }
            var sent = 0
            while try await send(client, [#"{"id":"\#(sent)","unit":"u","fact":"visit"}"#]) == 202 { sent += 1 }
            let page = try await viewer.get("/events").text
            #expect(page.contains("UTC: the warehouse cannot be reached, or lets nobody in. What arrives waits in the spool.</p>"))
            #expect(page.contains("id=\"obstacle\"") && page.contains("id=\"full\"") && page.contains("--events-spool"))
            #expect(text("refused-full", page) == "1" && page.contains(">away</span>") && page.contains(" of 500 bytes"))
            #expect(!page.contains("..") && !page.contains("10.1.2.3") && !page.contains("db.internal") && !page.contains("reader"))
        }
    }

    @Test func `Tables say what they are about, and every heading which way it reads`() async throws {
        try await withEvents { fixture, client, _, _ async throws in
            #expect(try await send(client, [#"{"id":"1","unit":"u","fact":"visit"}"#]) == 202)
            let page = try await Visitor.signedIn(.viewer, fixture, client).get("/events").text
            func count(_ part: String) -> Int { page.components(separatedBy: part).count - 1 }
            #expect(count("<table") == 3 && count("<caption") == 3)
            #expect(count("<th>") == 0 && count("<th ") == count("<th scope="))
        }
    }

    @Test func `A server that takes no events says so, and what to do`() async throws {
        try await Fixture.both { fixture, client async throws in
            let page = try await Visitor.signedIn(.viewer, fixture, client).get("/events")
            #expect(page.status == 200 && page.text.contains("id=\"no-events\"") && page.text.contains("--data DIRECTORY"))
        }
    }
}

import Console
import Enrollment
import EnrollmentTesting
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing
import Text
import Warehouse

@Suite struct ResultsPagesTests {
    @Test func `Shares are percentages on every card, and a guardrail shows what was found beside what may be lost`() async throws {
        try await ResultsAPITests.Scene.with { scene in
            // Every second device looks in, and every fourth of the new checkout besides.
            let exposures = try await ExposureSource(scene.fixture.registry).read(0, 400).exposures()
            let visits = exposures.enumerated().filter { $0 % 2 == 0 || $0 % 4 == 1 && $1.variant == "new" }.map { _, exposure in
                Event(
                    id: "v", unit: exposure.unit, fact: "visit", time: Timestamp(milliseconds: Timestamp.now().milliseconds + 1000),
                    received: .now())
            }
            _ = try await EventTables(scene.warehouse).deliver(visits, source: "events", through: 2)
            let plan = """
                control: old
                facts:
                  buy: {value: value}
                  visit:
                metrics:
                  revenue: {kind: mean, of: buy}
                  visited: {kind: conversion, of: visit}
                guardrails: {visited: {margin: 0.05}, revenue: {margin: 4 %}}
                decision: {ship on: visited}
                """
            #expect(try await scene.put(plan).status == 204)
            try await scene.refresh(1)
            let results = try await scene.results()
            let always = try #require(results["alwaysValid"] as? [String: Any])
            let metrics = try #require(always["metrics"] as? [[String: Any]])
            let visited = try #require(metrics.first { $0["name"] as? String == "visited" })
            let comparison = try #require((visited["comparisons"] as? [[String: Any]])?.first)
            let groups = try #require(visited["groups"] as? [String: [String: Any]])
            let (old, new) = (try #require(groups["old"]?["mean"] as? Double), try #require(groups["new"]?["mean"] as? Double))
            let ends = try #require(comparison["interval"] as? [String: Double])
            let (low, high) = (try #require(ends["low"]), try #require(ends["high"]))
            #expect(old < 1 && new < 1 && abs((comparison["difference"] as? Double ?? 0) - (new - old)) < 1e-12, "fractions for programs")

            let viewer = try await Visitor.signedIn(.viewer, scene.fixture, scene.client)
            let page = try await viewer.get("/experiments/checkout/results").text
            let range = "\(Figures.significant(low * 100)) to \(Figures.significant(high * 100))"
            let difference = Figures.significant(100 * (new - old))
            #expect(
                page.contains(
                    "visited is \(Figures.percent(new, 4)) in new and \(Figures.percent(old, 4)) in old: a difference of \(difference) percentage points ("
                ))
            #expect(page.contains("95 % interval \(range) percentage points"))
            let card = try #require(page.components(separatedBy: "<h2>visited</h2>").last?.components(separatedBy: "</section>").first)
            #expect(
                card.contains(">\(Figures.percent(new, 4))</td>") && card.contains(">\(difference) pp</td>")
                    && card.contains(">\(range) pp</td>"))
            #expect(card.contains("pp: percentage points."))
            #expect(!card.contains(">\(Figures.significant(new))<") && !card.contains(">\(Figures.significant(new - old))<"))
            #expect(card.contains("difference in percentage points"))

            let guardrails = try #require(
                page.components(separatedBy: "id=\"guardrails\"").last?.components(separatedBy: "</section>").first)
            for title in ["Difference", "Interval", "May be worse by", "Outcome"] { #expect(guardrails.contains(">\(title)</th>")) }
            #expect(
                guardrails.contains(">\(difference) pp</td>") && guardrails.contains(">\(range) pp</td>")
                    && guardrails.contains(">5 pp</td>"))
            let revenue = try #require(metrics.first { $0["name"] as? String == "revenue" })
            let lift = try #require((revenue["comparisons"] as? [[String: Any]])?.first)
            let bounds = try #require(lift["liftInterval"] as? [String: Double])
            let text = "\(Figures.percent(try #require(bounds["low"]))) to \(Figures.percent(try #require(bounds["high"])))"
            #expect(
                guardrails.contains(">\(Figures.percent(try #require(lift["lift"] as? Double)))</td>")
                    && guardrails.contains(">\(text)</td>"))
            #expect(guardrails.contains(">4 %</td>") && guardrails.contains("Percentages are shares of the control"))
        }
    }

    @Test func `A server that works out no results says so, and what to do`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let page = try await viewer.get("/experiments/price/results")
            #expect(page.status == 200 && page.text.contains("id=\"no-results\"") && page.text.contains("--data DIRECTORY"))
            #expect(!page.text.contains("There is no plan yet"))
        }
    }
}

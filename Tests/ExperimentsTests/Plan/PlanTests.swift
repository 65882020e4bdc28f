import Experiments
import Foundation
import Testing
import Text

@Suite struct PlanTests {
    static let plan = """
        experiment: shop
        sources:
          visitors: visitors.csv
          sales: {table: sales}
        assignment: {source: visitors, unit: id, variant: arm, control: 1, time: seen, weights: {1: 3, 2: 1}}
        facts:
          payments: {source: sales, value: money, time: at, where: {kind: [new, old], amount: {at least: 2, less than: 9}, test: {not: true}}}
          visits: {source: sales, time: at}
        populations:
          active: {of: visits, more than: 3}
          big: {of: payments, at least: 100, sum: true, among: active}
        metrics:
          revenue: {kind: mean, of: payments, among: big, window: 7 days, cap: 99 %, covariate: {of: payments, before: 2 weeks}}
          buys: {kind: conversion, of: payments, better: lower}
          median: {kind: quantile, of: payments, probability: 0.25}
          each: {kind: ratio, of: payments, per: visits}
        guardrails: {buys: {margin: 2 %}}
        segments: [country]
        method: {confidence: 0.9, correction: hochberg}
        decision: {ship on: buys, smallest effect: 5%, power: 0.9}
        """

    @Test func `segments by first events, members of objects and blocks are read`() throws {
        let text = """
            experiment: x
            sources: {visitors: {table: visitors}, sales: {table: sales, properties: more}}
            assignment: {source: visitors, unit: id, variant: arm, control: 1, block: site}
            facts: {visits: {source: sales, time: at}}
            metrics: {m: {kind: count}}
            segments: {land: {of: visits, by: country}, system: {of: visits}}
            """
        let plan = try Plan(yaml: text)
        #expect(plan.segments.map(\.name.text) == ["land", "system"] && plan.segments.map(\.column.text) == ["country", "system"])
        #expect(plan.source("sales")?.properties?.text == "more" && plan.assignment.block?.text == "site")
        for (change, words) in [
            (("time: at", "value: at"), "'time' of the fact"), (("of: visits}", "of: visit}"), "visits"),
            (("table: sales,", "file: sales.csv,"), "'table' or a 'query'"), (("unit: id, ", ""), "every row is a unit"),
        ] {
            let error = #expect(throws: YAMLError.self) { try Plan(yaml: text.replacing(change.0, with: change.1)) }
            #expect(error.map { "\($0)".contains(words) } == true, "\(words)")
        }
    }

    @Test func `a plan is read`() throws {
        let plan = try Plan(yaml: PlanTests.plan)
        #expect(plan.experiment == "shop")
        #expect(plan.assignment.control.text == "1")
        #expect(plan.assignment.weights == [Plan.Weight(variant: "1", weight: 3), Plan.Weight(variant: "2", weight: 1)])
        #expect(plan.source("visitors")?.files.map(\.text) == ["visitors.csv"])
        let payments = try #require(plan.fact("payments"))
        #expect(
            payments.conditions.map(\.test) == [
                .isIn([.text("new"), .text("old")]),
                .compares([Plan.Bound(sign: .atLeast, value: 2), Plan.Bound(sign: .lessThan, value: 9)]), .isNotIn([.boolean(true)]),
            ])
        let revenue = try #require(plan.metric("revenue"))
        #expect(revenue.window == 604_800)
        #expect(revenue.cap == Plan.Amount(value: 0.99, isRelative: true))
        #expect(revenue.covariates.first?.before == 1_209_600)
        #expect(plan.metric("buys")?.higherIsBetter == false)
        #expect(plan.metric("median")?.probability == 0.25)
        #expect(plan.population("big")?.whole?.text == "active")
        #expect(plan.guardrails.first?.margin == Plan.Amount(value: 0.02, isRelative: true))
        #expect(plan.method.confidence == 0.9)
        #expect(plan.decision.metric == "buys")
        #expect(plan.decision.smallestEffect == Plan.Amount(value: 0.05, isRelative: true))
    }

    // What is replaced in the plan, by what, and what the message must say.
    @Test(arguments: [
        ("kind: mean,", "kind: maen,", "line 13, column 19", "did you mean 'mean'?"),
        ("among: big", "amogn: big", "line 13, column 39", "did you mean 'among'?"),
        ("metrics:", "metric:", "line 12, column 1", "did you mean 'metrics'?"),
        ("source: sales, value", "source: sale, value", "line 7, column 22", "did you mean 'sales'?"),
        ("source: sales, value", "source: sales, event: sale, value", "line 7, column 29", "a fact has no 'event'; it may have source"),
        ("among: big", "among: bog", "line 13, column 46", "did you mean 'big'?"),
        ("window: 7 days", "window: 7 dyas", "line 13, column 59", "a span of time"),
        ("confidence: 0.9,", "confidence: 90,", "line 19, column 22", "between 0 and 1"),
        ("confidence: 0.9,", "confidence: high,", "line 19, column 22", "expected a number, found 'high'"),
        ("segments: [country]", "segments: country", "line 18, column 11", "expected a list"),
        ("of: visits, more than: 3", "of: visits", "line 10, column 11", "needs 'at least'"),
        ("per: visits", "cap: 3", "line 16, column 9", "needs 'per'"),
        ("kind: conversion, of: payments", "kind: conversion, of: payments, cap: 3", "line 14, column 47", "has no 'cap'"),
        ("control: 1", "control: 3", "line 5, column 65", "has no weight"),
        ("ship on: buys", "ship on: byus", "line 20, column 21", "did you mean 'buys'?"),
        ("among: active", "among: big", "line 11, column 56", "there is no population before this one"),
        ("experiment: shop", "experiment: [shop]", "line 1, column 13", "expected a text, found a list"),
        ("experiment: shop", "experiment: shop\nexperiment: shop", "line 2, column 1", "another 'experiment'"),
        ("experiment: shop", "experiment: &a shop", "line 1, column 13", "anchors"),
        ("experiment: shop", "experiment: \"shop", "line 20", "YAML"),
        ("{table: sales}", "{table: sales, query: select}", "line 4, column 32", "not both"),
    ])
    func `what is wrong is said with its place and what was meant`(_ old: String, _ new: String, _ place: String, _ words: String) {
        let error = #expect(throws: YAMLError.self) { try Plan(yaml: PlanTests.plan.replacing(old, with: new, maxReplacements: 1)) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(place) && text.contains(words), "\(text)")
    }

    // What nothing can meet, and beside it what something can.
    @Test(arguments: [
        ("window: 7 days", "window: 0 days", "line 13, column 59", "nothing counts within '0 days'", "window: 0.5 days"),
        ("before: 2 weeks", "before: 0.0 weeks", "line 13, column 112", "or leave it out", "before: 0.01 weeks"),
        ("window: 7 days", "window: 1e3 days", "line 13, column 59", "a span of time", "window: 1000 days"),
        ("cap: 99 %", "cap: 9.9e1 %", "line 13, column 72", "a percentage", "cap: 99.0 %"),
        (
            "visits: {source: sales,", "visits: {source: sales, from: 2026-02-01, until: 2026-02-01,", "line 8, column 52", "is not after",
            "visits: {source: sales, from: 2026-02-01, until: 2026-02-01 00:01,"
        ),
        (
            "visits: {source: sales,", "visits: {source: sales, until: 2026-01-01, from: 2026-02-01,", "line 8, column 34", "later moment",
            "visits: {source: sales, until: 2026-03-01, from: 2026-02-01,"
        ),
        (
            "visits: {source: sales,", "visits: {source: sales, from: 2026-02-29,", "line 8, column 33", "no such moment as '2026-02-29'",
            "visits: {source: sales, from: 2024-02-29,"
        ),
        (
            "visits: {source: sales,", "visits: {source: sales, from: 2026-12-31 24:00,", "line 8, column 33", "no such moment",
            "visits: {source: sales, from: 2026-12-31 23:59:59,"
        ),
        (
            "visits: {source: sales,", "visits: {source: sales, from: 2026-12-31 12:30 -05,", "line 8, column 33",
            "a moment in UTC such as",
            "visits: {source: sales, from: 2026-12-31T12:30Z,"
        ),
        (
            "visits: {source: sales,", "visits: {source: sales, from: 2026-12-31 -5:00,", "line 8, column 33", "a moment in UTC such as",
            "visits: {source: sales, from: 2026-12-31 05:00,"
        ),
        ("at least: 2, less than: 9", "at least: 2, less than: 2", "line 7, column 112", "'amount' is never", "at least: 2, at most: 2"),
        ("at least: 2, less than: 9", "at least: 2, at most: -2", "line 7, column 110", "at most -2", "at least: 2, less than: 2.5"),
        (
            "more than: 3", "at least: 3, at most: 1", "line 10, column 46",
            "a number of events is never both at least 3 and at most 1: mend one", "at least: 3, at most: 3"
        ),
        ("more than: 3", "at least: 5, less than: 5", "line 10, column 48", "at least 5 and less than 5", "at least: 5, less than: 5.5"),
        ("more than: 3", "more than: 3, less than: 4", "line 10, column 49", "more than 3 and less than 4", "more than: 3, at most: 4"),
        ("more than: 3", "less than: 0", "line 10, column 35", "a number of events is never less than 0", "less than: 0.5"),
        ("more than: 3", "more than: -2, at most: -1", "line 10, column 48", "never at most -1", "more than: -2, at most: 0"),
        ("at least: 100,", "more than: 1, less than: 1,", "line 11, column 48", "a sum is never both", "more than: 1, less than: 1.5,"),
        ("at least: 100,", "at most: 1, at least: 1.5,", "line 11, column 32", "a sum is never both", "at most: -1, more than: -1.5,"),
    ])
    func `what nothing can meet is refused`(_ old: String, _ new: String, _ place: String, _ words: String, _ sound: String) throws {
        let error = #expect(throws: YAMLError.self) { try Plan(yaml: PlanTests.plan.replacing(old, with: new, maxReplacements: 1)) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(place + ":") && text.contains(words), "\(text)")
        #expect(throws: Never.self) { try Plan(yaml: PlanTests.plan.replacing(old, with: sound, maxReplacements: 1)) }
    }

    @Test(
        arguments: [
            (
                "window: 7 days", "window",
                [
                    "7 days", "1 day", "0.5 hours", ".5 days", "7. weeks", " 07  minutes ", "1 second", "10 seconds", "00.10 weeks",
                    "0 days",
                    "0.00 days", ". days", "1e3 days", "1E3 days", "+7 days", "-7 days", "0x7 days", "1_000 days", "1.2.3 days", "7days",
                    "7", "days", "7 dayss", "7 years", "inf days", "nan days", "7 days 2 hours", "", "７ days",
                ]
            ),
            (
                "cap: 99 %", "cap",
                [
                    "99 %", "99%", " 9.5  %", ".5 %", "5. %", "05 %", "1e1 %", "1 0 %", "+5 %", "--5 %", "0x5 %", "5 % ", "..5 %", "%",
                    "five %", "",
                ]
            ),
        ] as [(String, String, [String])])
    func `the JSON Schema takes the times and percentages that are read`(_ old: String, _ key: String, _ texts: [String]) throws {
        let schema = try JSONSerialization.jsonObject(with: Data(Plan.schema.description.utf8))
        let metrics = ((schema as? [String: Any])?["properties"] as? [String: Any])?["metrics"] as? [String: Any]
        let keys = (metrics?["additionalProperties"] as? [String: Any])?["properties"] as? [String: Any]
        let kind = try #require(keys?[key] as? [String: Any])
        let pattern = kind["pattern"] ?? (kind["anyOf"] as? [[String: Any]])?.compactMap { $0["pattern"] }.first
        let regex = try Regex(try #require(pattern as? String))
        for text in texts {
            let plan = PlanTests.plan.replacing(old, with: "\(key): \"\(text)\"", maxReplacements: 1)
            let isRead = (try? Plan(yaml: plan)) != nil
            #expect(isRead == text.contains(regex), "\(text)")
            #expect(text != texts[0] || isRead)
        }
    }

    @Test func `a byte order mark before a plan is no part of it, and does not move places`() throws {
        let plan = try Plan(yaml: "\u{FEFF}" + PlanTests.plan)
        #expect(plan.experiment == "shop")
        let wrong = PlanTests.plan.replacing("experiment: shop", with: "experiment: [shop]")
        let error = #expect(throws: YAMLError.self) { try Plan(yaml: "\u{FEFF}" + wrong) }
        #expect(error.map { "\($0)".contains("line 1, column 13") } == true)
    }

    @Test func `nothing is no plan, nor is a text, nor two documents`() {
        for text in ["", "x", "- a", "a: 1\n---\nb: 2", "experiment: x"] {
            #expect(throws: YAMLError.self) { try Plan(yaml: text) }
        }
        #expect(throws: YAMLError.self) { try Plan(yaml: String(repeating: "[", count: 100)) }
        #expect(throws: YAMLError.self) { try Plan(yaml: "a: " + String(repeating: "x", count: 2_000_000)) }
    }

    @Test func `an always-valid method says what it is tuned for`() throws {
        let old = "method: {confidence: 0.9, correction: hochberg}"
        #expect(throws: YAMLError.self) { try Plan(yaml: PlanTests.plan.replacing(old, with: "method: {horizon: always-valid}")) }
        let plan = try Plan(yaml: PlanTests.plan.replacing(old, with: "method: {horizon: always-valid, tuned for: 1000}"))
        #expect(plan.method.isAlwaysValid && plan.method.tunedFor == 1000)
    }

    @Test func `moments are in UTC`() throws {
        let yaml = PlanTests.plan.replacing(
            "value: money, time: at", with: "value: money, time: at, from: 2021-10-01, until: 2024-02-29 12:30")
        let fact = try #require(try Plan(yaml: yaml).fact("payments"))
        #expect(fact.from == 1_633_046_400)
        #expect(fact.until == 1_709_209_800)
    }
}

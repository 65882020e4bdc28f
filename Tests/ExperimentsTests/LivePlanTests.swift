import Experiments
import Testing

@Suite struct LivePlanTests {
    private let text = """
        control: "10"
        facts:
          purchase: {value: value, where: {value: {more than: 0}}}
          visit:
        populations:
          buyers: {of: purchase, at least: 1}
        metrics:
          revenue: {kind: mean, of: purchase}
          conversion: {kind: conversion, of: purchase}
        method: {confidence: 0.9}
        """

    private func plan(_ text: String, isAlwaysValid: Bool = false) throws -> Plan {
        let weights = [Plan.Weight(variant: "5", weight: 2), Plan.Weight(variant: "10", weight: 1)]
        return try LivePlan(text, values: ["5", "10"])
            .plan(of: ExperimentKey("price"), weights: weights, isAlwaysValid: isAlwaysValid)
    }

    @Test func `What is known is filled in`() throws {
        let plan = try plan(text)
        #expect(plan.experiment == "price")
        #expect(plan.assignment.control.text == "10")
        #expect(plan.assignment.weights.map(\.weight) == [2, 1])
        #expect(plan.source("exposures")?.query?.text.contains("experiment = 'price'") == true)
        #expect(plan.facts.map(\.source.text) == ["events", "events"])
        #expect(plan.facts.map { $0.time?.text } == ["time", "time"])
        #expect(plan.fact("purchase")?.conditions.count == 2)
        let named = try #require(plan.fact("visit")?.conditions)
        #expect(named.map(\.column.text) == ["fact"] && named.map(\.test) == [.isIn([.text("visit")])])
        #expect(!plan.method.isAlwaysValid && plan.method.confidence == 0.9)
        #expect(try LivePlan(text, values: ["10"]).facts == ["purchase", "visit"])
    }

    @Test func `The same plan serves for any look`() throws {
        let method = try plan(text, isAlwaysValid: true).method
        #expect(method.isAlwaysValid && method.tunedFor == 10_000 && method.confidence == 0.9)
        let tuned = text.replacing("{confidence: 0.9}", with: "{tuned for: 500}")
        #expect(try plan(tuned, isAlwaysValid: true).method.tunedFor == 500)
    }

    @Test func `JSON says the same, and the first variant is the control where none is named`() throws {
        let json = #"{"facts":{"purchase":{"value":"value"}},"metrics":{"revenue":{"kind":"mean","of":"purchase"}}}"#
        let plan = try plan(json)
        #expect(plan.metrics.map(\.name.text) == ["revenue"])
        #expect(plan.assignment.control.text == "5")
    }

    @Test(arguments: [
        ("[]", "mapping", 1, 1), ("sources: {a: b}\nmetrics: {}", "'sources'", 1, 1),
        ("metrics: {m: {kind: mean, of: purchase}}\nfacts:\n  purchase: {source: x}", "'source'", 3, 14),
        ("metrics: {m: {kind: mean, of: purchase}}\nmethod: {horizon: fixed}", "'horizon'", 2, 10),
        ("control: 7\nmetrics: {}", "5, 10", 1, 10), ("metrics: {m: {kind: mean, of: purchse}}\nfacts: {purchase: }", "purchse", 1, 31),
        ("metrics: {m: {kind: maen}}", "maen", 1, 21), ("facts: {purchase: }", "metrics", 1, 1),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: [1]}", "fact", 2, 12), ("a: b: c", "", 1, 5),
    ])
    func `A mistake is told with its place`(_ text: String, _ words: String, _ line: Int, _ column: Int) {
        do throws(YAMLError) {
            _ = try LivePlan(text, values: ["5", "10"])
            Issue.record("taken: \(text)")
        } catch {
            #expect(error.place == TextPlace(line: line, column: column), "\(error)")
            #expect(words.isEmpty || error.message.contains(words), "\(error)")
        }
    }
}

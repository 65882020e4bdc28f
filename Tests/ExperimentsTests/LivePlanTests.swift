import Experiments
import Testing
import Text

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

    @Test func `Size, the fact that all tell of, and segments by a unit's first event`() throws {
        let live = try LivePlan(
            text + "\nsize: 40000\nactive: visit\nsegments: {platform: {of: visit}, land: {of: visit, by: country}}", values: ["5", "10"])
        #expect(live.size == 40_000 && live.active == "visit")
        let plan = try live.plan(
            of: ExperimentKey("price"), weights: [.init(variant: "5", weight: 1), .init(variant: "10", weight: 1)], isAlwaysValid: false)
        #expect(plan.segments.map(\.name.text) == ["platform", "land"] && plan.segments.map(\.column.text) == ["platform", "country"])
        #expect(plan.segments.allSatisfy { $0.fact?.text == "visit" })
        #expect(plan.assignment.block?.text == "block" && plan.source("events")?.properties?.text == "properties")
        #expect(try LivePlan(text, values: ["5", "10"]).size == nil)
    }

    @Test func `Several facts count one event, each some of it`() throws {
        let more = "  visit:\n  yearly: {event: purchase, value: value, where: {plan: yearly}}\n  all: {event: visit}\n"
        let sliced = text.replacing("  visit:\n", with: more)
        let live = try LivePlan(sliced + "\nactive: all", values: ["5", "10"])
        #expect(live.facts == ["purchase", "visit", "yearly", "all"] && live.events == ["purchase", "visit"])
        #expect(live.facts.map(live.event) == ["purchase", "visit", "purchase", "visit"])
        #expect(live.active == "all" && live.event(of: "all") == "visit")
        let plan = try plan(sliced)
        #expect(plan.source("events")?.query?.text.hasSuffix(" AND fact IN ('purchase', 'visit')") == true)
        let yearly = try #require(plan.fact("yearly"))
        #expect(yearly.conditions.map(\.column.text) == ["fact", "plan"] && yearly.value?.text == "value")
        #expect(yearly.conditions.map(\.test) == [.isIn([.text("purchase")]), .isIn([.text("yearly")])])
        // A fact of another's name is that of its event all the same, and what is known is no mistake.
        let crossed = "metrics: {m: {kind: mean, of: a}}\nfacts: {a: {event: b}, b: {event: a, where: {fact: [a, c]}}}"
        #expect(try self.plan(crossed).facts.map { $0.conditions.first?.test } == [.isIn([.text("b")]), .isIn([.text("a")])])
        #expect(LivePlan.schema.description.contains("\"event\":"))
    }

    @Test func `Only events of the plan's facts are read, unless a name would have to be quoted`() throws {
        func query(_ text: String) throws -> String { try #require(try plan(text).source("events")?.query?.text) }
        let counted = "fact IN ('purchase', 'visit')"
        #expect(try query(text).hasSuffix(") AND \(counted)"))
        // All that is said of units holds beside it.
        #expect(try query(text + "\nby: person").contains("WHERE (unit IN ("))
        #expect(try query(text + "\nby: person").hasSuffix("gosset_links)) AND \(counted)"))
        for name in ["o'clock", #""back\\slash""#, #""line\nend""#] {
            let odd = text.replacing("  visit:\n", with: "  visit:\n  \(name):\n")
            #expect(try LivePlan(odd, values: ["5", "10"]).facts.count == 3)
            #expect(try !query(odd).contains("fact IN"), "\(name)")
        }
    }

    @Test func `Its JSON Schema knows what is left out and what is more`() throws {
        let schema = LivePlan.schema.description
        for key in ["control", "size", "active", "metrics", "segments"] { #expect(schema.contains("\"\(key)\":"), "\(key)") }
        for key in ["experiment", "sources", "assignment", "horizon"] { #expect(!schema.contains("\"\(key)\":"), "\(key)") }
    }

    @Test func `Persons are counted where the plan says so`() throws {
        #expect(try plan(text).assignment.persons == nil)
        let persons = try #require(try plan(text + "\nby: person\ncrossed over: exclude").assignment.persons)
        #expect(persons.source.text == "links" && persons.unit.text == "unit" && persons.person.text == "person")
        #expect(persons.crossover == .exclude)
        #expect(try plan(text + "\nby: person").assignment.persons?.crossover == .intentionToTreat)
        #expect(try plan(text + "\nby: device").source("links") == nil)
        for (more, message) in [
            ("by: people", "device or person"), ("crossed over: exclude", "say 'by: person'"),
            ("by: person\ncrossed over: never", "expected"),
        ] {
            let error = #expect(throws: YAMLError.self) { try plan(text + "\n" + more) }
            #expect(error.map { "\($0)".contains(message) } == true, "\(more)")
        }
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
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nsize: 3.5", "whole number", 3, 7),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nsize: 3", "at least 4", 3, 7),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nactive: b", "no fact 'b'", 3, 9),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nsegments: [platform]", "names", 3, 11),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nsegments: {platform: {of: b}}", "no fact 'b'", 3, 27),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: }\nsiez: 3", "did you mean 'size'", 3, 1),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {id: order}}", "told twice is there once", 2, 13),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {time: shipped}}", "leave it out", 2, 19),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {value: unit}}", "'unit' is no number", 2, 20),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {event: }}", "a name of events", 2, 20),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {event: two words}}", "found 'two words'", 2, 20),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {event: [b, c]}}", "found a list", 2, 20),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {events: b}}", "did you mean 'event'", 2, 13),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {where: {fact: b}}}", "say 'event: b'", 2, 21),
        ("metrics: {m: {kind: mean, of: a}}\nactive: a\nfacts: {a: {event: b, where: {c: 1}}}", "without 'where'", 2, 9),
        ("metrics: {m: {kind: mean, of: a, window: 0 days}}\nfacts: {a: }", "a longer time", 1, 42),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {from: 2026-02-01, until: 2026-01-01}}", "not after 'from'", 2, 38),
        ("metrics: {m: {kind: count, among: p}}\nfacts: {a: }\npopulations: {p: {of: a, at least: 3, at most: 1}}", "never both", 3, 48),
        ("metrics: {m: {kind: mean, of: a}}\nfacts: {a: {where: {value: {at least: 5, less than: 5}}}}", "'value' is never", 2, 53),
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

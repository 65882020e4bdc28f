import Analysis
import Console
import Enrollment
import EnrollmentTesting
import Events
import Experiments
import Foundation
import Notifications
import StandIns
import Statistics
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

// What is known of a running experiment; one after the other, for there is one ClickHouse.
@Suite(.serialized) struct LiveResultsTests {
    @Test(arguments: LivePlace.allCases)
    func `Facts, values and segments are read from properties, whatever clients write there`(_ place: LivePlace) async throws {
        let scene = try await LiveScene(place, devices: 90, plan: LiveScene.plan)
        var events: [Event] = []
        var revenue: [String: Double] = [:]
        for (number, exposure) in scene.exposures.enumerated() {
            let unit = exposure.unit
            let platform = number % 3 == 0 ? "null" : number % 2 == 0 ? #""ios""# : #""an\u0064roid""#
            events.append(scene.event("v1", unit, "visit", after: 2, #"{"deep":{"platform":"none"}, "platform" : \#(platform)}"#))
            // The first event that says it counts, not a later one.
            events.append(scene.event("v2", unit, "visit", after: 9, number % 3 == 0 ? "{}" : #"{"platform":"web"}"#))
            let amount = Double(number % 7) + (exposure.variant == "#0000FF" ? 2.5 : 0)
            if number % 5 != 0 {
                let name = number % 2 == 0 ? "yearly" : #"mon\"thly"#
                let text = #"{"plan":"\#(name)","seats":\#(1 + number % 3),"trial":false,"amount":\#(amount)}"#
                events.append(scene.event("p1", unit, "purchase", after: 3, text))
                revenue[unit] = amount
            }
            for (index, other) in [
                #"{"plan":"weekly","seats":1,"trial":false,"amount":1000}"#, #"{"plan":"yearly","seats":0.5,"trial":false,"amount":1000}"#,
                #"{"plan":"yearly","seats":"many","trial":false,"amount":1000}"#,
                #"{"plan":"yearly","seats":1,"trial":true,"amount":1000}"#,
                #"{"plan":["yearly"],"seats":1e999,"trial":null,"amount":{"amount":1000}}"#, #"{"a":{"plan":"yearly","seats":1}}"#,
            ].enumerated() {
                events.append(scene.event("x\(index)", unit, "purchase", after: 3, other))
            }
            events.append(scene.event("none", unit, "purchase", after: 3))
        }
        // What is no number adds nothing, and is told.
        events.append(
            scene.event("y", scene.exposures[0].unit, "purchase", after: 3, #"{"plan":"yearly","seats":1,"trial":false,"amount":"9"}"#))
        _ = try await scene.tables.deliver(events, source: "events", through: 1)
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.failure == nil)
        let report = try #require(results.fixedHorizon)
        #expect(report.primaryMetric == "revenue")
        let metric = try #require(report.metrics.first { $0.name == "revenue" })
        for group in metric.groups {
            let units = scene.exposures.filter { $0.variant == group.variant }
            #expect(group.count == 30 && units.count == 30)
            #expect(close(group.sum, units.reduce(0) { $0 + (revenue[$1.unit] ?? 0) }))
        }
        let impossible = try #require(report.checks.first { $0.name == "impossible values" })
        #expect(impossible.status == .warning && impossible.text.contains("1 value of purchase"), "\(impossible.text)")
        let segments = Dictionary(grouping: metric.segments, by: \.value).mapValues { $0.flatMap(\.groups).reduce(0) { $0 + $1.count } }
        #expect(segments == ["(missing)": 30, "ios": 30, "android": 30])
        #expect(metric.segments.allSatisfy { $0.column == "platform" })

        // Within blocks it is what the library makes of the same values.
        for comparison in metric.comparisons {
            let within = try #require(comparison.withinBlocks)
            let pairs = Dictionary(grouping: scene.exposures, by: \.block).values.map { block in
                func values(_ variant: String) -> [Double] { block.filter { $0.variant == variant }.map { revenue[$0.unit] ?? 0 } }
                return PermutationTest.Block(first: values(comparison.treatment), second: values(comparison.control))
            }
            let test = try BlockedDifference(blocks: pairs)
            #expect(within.blocks == 30 && within.units == 60 && within.unitsLeftOut == 0)
            #expect(close(within.difference, test.estimate) && close(within.standardError, test.standardError))
            #expect(close(within.difference, comparison.difference))
            let dealt = try #require(within.randomization)
            // Against many more assignments, not against the t-test: payments are so coarse that many assignments tie with the real one.
            let many = try PermutationTest(blocks: pairs, Resampling(count: 19_999, seed: 1))
            #expect(dealt.assignments == 999 && abs(dealt.pValue - many.pValue) < 0.1)
        }
        #expect(results.alwaysValid?.metrics.allSatisfy { $0.comparisons.allSatisfy { $0.withinBlocks == nil } } == true)
        #expect(results.size?.planned == 600 && results.size?.units == 90 && results.size?.isReached == false)
        #expect(report.checks.contains { $0.name == "planned size" && $0.status == .warning })
        #expect(results.arrivals?.counts.map(\.units) == [30, 30, 30])
        scene.registry.close()
    }

    @Test func `After a change of weights variants are compared within epochs, and what came with time is no effect`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 600, plan: LiveScene.plan)
        let key = scene.key
        try await scene.registry.change(actor: "test", action: "reallocate") { records, context in
            let weights = [Variant("#FF0000", weight: 1), Variant("#00FF00", weight: 1), Variant("#0000FF", weight: 8)]
            try records.change(key) { try $0.reallocate(Allocation(weights), at: context.nextOrdinal, now: context.now) }
        }
        for number in 600..<1200 { _ = try await scene.registry.enroll(DeviceToken("device-\(number)")) }
        let batch = try await ExposureSource(scene.registry).read(600, 600)
        try await scene.tables.deliver(batch.exposures(), source: "exposures", through: batch.next)
        let later = batch.exposures().filter { $0.experiment == key.text }
        #expect(scene.exposures.count == 600 && later.count == 600)
        // Who came later pays five times as much, whatever they were dealt.
        let properties = #"{"plan":"yearly","seats":1,"trial":false,"amount":"#
        var events: [Event] = []
        var paid: [String: [Int: [Double]]] = [:]
        for (number, exposure) in (scene.exposures + later).enumerated() {
            let amount = (number < 600 ? 1 : 5) * (1 + number * 7919 % 11)
            paid[exposure.variant, default: [:]][exposure.epoch, default: []].append(Double(amount))
            events.append(scene.event("v", exposure.unit, "visit", after: 2))
            events.append(scene.event("p", exposure.unit, "purchase", after: 3, properties + "\(amount)}"))
        }
        _ = try await scene.tables.deliver(events, source: "events", through: 1)
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        for report in [results.fixedHorizon, results.alwaysValid] {
            let report = try #require(report)
            #expect(report.verdict.decision != .invalid, "\(report.verdict.text)")
            let metric = try #require(report.metrics.first { $0.name == "revenue" })
            for comparison in metric.comparisons {
                let within = try #require(comparison.withinStrata)
                #expect(within.strata == 2 && within.unitsLeftOut == 0)
                let strata = try Stratification(
                    [0, 1].map { epoch in
                        try .init(
                            treatment: CoMoments([paid[comparison.treatment]?[epoch] ?? []]),
                            control: CoMoments([paid["#FF0000"]?[epoch] ?? []]))
                    })
                let test = try WelchTTest(strata.treatment.summary(0), strata.control.summary(0))
                #expect(close(comparison.difference, test.estimate) && close(comparison.statistic, test.statistic), "\(comparison)")
                // Chance does more than that once in ten million times.
                #expect(abs(comparison.statistic) < 5.5)
            }
            let (red, blue) = (metric.groups.first { $0.variant == "#FF0000" }, metric.groups.first { $0.variant == "#0000FF" })
            #expect(try #require(blue).mean > 1.3 * #require(red).mean)
            #expect(report.checks.contains { $0.name == "strata" && $0.status == .passed && $0.text.contains("within 2 values of epoch") })
        }
        // The band that is shown day by day ends where the result stands.
        let course = try #require(results.alwaysValid?.courses.first { $0.metric == "revenue" })
        let comparison = results.alwaysValid?.metrics.first { $0.name == "revenue" }?.comparisons.first { $0.treatment == course.treatment }
        #expect(close(course.points.last?.difference ?? .nan, comparison?.difference ?? .infinity))
        scene.registry.close()
    }

    @Test func `A fact whose values are all zero was told, and one that counts for nobody was not`() async throws {
        let plan = """
            facts:
              purchase: {value: amount}
              refund: {value: amount}
              gift: {value: amount, where: {paid: true}}
              visit:
            metrics:
              revenue: {kind: mean, of: purchase}
              refunds: {kind: ratio, of: gift, per: refund}
              visits: {kind: mean, of: visit}
            """
        let scene = try await LiveScene(.duckDB, devices: 30, plan: plan)
        let events = scene.exposures.flatMap { exposure in
            [
                scene.event("p", exposure.unit, "purchase", after: 1, #"{"amount":0}"#),
                scene.event("g", exposure.unit, "gift", after: 1, #"{"amount":5,"paid":false}"#),
                // Before it was exposed.
                scene.event("v", exposure.unit, "visit", after: -9),
            ]
        }
        _ = try await scene.tables.deliver(events + [scene.event("r", "stranger", "refund", after: 1)], source: "events", through: 1)
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.failure == nil)
        #expect(results.silentFacts == ["refund", "gift", "visit"])
        #expect(results.hasOtherFacts)
        scene.registry.close()
    }

    @Test(arguments: LivePlace.allCases)
    func `Several facts of one event are each what they say, and the rest is nobody's`(_ place: LivePlace) async throws {
        let plan = """
            active: came
            facts:
              came: {event: visit}
              purchase: {value: amount}
              yearly: {event: purchase, value: amount, where: {plan: yearly}}
              large: {event: purchase, where: {amount: {at least: 6}}}
            populations: {subscribers: {of: yearly, at least: 1}}
            metrics:
              revenue: {kind: mean, of: purchase}
              yearly revenue: {kind: mean, of: yearly}
              yearly share: {kind: ratio, of: yearly, per: purchase}
              large: {kind: conversion, of: large}
              of subscribers: {kind: mean, of: purchase, among: subscribers}
            segments: {plan: {of: yearly}, first: {of: purchase, by: plan}}
            """
        let scene = try await LiveScene(place, devices: 90, plan: plan)
        var events: [Event] = []
        var (all, yearly, large, subscribed): ([String: Double], [String: Double], Set<String>, Set<String>) = ([:], [:], [], [])
        for (number, exposure) in scene.exposures.enumerated() {
            let unit = exposure.unit
            if number % 10 != 0 { events.append(scene.event("v", unit, "visit", after: 1)) }
            // What is called as a fact is, and not as its event, is no event of it.
            events.append(scene.event("y", unit, "yearly", after: 1, #"{"plan":"yearly","amount":1000}"#))
            for purchase in 0..<(number % 4) {
                let (plan, amount) = ((number + purchase) % 3 == 0 ? "yearly" : "monthly", Double((number * 7 + purchase) % 9))
                events.append(scene.event("p\(purchase)", unit, "purchase", after: 2, #"{"plan":"\#(plan)","amount":\#(amount)}"#))
                all[unit, default: 0] += amount
                if amount >= 6 { large.insert(unit) }
                if plan == "yearly" {
                    yearly[unit, default: 0] += amount
                    subscribed.insert(unit)
                }
            }
        }
        _ = try await scene.tables.deliver(events, source: "events", through: 1)
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.failure == nil && results.silentFacts.isEmpty)
        let report = try #require(results.fixedHorizon)
        func sums(_ name: String) throws -> [String: Double] {
            let metric = try #require(report.metrics.first { $0.name == name })
            return Dictionary(uniqueKeysWithValues: metric.groups.map { ($0.variant, $0.sum) })
        }
        let units = Dictionary(grouping: scene.exposures, by: \.variant).mapValues { $0.map(\.unit) }
        for (variant, units) in units {
            func sum(_ values: [String: Double]) -> Double { units.reduce(0) { $0 + (values[$1] ?? 0) } }
            #expect(close(try sums("revenue")[variant] ?? .nan, sum(all)))
            #expect(close(try sums("yearly revenue")[variant] ?? .nan, sum(yearly)))
            #expect(try sums("large")[variant] == Double(units.count { large.contains($0) }))
            #expect(close(try sums("of subscribers")[variant] ?? .nan, sum(all.filter { subscribed.contains($0.key) })))
            let share = try #require(report.metrics.first { $0.name == "yearly share" }?.groups.first { $0.variant == variant })
            #expect(close(share.mean, sum(yearly) / sum(all)))
        }
        let revenue = try #require(report.metrics.first { $0.name == "revenue" })
        for (column, values) in [("plan", ["(missing)", "yearly"]), ("first", ["(missing)", "monthly", "yearly"])] {
            #expect(Set(revenue.segments.filter { $0.column == column }.map(\.value)) == Set(values), "\(column)")
        }
        // A unit came if it told of the event, whatever the fact is called.
        #expect(results.arrivals?.counts.reduce(0) { $0 + $1.units } == 81 && results.arrivals?.active == "came")
        scene.registry.close()
    }

    @Test(arguments: LivePlace.allCases)
    func `An event that is told twice counts once, as the check of duplicates says`(_ place: LivePlace) async throws {
        let scene = try await LiveScene(place, devices: 30, plan: "facts: {visit: }\nmetrics: {visits: {kind: mean, of: visit}}")
        let visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 1) }
        _ = try await scene.tables.deliver(visits + visits, source: "events", through: 1)
        _ = try await scene.tables.deliver(visits, source: "events", through: 2)
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        for report in try [#require(results.fixedHorizon), #require(results.alwaysValid)] {
            #expect(report.metrics.first?.groups.map(\.sum) == [10, 10, 10])
            let check = try #require(report.checks.first { $0.name == "duplicates" })
            #expect(check.status == .passed && check.text == "none in the assignment; an event that is told twice counts once")
        }
        scene.registry.close()
    }

    @Test func `The first device is no reason to distrust the data`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 1, plan: LiveScene.plan)
        let plan = LiveScene.plan.replacing("#FF0000", with: try #require(scene.exposures.first?.variant))
        try await scene.registry.change(actor: "test", action: "change plan") { records, _ in
            try records.change(scene.key) { experiment in try experiment.analyse(by: plan) }
        }
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.alwaysValid?.verdict.decision == .keepRunning, "\(results.failure ?? "")")
        #expect(results.alwaysValid?.checks.first { $0.name == "sample ratio" }?.status == .warning)
        scene.registry.close()
    }

    @Test(arguments: ["", "by: person\n"]) func `Units whose data were deleted do not fill the planned size`(_ by: String) async throws {
        let scene = try await LiveScene(.duckDB, devices: 90, plan: by + LiveScene.plan)
        let visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        _ = try await scene.tables.deliver(visits, source: "events", through: 1)
        try await scene.tables.erase(units: scene.exposures.prefix(7).map(\.unit))
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.size?.units == 83, "\(results.failure ?? "")")
        #expect(results.alwaysValid?.units.reduce(0) { $0 + $1.count } == 83)
        scene.registry.close()
    }

    @Test func `Testers with forced values do not fill the planned size`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 90, plan: LiveScene.plan)
        let visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        _ = try await scene.tables.deliver(visits, source: "events", through: 1)
        let unit = scene.registry.unit(of: try DeviceToken("device-3"))
        try await scene.registry.change(actor: "test", action: "force value") { records, _ in
            try records.change(scene.key) { experiment throws(ExperimentError) in try experiment.force(unit, to: "#00FF00") }
        }
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.size?.units == 89, "\(results.failure ?? "")")
        scene.registry.close()
    }
}

private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }

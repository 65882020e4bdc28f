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
    // What a server delivers to.
    enum Place: String, CaseIterable, Sendable {
        case duckDB, postgreSQL, clickHouse

        func connect() async throws -> any Warehouse {
            switch self {
            case .duckDB: return try await TestWarehouses.connect("duckdb:")
            case .postgreSQL: return try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
            case .clickHouse:
                let warehouse = try await TestWarehouses.connect(try await ClickHouseTestCluster.shared.value.address)
                for table in ["gosset_events", "gosset_exposures", "gosset_deliveries"] {
                    try await warehouse.execute("DROP TABLE IF EXISTS \(table: table)")
                }
                return warehouse
            }
        }
    }

    private static let plan = """
        control: "#FF0000"
        size: 600
        active: visit
        facts:
          visit:
          purchase: {value: amount, where: {plan: [yearly, "mon\\"thly"], seats: {at least: 1}, trial: false}}
        metrics:
          conversion: {kind: conversion, of: purchase}
          revenue: {kind: mean, of: purchase}
        segments:
          platform: {of: visit}
        decision: {ship on: revenue}
        """

    // A way to nobody that remembers what it was given.
    private final class Recorder: Sender {
        let name = "recorder"
        let sent = Mutex<[String]>([])

        func send(_ notice: Notice, event: String) async -> DeliveryOutcome {
            sent.withLock { $0.append(event) }
            return .delivered
        }
    }

    // A registry with devices in its example experiments, and their exposures in a warehouse.
    private struct Scene {
        let registry: Registry
        let warehouse: any Warehouse
        let tables: EventTables
        let exposures: [Exposure]
        let key: ExperimentKey

        init(_ place: Place, devices: Int, plan: String) async throws {
            registry = try Registry(MemoryStore())
            let key = try ExperimentKey("button_color")
            try await registry.change(actor: "test", action: "begin") { records, context in
                records = try .examples(now: context.now)
                try records.change(key) { experiment in try experiment.analyse(by: plan) }
            }
            for number in 0..<devices { _ = try await registry.enroll(DeviceToken("device-\(number)")) }
            warehouse = try await place.connect()
            tables = EventTables(warehouse)
            try await tables.prepare()
            let batch = try await ExposureSource(registry).read(0, devices)
            try await tables.deliver(batch.exposures(), source: "exposures", through: batch.next)
            exposures = batch.exposures().filter { $0.experiment == key.text }
            self.key = key
        }

        func refresh(_ results: LiveResults, _ number: UInt64 = 1) async throws -> LiveResults.Results {
            let news = Deliverer.News(exposures: "exposures", number: number)
            while await !results.refresh(warehouse, news) { try await Task.sleep(for: .milliseconds(20)) }
            return try #require(results.results(of: key))
        }

        func event(_ id: String, _ unit: String, _ fact: String, after seconds: Int64, _ properties: String? = nil) -> Event {
            let time = Timestamp(milliseconds: Timestamp.now().milliseconds + 1000 * seconds)
            return Event(id: id, unit: unit, fact: fact, time: time, received: .now(), properties: properties)
        }
    }

    @Test(arguments: Place.allCases)
    func `Facts, values and segments are read from properties, whatever clients write there`(_ place: Place) async throws {
        let scene = try await Scene(place, devices: 90, plan: Self.plan)
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
        let scene = try await Scene(.duckDB, devices: 600, plan: Self.plan)
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
                // Chance does more than that once in a hundred thousand times.
                #expect(abs(comparison.statistic) < 4.5)
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

    @Test func `The first device is no reason to distrust the data`() async throws {
        let scene = try await Scene(.duckDB, devices: 1, plan: Self.plan)
        let plan = Self.plan.replacing("#FF0000", with: try #require(scene.exposures.first?.variant))
        try await scene.registry.change(actor: "test", action: "change plan") { records, _ in
            try records.change(scene.key) { experiment in try experiment.analyse(by: plan) }
        }
        let results = try await scene.refresh(LiveResults(registry: scene.registry))
        #expect(results.alwaysValid?.verdict.decision == .keepRunning, "\(results.failure ?? "")")
        #expect(results.alwaysValid?.checks.first { $0.name == "sample ratio" }?.status == .warning)
        scene.registry.close()
    }

    @Test func `Testers with forced values do not fill the planned size`() async throws {
        let scene = try await Scene(.duckDB, devices: 90, plan: Self.plan)
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

    @Test func `A verdict is about one plan: another begins anew, and the first stands again with its plan`() async throws {
        let scene = try await Scene(.duckDB, devices: 900, plan: Self.plan)
        let directory = try ScratchDirectory()
        let recorder = Recorder()
        let courier = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [recorder])
        await courier.start()
        let visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        let bought = scene.exposures.map { exposure in
            let amount = exposure.ordinal * 7919 % 101 + (exposure.variant == "#0000FF" ? 80 : 0)
            return scene.event(
                "p", exposure.unit, "purchase", after: 1, #"{"plan":"yearly","seats":1,"trial":false,"amount":\#(amount)}"#)
        }
        _ = try await scene.tables.deliver(visits + bought, source: "events", through: 1)
        func change(_ plan: String) async throws {
            try await scene.registry.change(actor: "test", action: "change plan") { records, _ in
                try records.change(scene.key) { experiment in try experiment.analyse(by: plan) }
            }
        }
        func decided() async throws -> [AuditEntry] {
            try await scene.registry.auditLog(AuditQuery(subject: scene.key.text)).filter { $0.action == VerdictRule.action }
        }
        let live = LiveResults(registry: scene.registry, courier: courier)
        let first = try await scene.refresh(live)
        let standing = try #require(live.verdict(of: scene.key))
        #expect(standing.rule.decision == .ship && standing.rule.variant == "#0000FF", "\(first.failure ?? "")")
        #expect(live.earlierVerdict(of: scene.key) == nil)
        // The same plan again is no change.
        try await change(Self.plan)
        _ = try await scene.refresh(live, 2)
        #expect(live.verdict(of: scene.key)?.since == standing.since && live.earlierVerdict(of: scene.key) == nil)
        #expect(try await decided().count == 1)

        let other = Self.plan.replacing("control: \"#FF0000\"", with: "control: \"#0000FF\"")
        try await change(other)
        // A server that was started anew knows it too.
        let started = LiveResults(registry: scene.registry)
        await started.recall()
        for results in [live, started] {
            #expect(results.verdict(of: scene.key) == nil)
            #expect(results.earlierVerdict(of: scene.key)?.rule.decision == .ship)
        }
        _ = try await scene.refresh(live, 3)
        #expect(live.verdict(of: scene.key)?.rule.decision == .doNotShip)
        #expect(live.earlierVerdict(of: scene.key)?.rule == standing.rule)
        _ = try await scene.refresh(started, 3)
        let log = try await decided()
        try #require(log.count == 2)
        #expect(log[0].before?.contains("keep running") == true, "it began anew")
        #expect(log.map { $0.after.flatMap(VerdictRule.init(stored:))?.plan } == [other, Self.plan].map { VerdictRule(plan: $0).plan })

        try await change(Self.plan)
        #expect(live.verdict(of: scene.key) == nil && live.earlierVerdict(of: scene.key)?.rule.decision == .doNotShip)
        _ = try await scene.refresh(live, 4)
        #expect(live.verdict(of: scene.key)?.rule == standing.rule)
        #expect(try await decided().count == 2, "a verdict is told once for each plan")
        for _ in 0..<500 where recorder.sent.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(recorder.sent.withLock { $0 } == ["verdict/button_color#1", "verdict/button_color#2"])
        await courier.close()
        scene.registry.close()
    }

    @Test func `A verdict is known however much else was written about its experiment since`() async throws {
        let scene = try await Scene(.duckDB, devices: 9, plan: Self.plan)
        let rule = VerdictRule(plan: Self.plan)
        try await scene.registry.note(actor: "gosset", action: VerdictRule.action, subject: scene.key.text, after: rule.stored)
        for number in 0..<2100 {
            try await scene.registry.note(actor: "a", action: "force value", subject: scene.key.text, after: "{\"n\":\(number)}")
        }
        let started = LiveResults(registry: scene.registry)
        await started.recall()
        #expect(started.verdict(of: scene.key)?.rule == rule)
        scene.registry.close()
    }

    @Test func `What one of two servers has told, the other does not tell again`() async throws {
        let scene = try await Scene(.duckDB, devices: 900, plan: Self.plan)
        let directory = try ScratchDirectory()
        let recorder = Recorder()
        let outboxes = try ["one", "other"].map { try Outbox(path: directory.file("\($0).db")) }
        var (couriers, servers) = ([Courier](), [LiveResults]())
        for outbox in outboxes {
            let courier = Courier(outbox: outbox, senders: [recorder])
            await courier.start()
            couriers.append(courier)
            servers.append(LiveResults(registry: scene.registry, courier: courier))
        }
        // Both know what was thought before there was anything to decide.
        for server in servers { _ = try await scene.refresh(server) }
        #expect(servers.allSatisfy { $0.verdict(of: scene.key)?.rule.decision == .keepRunning })
        let visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        let bought = scene.exposures.map { exposure in
            let amount = exposure.ordinal * 7919 % 101 + (exposure.variant == "#0000FF" ? 80 : 0)
            return scene.event(
                "p", exposure.unit, "purchase", after: 1, #"{"plan":"yearly","seats":1,"trial":false,"amount":\#(amount)}"#)
        }
        _ = try await scene.tables.deliver(visits + bought, source: "events", through: 1)
        for server in servers { _ = try await scene.refresh(server, 2) }
        for server in servers {
            #expect(server.verdict(of: scene.key)?.rule.decision == .ship)
        }
        func told() -> [String] { recorder.sent.withLock { $0.filter { $0.hasPrefix("verdict/") } } }
        for _ in 0..<500 where told().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        // What the other were to tell would be in its outbox, if it were not sent.
        #expect(try outboxes.allSatisfy { try $0.waiting().allSatisfy { !$0.event.hasPrefix("verdict/") } })
        for courier in couriers { await courier.close() }
        let verdicts = try await scene.registry.auditLog(AuditQuery(subject: scene.key.text)).count { $0.action == VerdictRule.action }
        #expect(verdicts == 1)
        #expect(told() == ["verdict/button_color#1"])
        scene.registry.close()
    }

    @Test func `Units that are lost in one variant raise an alarm, which is told once, and again when it is over`() async throws {
        let scene = try await Scene(.duckDB, devices: 900, plan: Self.plan)
        let directory = try ScratchDirectory()
        let recorder = Recorder()
        let courier = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [recorder])
        await courier.start()
        var visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        let lost = Set(scene.exposures.filter { $0.variant == "#0000FF" && $0.ordinal % 3 != 0 }.map(\.unit))
        let late = visits.filter { lost.contains($0.unit) }
        visits.removeAll { lost.contains($0.unit) }
        let bought = scene.exposures.map { exposure in
            let amount = exposure.ordinal * 7919 % 101
            return scene.event(
                "p", exposure.unit, "purchase", after: 1, #"{"plan":"yearly","seats":1,"trial":false,"amount":\#(amount)}"#)
        }
        #expect(late.count > 150)
        _ = try await scene.tables.deliver(visits + bought, source: "events", through: 1)
        let name = "sample ratio over time"
        for _ in 0..<2 {
            // The second is a server that was started anew.
            let live = LiveResults(registry: scene.registry, courier: courier)
            let results = try await scene.refresh(live)
            #expect(results.alwaysValid?.verdict.decision == .invalid)
            #expect(results.alwaysValid?.verdict.text.contains("visit") == true)
            #expect(results.alwaysValid?.checks.contains { $0.name == name && $0.status == .failed } == true)
            #expect(live.alarms.contains { $0.key == scene.key && $0.rule.name == name && $0.rule.isRaised })
            #expect(live.alarms.contains { $0.rule.name == "balance of blocks" && !$0.rule.isRaised })
        }
        // What was decided is known from the start on, before the data are looked at.
        let started = LiveResults(registry: scene.registry)
        await started.recall()
        #expect(started.verdict(of: scene.key)?.rule.decision == .invalid && started.verdict(of: scene.key)?.since != nil)
        #expect(started.results(of: scene.key) == nil)
        _ = try await scene.tables.deliver(late, source: "events", through: 2)
        let live = LiveResults(registry: scene.registry, courier: courier)
        let results = try await scene.refresh(live)
        #expect(results.alwaysValid?.verdict.decision == .keepRunning, "\(results.alwaysValid?.verdict.text ?? "")")
        for _ in 0..<500 where recorder.sent.withLock({ $0.count }) < 4 { try await Task.sleep(for: .milliseconds(20)) }
        let told = recorder.sent.withLock { $0 }.sorted()
        #expect(
            told == [
                "alarm/\(name)/button_color#1", "alarm/\(name)/button_color#2", "verdict/button_color#1", "verdict/button_color#2",
            ])
        let log = try await scene.registry.auditLog(AuditQuery(subject: scene.key.text))
        #expect(log.count { $0.action == AlarmRule.action } == 2 && log.count { $0.action == VerdictRule.action } == 2)
        await courier.close()
        scene.registry.close()
    }
}

private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }

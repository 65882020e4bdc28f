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

// What is decided and told of a running experiment.
@Suite struct LiveVerdictTests {
    @Test func `A verdict is about one plan: another begins anew, and the first stands again with its plan`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
        let directory = try ScratchDirectory()
        let recorder = Recorder()
        let courier = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [recorder])
        await courier.start()
        try await scene.deliver(more: 80)
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
        try await change(LiveScene.plan)
        _ = try await scene.refresh(live, 2)
        #expect(live.verdict(of: scene.key)?.since == standing.since && live.earlierVerdict(of: scene.key) == nil)
        #expect(try await decided().count == 1)

        let other = LiveScene.plan.replacing("control: \"#FF0000\"", with: "control: \"#0000FF\"")
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
        let plans = log.map { $0.after.flatMap(VerdictRule.init(stored:))?.plan }
        #expect(plans == [other, LiveScene.plan].map { VerdictRule(plan: $0).plan })

        try await change(LiveScene.plan)
        #expect(live.verdict(of: scene.key) == nil && live.earlierVerdict(of: scene.key)?.rule.decision == .doNotShip)
        _ = try await scene.refresh(live, 4)
        #expect(live.verdict(of: scene.key)?.rule == standing.rule)
        #expect(try await decided().count == 2, "a verdict is told once for each plan")
        for _ in 0..<500 where recorder.events.count < 2 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(recorder.events == ["verdict/button_color#1", "verdict/button_color#2"])
        await courier.close()
        scene.registry.close()
    }

    @Test func `A verdict is known however much else was written about its experiment since`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 9, plan: LiveScene.plan)
        let rule = VerdictRule(plan: LiveScene.plan)
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
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
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
        try await scene.deliver(more: 80)
        for server in servers { _ = try await scene.refresh(server, 2) }
        for server in servers {
            #expect(server.verdict(of: scene.key)?.rule.decision == .ship)
        }
        func told() -> [String] { recorder.events.filter { $0.hasPrefix("verdict/") } }
        for _ in 0..<500 where told().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        // What the other were to tell would be in its outbox, if it were not sent.
        func isWaiting() throws -> Bool { try outboxes.contains { try $0.waiting().contains { $0.event.hasPrefix("verdict/") } } }
        for _ in 0..<500 where try isWaiting() { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try !isWaiting())
        for courier in couriers { await courier.close() }
        let verdicts = try await scene.registry.auditLog(AuditQuery(subject: scene.key.text)).count { $0.action == VerdictRule.action }
        #expect(verdicts == 1)
        #expect(told() == ["verdict/button_color#1"])
        scene.registry.close()
    }

    @Test func `Who reads for long does not overrule what another server decided meanwhile, and reads again`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
        try await scene.deliver(more: 80)
        let (slow, quick) = (LiveResults(registry: scene.registry), LiveResults(registry: scene.registry))
        let happening = OvertakenWarehouse.Happening {
            let much = #"{"plan":"yearly","seats":1,"trial":false,"amount":1e200}"#
            let event = scene.event("much", scene.exposures[0].unit, "purchase", after: 2, much)
            _ = try await scene.tables.deliver([event], source: "events", through: 2)
            let results = try await scene.refresh(quick, 2)
            #expect(results.alwaysValid?.verdict.decision == .invalid)
        }
        let overtaken = OvertakenWarehouse(base: scene.warehouse, happening: happening)
        _ = try await scene.refresh(slow, 2, from: overtaken)
        #expect(happening.happened.withLock { $0 })
        #expect(slow.verdict(of: scene.key)?.rule.decision == .invalid)
        #expect(slow.results(of: scene.key)?.alwaysValid?.verdict.decision == .invalid)
        let decided = try await scene.registry.auditLog(of: scene.key.text, actions: [VerdictRule.action])
        #expect(decided.compactMap { $0.after.flatMap(VerdictRule.init(stored:))?.decision } == [.invalid])
        scene.registry.close()
    }

    // What was written down by another server, so that it is news again here.
    @Test func `What one server has told is told again when another has told the contrary since`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
        let directory = try ScratchDirectory()
        let (outbox, recorder) = (try Outbox(path: directory.file("outbox.db")), Recorder())
        try await scene.deliver(more: 80)
        let invalid = #"{"decision":"invalid","variant":null,"plan":"\#(try #require(VerdictRule(plan: LiveScene.plan).plan))"}"#
        #expect(VerdictRule(stored: invalid)?.decision == .invalid)
        for run in 1...2 as ClosedRange<UInt64> {
            let courier = Courier(outbox: outbox, senders: [recorder])
            await courier.start()
            let live = LiveResults(registry: scene.registry, courier: courier)
            _ = try await scene.refresh(live, run)
            #expect(live.verdict(of: scene.key)?.rule.decision == .ship)
            // What is under way arrives before it is closed.
            await courier.close()
            try await scene.registry.note(actor: "gosset", action: VerdictRule.action, subject: scene.key.text, after: invalid)
        }
        #expect(recorder.events == ["verdict/button_color#1", "verdict/button_color#3"])
        scene.registry.close()
    }

    // The server that ended has held its message back and has written its verdict down, or has not, or another server was first.
    @Test(arguments: ["written", "not written", "another's"])
    func `What a server was about to tell when it ended is told by its next run, once`(_ state: String) async throws {
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
        let directory = try ScratchDirectory()
        try await scene.deliver(more: 80)
        var ended = VerdictRule(plan: LiveScene.plan)
        let verdict = try #require(try await scene.refresh(LiveResults(registry: scene.registry)).alwaysValid?.verdict)
        #expect(ended.consider(verdict) && ended.decision == .ship)
        // That one had nobody to tell; another says so next.
        let other = #"{"decision":"invalid","variant":null,"plan":"\#(try #require(ended.plan))"}"#
        try await scene.registry.note(actor: "gosset", action: VerdictRule.action, subject: scene.key.text, after: other)
        let outbox = try Outbox(path: directory.file("outbox.db"))
        let notice = Notice(title: "as it was to be told")
        let after = ended.stored(by: outbox.identity)
        #expect(VerdictRule(stored: after) == ended)
        try outbox.hold(
            notice,
            .init(topic: "verdict/\(scene.key)", number: 3, action: VerdictRule.action, subject: scene.key.text, fingerprint: after))
        if state != "not written" {
            let log = try await scene.registry.auditLog(of: scene.key.text, actions: [VerdictRule.action])
            let isFirst = try await scene.registry.note(
                actor: "gosset", action: VerdictRule.action, subject: scene.key.text, before: other,
                after: state == "written" ? after : ended.stored(by: "another"), following: log.first?.id)
            #expect(isFirst)
        }
        // Neither results nor a plan are needed for it.
        if state == "written" {
            try await scene.registry.change(actor: "test", action: "remove plan") { records, _ in
                try records.change(scene.key) { experiment in try experiment.analyse(by: nil) }
            }
        }

        let recorder = Recorder()
        let courier = Courier(outbox: outbox, senders: [recorder])
        await courier.start()
        let live = LiveResults(registry: scene.registry, courier: courier)
        await live.recall()
        if state != "written" {
            _ = try await scene.refresh(live)
            #expect(live.verdict(of: scene.key)?.rule == ended)
        }
        await courier.close()
        if state != "another's" {
            #expect(recorder.events == ["verdict/button_color#3"])
            let title = try #require(recorder.sent.withLock { $0.first?.notice.title })
            #expect(title == (state == "written" ? notice.title : "button_color: ship '#0000FF'"))
        }
        #expect(try outbox.held().isEmpty && outbox.waiting().isEmpty)
        #expect(try outbox.counts() == (state == "another's" ? [:] : ["delivered": 1]))
        #expect(try await scene.registry.auditLog(of: scene.key.text, actions: [VerdictRule.action]).count == 3)
        scene.registry.close()
    }

    @Test func `Units that are lost in one variant raise an alarm, which is told once, and again when it is over`() async throws {
        let scene = try await LiveScene(.duckDB, devices: 900, plan: LiveScene.plan)
        let directory = try ScratchDirectory()
        let recorder = Recorder()
        let courier = Courier(outbox: try Outbox(path: directory.file("outbox.db")), senders: [recorder])
        await courier.start()
        var visits = scene.exposures.map { scene.event("v", $0.unit, "visit", after: 0) }
        let lost = Set(scene.exposures.filter { $0.variant == "#0000FF" && $0.ordinal % 3 != 0 }.map(\.unit))
        let late = visits.filter { lost.contains($0.unit) }
        visits.removeAll { lost.contains($0.unit) }
        let bought = scene.purchases(more: 0)
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
        for _ in 0..<500 where recorder.events.count < 4 { try await Task.sleep(for: .milliseconds(20)) }
        let told = recorder.events.sorted()
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

// Something happens, once, between what is read first and what is made of it.
private struct OvertakenWarehouse: Warehouse {
    final class Happening: Sendable {
        let happened = Mutex(false)
        let body: @Sendable () async throws -> Void

        init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

        func happen() async {
            guard
                happened.withLock({ happened in
                    defer { happened = true }
                    return !happened
                })
            else { return }
            do { try await body() } catch { Issue.record(error) }
        }
    }

    let base: any Warehouse
    let happening: Happening

    var dialect: Dialect { base.dialect }
    var readsFiles: Bool { base.readsFiles }
    func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable { try await base.query(sql) }
    func another() async throws(WarehouseError) -> any Warehouse {
        OvertakenWarehouse(base: try await base.another(), happening: happening)
    }
    func cancel() { base.cancel() }

    func execute(_ sql: SQL) async throws(WarehouseError) {
        try await base.execute(sql)
        // What was read together is read.
        if sql == "ROLLBACK" { await happening.happen() }
    }
}

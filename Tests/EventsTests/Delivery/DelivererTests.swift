import EnrollmentTesting
import Events
import Experiments
import Foundation
import Synchronization
import Testing
import Warehouse
import WarehouseTesting

@Suite struct DelivererTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var options: Deliverer.Options {
        var options = Deliverer.Options()
        options.pace.interval = .milliseconds(5)
        options.pace.retry = .milliseconds(5)...(.milliseconds(20))
        // Nobody else needs the processors here.
        (options.pace.leisure, options.pace.gathering, options.pace.forbearance) = (0, 0, .zero)
        options.devices = 7
        options.now = { .noon }
        return options
    }

    // A registry of so many devices, in one running experiment.
    private static func source(devices: Int, named name: String = "device") throws -> (ExposureSource, Assigner) {
        var experiment = Experiment(
            key: try ExperimentKey("color"), allocation: try Allocation([Variant("red", weight: 1), Variant("blue", weight: 2)]),
            created: .noon)
        try experiment.start(at: 3, now: .noon)
        let assigner = Assigner(try Catalogue([experiment]))
        let source = ExposureSource(registry: "registry") { first, limit in
            let end = min(Int(first) + limit, devices)
            let exposures = (Int(first)..<max(end, Int(first))).flatMap {
                assigner.exposures(of: Ordinal($0), unit: "\(name)-\($0)", firstSeen: .noon)
            }
            return ExposureBatch(next: max(Ordinal(end), first), end: max(Ordinal(devices), first)) { exposures }
        }
        return (source, assigner)
    }

    private func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
        for _ in 0..<2000 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("waited in vain for \(what)")
    }

    @Test func `Events and exposures arrive, once, and the spool is empty`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, assigner) = try Self.source(devices: 100)
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        for number in 0..<50 { try await spool.append(EncodedBatch([.numbered(number), .numbered(number / 2)])) }
        try await eventually("the spool to be empty") { spool.status.bytes == 0 && deliverer.status.exposures == 100 }
        await deliverer.close()
        #expect(spool.status.tally.delivered == 50)
        #expect(spool.status.tally.duplicates == 50)
        #expect(try await warehouse.query("SELECT count(*) AS n FROM gosset_events").counts("n") == [50])
        let found = try await warehouse.query("SELECT ordinal AS o, variant AS v FROM gosset_exposures ORDER BY ordinal")
        #expect(try found.counts("o") == Array(3..<100))
        #expect(try found.texts("v") == (3..<100).map { assigner.values(for: Ordinal($0)).first?.value })
        spool.close()
    }

    // It would take the exposures of those who got the lost devices' numbers for delivered.
    @Test(arguments: [50, 200]) func `a registry that was restored from an older copy is not delivered beside what it lost`(devices: Int)
        async throws
    {
        let spool = try Spool(path: directory.path + "/events.db")
        let warehouse = try await TestWarehouses.connect("duckdb:")
        func run(_ source: ExposureSource, until isSo: @escaping (Deliverer.Status) -> Bool) async throws {
            let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
            await deliverer.run()
            try await eventually("the end of it") { isSo(deliverer.status) }
            await deliverer.close()
        }
        let count: () async throws -> [Int] = {
            try await warehouse.query("SELECT count(*) AS n FROM gosset_exposures").counts("n")
        }
        let (before, _) = try Self.source(devices: 100)
        try await run(before) { $0.exposures == 100 }
        // The same again goes on.
        try await run(before) { $0.exposures == 100 && $0.current != nil }
        let (restored, _) = try Self.source(devices: devices, named: "later")
        try await run(restored) { $0.failure?.contains("restored from an older copy") == true }
        #expect(try await count() == [97])
        for table in ["exposures", "links", "deliveries"] { try await warehouse.execute(SQL(uncheckedText: "DROP TABLE gosset_\(table)")) }
        try await run(restored) { $0.exposures == UInt64(devices) && $0.failure == nil }
        #expect(try await count() == [devices - 3])
        spool.close()
    }

    @Test func `statements are urgent only while the spool is about to overflow, and at the end`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        var options = options
        options.bytes = 1000
        let said = Mutex<[Bool]>([])
        let warehouse = HastenedWarehouse(try await TestWarehouses.connect("duckdb:")) { isUrgent in said.withLock { $0.append(isUrgent) } }
        for number in 0..<100 { try await spool.append(EncodedBatch((0..<10).map { .numbered(number * 10 + $0) })) }
        let (source, _) = try Self.source(devices: 0)
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        try await eventually("the spool to be empty and looked at again") { spool.status.bytes == 0 && said.withLock { $0.last == false } }
        await deliverer.close()
        let found = said.withLock { $0 }
        // Many events wait at first, and fewer later.
        let urgent = found.prefix { $0 }.count
        let end = found.dropFirst(urgent).drop { !$0 }
        #expect(urgent > 1 && urgent < found.count - end.count)
        #expect(!end.isEmpty && end.allSatisfy { $0 })
        spool.close()
    }

    @Test func `A warehouse that is away, or ends in the middle, only delays`() async throws {
        let server = try PostgresTestServer()
        let database = try server.makeDatabase()
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 1000)
        try server.stop()
        let failures = Mutex(0)
        var options = options
        options.report = { event in if case .failed = event { failures.withLock { $0 += 1 } } }
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { try await TestWarehouses.connect(database) }
        await deliverer.run()
        try await spool.append(EncodedBatch((0..<100).map { .numbered($0) }))
        try await eventually("a failure") { failures.withLock { $0 } > 2 && deliverer.status.failure != nil }
        #expect(spool.status.tally.received == 100 && spool.status.tally.delivered == 0)
        let status = deliverer.status
        #expect(status.failure == "the warehouse cannot be reached, or lets nobody in" && status.failing == .noon)
        try server.start()
        try await eventually("the delivery") { spool.status.bytes == 0 }
        #expect(deliverer.status.failure == nil && deliverer.status.failing == nil)
        // It is stopped again and again while deliveries are under way.
        for round in 1...4 {
            for part in 0..<20 {
                let first = round * 1000 + part * 10
                try await spool.append(EncodedBatch((first..<first + 10).map { .numbered($0) }))
            }
            try server.stop()
            try server.start()
        }
        try await eventually("the rest") { spool.status.bytes == 0 && deliverer.status.exposures == 1000 }
        await deliverer.close()
        let warehouse = try await TestWarehouses.connect(database)
        #expect(try await warehouse.query("SELECT count(*) AS n FROM gosset_events").counts("n") == [900])
        #expect(try await warehouse.query("SELECT count(*) AS n FROM gosset_exposures").counts("n") == [997])
        spool.close()
    }

    @Test func `A warehouse that says nothing at all is told of before its connection is given up`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 1)
        var options = options
        options.silence = .milliseconds(50)
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) {
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            throw WarehouseError.cancelled
        }
        #expect(deliverer.status.failure == nil)
        await deliverer.run()
        try await eventually("word of it") { deliverer.status.failure == "the warehouse does not answer" }
        #expect(deliverer.status.failing == .noon)
        await deliverer.close()
        spool.close()
    }

    @Test
    func
        `Deliveries go on while somebody takes in the news, who is asked again when that was not all`()
        async throws
    {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 100)
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let asked = Mutex(0)
        let seen = Mutex<[Int]>([])
        let isHeld = Mutex(true)
        var options = options
        options.arrived = { warehouse, _ in
            let number = asked.withLock { number in
                number += 1
                return number
            }
            while isHeld.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
            let reader = try? await warehouse.another()
            let found = try? await reader?.query("SELECT count(*) AS n FROM gosset_events").counts("n")
            seen.withLock { $0.append(found?.first ?? -1) }
            return number > 1
        }
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        for number in 0..<20 { try await spool.append(EncodedBatch([.numbered(number)])) }
        try await eventually("the delivery") {
            spool.status.bytes == 0 && deliverer.status.exposures == 100
        }
        #expect(asked.withLock { $0 } == 1)
        isHeld.withLock { $0 = false }
        try await eventually("all to be taken in") { seen.withLock { $0.count } == 2 }
        await deliverer.close()
        #expect(seen.withLock { $0 } == [20, 20])
        spool.close()
    }

    @Test func `It connects anew only when nobody reads from the old connection any more`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 10)
        let connections = Mutex(0)
        let isHeld = Mutex(true)
        let isReading = Mutex(false)
        var options = options
        options.arrived = { _, _ in
            isReading.withLock { $0 = true }
            while isHeld.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
            return true
        }
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) {
            connections.withLock { $0 += 1 }
            return warehouse
        }
        await deliverer.run()
        try await eventually("a reader") { isReading.withLock { $0 } && deliverer.status.exposures == 10 }
        try await warehouse.execute("DROP TABLE gosset_events")
        try await spool.append(EncodedBatch([.numbered(1)]))
        try await eventually("the failure") { deliverer.status.failure != nil }
        try await Task.sleep(for: .milliseconds(100))
        #expect(connections.withLock { $0 } == 1)
        isHeld.withLock { $0 = false }
        try await eventually("the delivery") { spool.status.bytes == 0 }
        #expect(connections.withLock { $0 } == 2)
        await deliverer.close()
        spool.close()
    }

    @Test func `What comes under an erased name after it was asked for is another's, and stays`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 10)
        let warehouse = try await TestWarehouses.connect("duckdb:")
        try await spool.append(EncodedBatch([.numbered(1, unit: "device-5")]))
        var deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        try await eventually("the delivery") { spool.status.bytes == 0 && deliverer.status.exposures == 10 }
        await deliverer.close()
        // While nothing is delivered.
        try await spool.append(EncodedBatch([.numbered(2, unit: "device-5")]))
        #expect(try await spool.erase(units: ["device-5"], at: .noon) == 1)
        try await spool.append(EncodedBatch([.numbered(3, unit: "device-5")]))
        deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        try await eventually("the erasure") { try await spool.erasures().isEmpty && spool.status.bytes == 0 }
        await deliverer.close()
        #expect(try await warehouse.query("SELECT id AS i FROM gosset_events").texts("i") == [Event.numbered(3).id])
        let tally = spool.status.tally
        #expect(tally.received == 3 && tally.delivered == 2 && tally.erased == 1)
        spool.close()
    }

    // It writes the table anew without the unit when it comes to it, and answers with it until then.
    @Test func `A unit is erased when ClickHouse has deleted it, and not when it was asked to; meanwhile it is delivered to`() async throws
    {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 10)
        let cluster = try await ClickHouseTestCluster.shared.value
        let database = try await cluster.makeDatabase()
        let warehouse = try await TestWarehouses.connect(cluster.address(of: database))
        var options = options
        options.erasing = .milliseconds(20)
        let erased = Mutex(0)
        options.report = { event in if case .erased(let units) = event { erased.withLock { $0 += units } } }
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        try await spool.append(EncodedBatch([.numbered(1, unit: "device-5"), .numbered(2, unit: "device-6")]))
        await deliverer.run()
        try await eventually("the delivery") { spool.status.bytes == 0 && deliverer.status.exposures == 10 }

        func ids() async throws -> [String?] { try await warehouse.query("SELECT id AS i FROM gosset_events ORDER BY id").texts("i") }
        func mutations() async throws -> [Int] {
            try await warehouse.query("SELECT count() AS n FROM system.mutations WHERE database = currentDatabase()").counts("n")
        }
        try await cluster.run("SYSTEM STOP MERGES \(database).gosset_events")
        #expect(try await spool.erase(units: ["device-5"], at: .noon) == 0)
        try await eventually("what was asked") { try await mutations() == [3] }
        // From a device that came again, as a new one.
        try await spool.append(EncodedBatch([.numbered(3, unit: "device-5")]))
        try await eventually("the delivery of more") { spool.status.bytes == 0 }
        #expect(try await ids() == ["event-1", "event-2", "event-3"])
        #expect(try await spool.erasures().count == 1 && spool.status.erasures == 1 && erased.withLock { $0 } == 0)
        #expect(try await mutations() == [3], "it is asked once")

        try await cluster.run("SYSTEM START MERGES \(database).gosset_events")
        // So that it looks what there is to do.
        try await warehouse.execute("ALTER TABLE gosset_events DELETE WHERE unit = 'nobody'")
        try await eventually("the erasure") { try await spool.erasures().isEmpty && erased.withLock { $0 } == 1 }
        #expect(try await ids() == ["event-2", "event-3"])
        #expect(try await warehouse.query("SELECT ordinal AS o FROM gosset_exposures ORDER BY ordinal").counts("o") == [3, 4, 6, 7, 8, 9])
        await deliverer.close()
        spool.close()
    }

    // Through another server: what waits here of it must not arrive after that server has had it deleted from the warehouse.
    @Test func `What another server was asked to forget does not arrive later, and what a unit tells after that stays`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let asked = Mutex(0)
        let later = Timestamp(milliseconds: Timestamp.noon.milliseconds + 60_000)
        let forgotten: @Sendable (Timestamp, UInt64?) async throws -> ForgottenUnits = { _, _ in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            // The one was forgotten before, the other while it is delivered.
            let times = ["unit-1": Timestamp.noon, "unit-2": number > 1 ? .noon : nil].compactMapValues { $0 }
            return ForgottenUnits(revision: UInt64(number), isEmpty: false) { times[$0] }
        }
        let source = ExposureSource(registry: "registry", forgotten: forgotten) { first, _ in
            ExposureBatch(next: first, end: first) { [] }
        }
        func event(_ id: String, _ unit: String, _ received: Timestamp) -> Event {
            Event(id: id, unit: unit, fact: "buy", value: 1, time: received, received: received, claimed: nil, properties: nil)
        }
        try await spool.append(EncodedBatch((0..<4).map { event("\($0)", "unit-\($0)", .noon) }))
        try await spool.append(EncodedBatch([event("5", "unit-1", later)]))
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        await deliverer.run()
        try await eventually("the spool to be empty") { try await spool.erasures().isEmpty && spool.status.bytes == 0 }
        await deliverer.close()
        #expect(
            try await warehouse.query("SELECT unit AS u FROM gosset_events ORDER BY id").texts("u") == ["unit-0", "unit-3", "unit-1"])
        let tally = spool.status.tally
        #expect(tally.received == 5 && tally.erased + tally.delivered == 5)
    }

    @Test func `What somebody asked to be erased is erased everywhere`() async throws {
        let spool = try Spool(path: directory.path + "/events.db")
        let (source, _) = try Self.source(devices: 10)
        let warehouse = try await TestWarehouses.connect("duckdb:")
        let deliverer = Deliverer(spool: spool, exposures: source, options: options) { warehouse }
        try await spool.append(EncodedBatch([.numbered(1, unit: "device-5"), .numbered(2, unit: "device-6")]))
        await deliverer.run()
        try await eventually("the delivery") { spool.status.bytes == 0 && deliverer.status.exposures == 10 }
        #expect(try await spool.erase(units: ["device-5"], at: .noon) == 0)
        try await eventually("the erasure") { try await spool.erasures().isEmpty }
        await deliverer.close()
        #expect(try await warehouse.query("SELECT unit AS u FROM gosset_events").texts("u") == ["device-6"])
        #expect(try await warehouse.query("SELECT ordinal AS o FROM gosset_exposures ORDER BY 1").counts("o") == [3, 4, 6, 7, 8, 9])
        spool.close()
    }
}

/// A warehouse that tells what is said of its urgency.
private struct HastenedWarehouse: Warehouse {
    private let other: any Warehouse
    private let said: @Sendable (Bool) -> Void

    init(_ other: any Warehouse, _ said: @escaping @Sendable (Bool) -> Void) { (self.other, self.said) = (other, said) }

    var dialect: Dialect { other.dialect }
    var readsFiles: Bool { other.readsFiles }
    func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable { try await other.query(sql) }
    func execute(_ sql: SQL) async throws(WarehouseError) { try await other.execute(sql) }
    func another() async throws(WarehouseError) -> any Warehouse { try await other.another() }
    func perform<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value { await other.perform(body) }
    func hasten(_ isUrgent: Bool) { said(isUrgent) }
    func cancel() { other.cancel() }
}

import Console
import Enrollment
import EnrollmentTesting
import Events
import Experiments
import Testing
import Warehouse
import WarehouseTesting

// What a server delivers to.
enum LivePlace: String, CaseIterable, Sendable {
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

// A registry with devices in its example experiments, and their exposures in a warehouse.
struct LiveScene {
    static let plan = """
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

    let registry: Registry
    let warehouse: any Warehouse
    let tables: EventTables
    let exposures: [Exposure]
    let key: ExperimentKey

    init(_ place: LivePlace, devices: Int, plan: String) async throws {
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

    func refresh(
        _ results: LiveResults, _ number: UInt64 = 1, from other: (any Warehouse)? = nil
    ) async throws -> LiveResults.Results {
        let news = Deliverer.News(exposures: "exposures", number: number)
        while await !results.refresh(other ?? warehouse, news) { try await Task.sleep(for: .milliseconds(20)) }
        return try #require(results.results(of: key))
    }

    // Everybody visits and pays, more in one variant.
    func deliver(more: Int) async throws {
        let visits = exposures.map { event("v", $0.unit, "visit", after: 0) }
        _ = try await tables.deliver(visits + purchases(more: more), source: "events", through: 1)
    }

    // What everybody pays, which is more in one variant.
    func purchases(more: Int) -> [Event] {
        exposures.map { exposure in
            let amount = exposure.ordinal * 7919 % 101 + (exposure.variant == "#0000FF" ? Ordinal(more) : 0)
            return event("p", exposure.unit, "purchase", after: 1, #"{"plan":"yearly","seats":1,"trial":false,"amount":\#(amount)}"#)
        }
    }

    func event(_ id: String, _ unit: String, _ fact: String, after seconds: Int64, _ properties: String? = nil) -> Event {
        let time = Timestamp(milliseconds: Timestamp.now().milliseconds + 1000 * seconds)
        return Event(id: id, unit: unit, fact: fact, time: time, received: .now(), properties: properties)
    }
}

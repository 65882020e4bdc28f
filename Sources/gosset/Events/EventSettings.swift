import Console
import Enrollment
import Events
import Experiments
import Foundation
import Logging
import Notifications
import Synchronization
import Warehouse

/// The flags of `gosset serve` about events, checked before anything is opened.
struct EventSettings {
    static let options: [Option] = [
        Option(
            "warehouse", "ADDRESS",
            help: "Where events and exposures go: duckdb:FILE, postgres://…, clickhouse://…; otherwise warehouse.duckdb in --data."),
        Option(
            "warehouse-patience", "SECONDS", help: "How long the warehouse may be away before chats and webhooks are told.", default: "900"),
        Option("events-spool", "BYTES", help: "The most bytes of events that wait for the warehouse.", default: "1073741824"),
        Option("events-retention", "DAYS", help: "Days after which the warehouse deletes events; 0 keeps them.", default: "0"),
    ]

    private let data: String
    private let warehouse: WarehouseAddress
    private let spoolBytes: Int
    private let retention: Duration?
    private let patience: Duration
    private let log: Logger

    /// Nil if there is no place for events: several servers of one registry need a data directory each, and must be given one.
    init?(_ options: Options, log: Logger) throws {
        let data = try options.path("data")
        do {
            warehouse = try WarehouseAddress(options.text("warehouse") ?? "duckdb:\(data)/warehouse.duckdb")
        } catch {
            throw UsageError("\(options.source("warehouse")): \(error)")
        }
        if case .chDB = warehouse {
            throw UsageError(
                "\(options.source("warehouse")): chdb: is for 'gosset analyze', no place for a server's events; use duckdb:FILE, which is as "
                    + "embedded, or clickhouse://HOST:8123/DATABASE")
        }
        patience = .seconds(try options.integer("warehouse-patience", in: 1...31_536_000))
        spoolBytes = try options.integer("events-spool", in: 1 << 20...1 << 50)
        let days = try options.integer("events-retention", in: 0...36_500)
        retention = days == 0 ? nil : .seconds(days * 86_400)
        self.data = data
        self.log = log
        if options.text("registry") != nil, !options.isGiven("data") { return nil }
    }

    /// Opens the spool; the warehouse is connected to when there is something to deliver.
    ///
    /// - Parameter courier: tells people of verdicts, if there is a way to.
    func open(_ registry: Registry, courier: Courier?) throws -> EventService {
        // The registry has made the directory already, unless it is kept elsewhere.
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var options = Spool.Options()
        options.bytes = spoolBytes
        options.report = { [log] error in
            if let error {
                log.error("events cannot be written", ["reason": .string("\(error)")])
            } else {
                log.info("events can be written again")
            }
        }
        let spool = try Spool(path: data + "/events.db", options: options)
        var delivery = Deliverer.Options()
        delivery.retention = retention
        let name = warehouse.name
        let watch = Mutex(WarehouseWatch(patience: patience))
        delivery.report = { [log] event in
            switch event {
            case .connected: log.info("connected to the warehouse", ["warehouse": .string(name)])
            case .failed(let reason, let since):
                log.warning("events are not delivered now", ["warehouse": .string(name), "reason": .string(reason)])
                guard watch.withLock({ $0.failed(at: .now(), since: since) }) else { return }
                log.error("the warehouse has been away for long", ["warehouse": .string(name), "since": .string("\(since)")])
                Task {
                    try? await courier?.announce(
                        .warehouseIsAway(name, since: since, reason: reason), topic: "warehouse", fingerprint: "away")
                }
            case .recovered:
                log.info("events are delivered again", ["warehouse": .string(name)])
                guard watch.withLock({ $0.delivered() }) else { return }
                Task { try? await courier?.announce(.warehouseIsBack(name), topic: "warehouse", fingerprint: "back") }
            case .erased(let units): log.info("units' data was deleted from the warehouse", ["units": .integer(units)])
            }
        }
        let results = LiveResults(registry: registry, courier: courier) { [log] in log.error("\($0)") }
        delivery.arrived = { warehouse, news in await results.refresh(warehouse, news) }
        let address = warehouse
        let deliverer = Deliverer(spool: spool, exposures: ExposureSource(registry), options: delivery) {
            try await address.connect(limits: .background)
        }
        follow(registry, deliverer)
        var service = EventService(spool: spool, deliverer: deliverer)
        service.retention = retention
        service.results = results
        return service
    }

    /// Has results follow what other servers of the registry change, and deliver: seconds after a change, and within a minute.
    private func follow(_ registry: Registry, _ deliverer: Deliverer) {
        guard registry.isShared else { return }
        Task { [weak registry, weak deliverer] in
            var (revision, looks) = (registry?.revision, 0)
            while true {
                guard (try? await Task.sleep(for: .seconds(5))) != nil, let registry, let deliverer else { return }
                looks += 1
                guard registry.revision != revision || looks == 12 else { continue }
                (revision, looks) = (registry.revision, 0)
                await deliverer.review()
            }
        }
    }
}

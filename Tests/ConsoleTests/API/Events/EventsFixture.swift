import Console
import Enrollment
import Events
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Warehouse
import WarehouseTesting

// A console over a spool in a directory of its own, and DuckDB in memory.
func withEvents(
    origins: [String] = [], spoolBytes: Int = 1 << 20, isAway: Bool = false,
    _ body: (Fixture, any TestClient, EventService, any Warehouse) async throws -> Void
) async throws {
    let directory = NSTemporaryDirectory() + "gosset-console-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var spoolOptions = Spool.Options()
    spoolOptions.bytes = spoolBytes
    let spool = try Spool(path: directory + "/events.db", options: spoolOptions)
    let warehouse = try await TestWarehouses.connect("duckdb:")
    let registry = Late()
    var delivery = Deliverer.Options()
    delivery.pace.interval = .milliseconds(5)
    let deliverer = Deliverer(
        spool: spool, exposures: ExposureSource(registry: "late") { try await registry.source($0, $1) }, options: delivery
    ) {
        if isAway { throw WarehouseError.connection("postgres://reader@db.internal/shop", reason: "no route to 10.1.2.3.") }
        return warehouse
    }
    var options = Console.Options()
    options.allowedOrigins = AllowedOrigins(origins)
    let service = EventService(spool: spool, deliverer: deliverer)
    options.events = service
    let fixture = try await Fixture(options: options)
    registry.set(fixture.registry)
    try await body(fixture, InProcessClient(fixture.console.router), service, warehouse)
    await service.close()
    fixture.registry.close()
}

// The fixture makes its registry after the service.
private final class Late: @unchecked Sendable {
    private let lock = NSLock()
    private var exposures: ExposureSource?

    func set(_ registry: Registry) { lock.withLock { exposures = ExposureSource(registry) } }

    func source(_ first: Ordinal, _ limit: Int) async throws -> ExposureBatch {
        guard let exposures = lock.withLock({ exposures }) else { return ExposureBatch(next: first, end: first) { [] } }
        return try await exposures.read(first, limit)
    }
}

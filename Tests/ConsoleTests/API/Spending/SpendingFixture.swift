import Console
import Enrollment
import HTTPServer
import HTTPServerTesting
import Logging
import Notifications
import SQLite
import Spending
import StandIns
import Testing

// A console over a small shop: customers 1 to 5 of several ages, and one under 18.
struct SpendingFixture {
    let fixture: Fixture
    let client: any TestClient
    let shop: ShopDatabase
    let service: SpendingService

    static func both(
        isStrict: Bool = false, isPublic: Bool = false, store: (any BonusStore)? = nil, senders: [any Sender] = [],
        _ body: (SpendingFixture) async throws -> Void
    ) async throws {
        for isLive in [false, true] {
            let directory = try ScratchDirectory()
            let shop = try makeShop(directory.file("shop.db"))
            let bonuses = BonusDesk(
                store: try store ?? EmbeddedBonusStore(path: directory.file("bonuses.db")),
                outbox: try BonusOutbox(path: directory.file("outbox.db")),
                pace: DeliveryPace(first: .milliseconds(10), longest: .milliseconds(20)))
            var service = SpendingService(records: try SpendingRecords(path: directory.file("shop.db")), bonuses: bonuses)
            (service.isStrict, service.averagesArePublic) = (isStrict, isPublic)
            if !senders.isEmpty {
                var policy = DeliveryQueue.Policy()
                policy.spacing = 0
                service.courier = Courier(outbox: try Outbox(path: directory.file("messages.db")), senders: senders, policy: policy)
            }
            var options = Console.Options()
            options.spending = service
            let fixture = try await Fixture(options: options)
            if isLive {
                let server = try Server.start(fixture.console.router, logger: .silent)
                do {
                    let client = LiveClient(port: server.port)
                    try await body(SpendingFixture(fixture: fixture, client: client, shop: shop, service: service))
                } catch {
                    await server.stop(grace: .seconds(1))
                    throw error
                }
                await server.stop(grace: .seconds(1))
            } else {
                let client = InProcessClient(fixture.console.router)
                try await body(SpendingFixture(fixture: fixture, client: client, shop: shop, service: service))
            }
            bonuses.close()
            await service.courier?.close()
            fixture.registry.close()
        }
    }

    private static func makeShop(_ path: String) throws -> ShopDatabase {
        let shop = try ShopDatabase(path: path)
        for (id, age) in [(1, 20), (2, 22), (3, 30), (4, 50), (5, nil), (6, 12)] as [(Int64, Int64?)] {
            try shop.add(customer: id, age: age)
        }
        for (id, amount, year) in [(1, 1500.5, 2022), (1, 2000.25, 2023), (2, 100, 2023), (4, 5000, 2023), (6, 7, 2023)]
            as [(Int64, Double, Int64)]
        {
            try shop.add(payment: .real(amount), by: id, year: year)
        }
        return shop
    }

    func get(_ target: String, as role: AccessRole? = .viewer) async throws -> TestResponse {
        try await client.get(target, headers: role.map(fixture.headers) ?? [])
    }

    func write(_ json: String, as role: AccessRole = .editor) async throws -> TestResponse {
        try await client.post("/write_to_mongodb", as: role, of: fixture, json)
    }

    func run(_ query: String = "") async throws -> TestResponse {
        try await client.post("/api/v1/bonuses/run" + query, as: .editor, of: fixture)
    }
}

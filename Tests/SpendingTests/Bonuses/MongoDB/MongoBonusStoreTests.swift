import Experiments
import Foundation
import Spending
import StandIns
import Testing

// The real driver against a server that speaks MongoDB's protocol, and everything that can go wrong between them.
@Suite struct MongoBonusStoreTests {
    private let bonus = Bonus(userID: 1, year: 2023, total: Cents(200_000), granted: Timestamp(milliseconds: 1_700_000_000_123))
    private let hasty = "serverSelectionTimeoutMS=3000&connectTimeoutMS=3000&socketTimeoutMS=1000"

    private func failure(_ store: MongoBonusStore) -> BonusStoreError? {
        do throws(BonusStoreError) {
            _ = try store.record([bonus])
            return nil
        } catch {
            return error
        }
    }

    private func documents(_ server: MongoStandIn) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(try server.tell("documents").utf8)) as? [[String: Any]])
    }

    @Test func `a bonus is a document of whole numbers and an exact decimal`() throws {
        let server = try MongoStandIn()
        _ = try MongoBonusStore(uri: server.uri()).record([bonus])
        let document = try #require(try documents(server).first)
        #expect(document["user_id"] as? [String: String] == ["$numberLong": "1"])
        #expect(document["year"] as? [String: String] == ["$numberInt": "2023"])
        #expect(document["total_spending"] as? [String: String] == ["$numberDecimal": "2000.00"])
    }

    @Test func `the unique index is made once, before the first write`() throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri())
        for _ in 0..<3 { _ = try store.record([bonus]) }
        let commands = try JSONDecoder().decode([String: Int].self, from: Data(try server.tell("commands").utf8))
        #expect(commands["createIndexes"] == 1 && commands["update"] == 3)
    }

    @Test func `many threads share the pool and no bonus is there twice`() async throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri("maxPoolSize=4"))
        let bonus = bonus
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { _ = try? store.record([bonus]) } }
        }
        #expect(try documents(server).count == 1)
    }

    @Test func `a duplicate key is tried again, and told when it stays`() throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri())
        try server.tell("duplicate 2")
        #expect(try store.record([bonus]) == BonusTally(created: 1))
        try server.tell("duplicate 1000")
        #expect(failure(store)?.code == .refused)
    }

    @Test func `what the majority has not confirmed is not acknowledged`() throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri())
        try server.tell("unacknowledged")
        let error = try #require(failure(store))
        #expect(error.code == .notAcknowledged && error.message.contains("waiting for replication timed out"))
    }

    @Test(arguments: ["die before", "die after", "hang"]) func `a write that is not answered is an error, and may be repeated`(
        mode: String
    ) throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri(hasty))
        // The index, so that the write itself meets the trouble.
        #expect(try store.record([Bonus(userID: 9, year: 2023, total: Cents(1), granted: bonus.granted)]).created == 1)
        try server.tell(mode)
        #expect(failure(store)?.code == .interrupted, "\(mode)")
        try server.tell("serve")
        #expect(try store.record([bonus]) == (mode == "die after" ? BonusTally(unchanged: 1) : BonusTally(created: 1)))
        #expect(try documents(server).count == 2)
    }

    @Test func `a server that is not there is an error soon, and found when it comes back`() async throws {
        let first = try MongoStandIn()
        let store = try MongoBonusStore(uri: first.uri(hasty))
        #expect(try store.record([bonus]).created == 1)
        first.stop()
        let error = try #require(failure(store))
        #expect(error.code == .unreachable || error.code == .interrupted)
        #expect(failure(store)?.code == .unreachable)
        #expect(throws: BonusStoreError.self) { try store.bonuses(in: 2023, after: nil, limit: 1) }
        let second = try MongoStandIn(port: first.port)
        #expect(try await eventually { failure(store) == nil })
        #expect(try documents(second).count == 1)
    }

    @Test func `a server that refuses is told apart, with its words`() throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri())
        try server.tell("refuse")
        let error = try #require(failure(store))
        #expect(error.code == .refused && error.message.contains("not authorized"))
    }

    @Test func `a document that is no bonus is told, not guessed at`() throws {
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri())
        try server.tell(#"foreign {"user_id": {"$numberLong": "5"}, "year": {"$numberInt": "2023"}}"#)
        #expect(throws: BonusStoreError.self) { try store.bonuses(in: 2023, after: nil, limit: 10) }
    }

    @Test(arguments: ["", "localhost", "http://localhost", "mongodb://", "mongodb://user:pass@host:notaport/db"])
    func `an address that is none is refused without being shown`(uri: String) throws {
        do throws(BonusStoreError) {
            _ = try MongoBonusStore(uri: uri)
            Issue.record("'\(uri)' was taken")
        } catch {
            #expect(error.code == .refused && !error.message.contains("pass"))
        }
    }
}

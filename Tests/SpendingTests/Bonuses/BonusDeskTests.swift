import Experiments
import Spending
import StandIns
import Synchronization
import Testing

@Suite struct BonusDeskTests {
    // A store that is there or away, as the test says.
    final class MoodyStore: BonusStore {
        let isAway = Mutex(false)
        let kept = Mutex<[Bonus.Key: Bonus]>([:])
        let writes = Mutex(0)
        var name: String { "moody" }

        func record(_ bonuses: [Bonus]) throws(BonusStoreError) -> BonusTally {
            guard !isAway.withLock({ $0 }) else { throw BonusStoreError(.unreachable, "away") }
            writes.withLock { $0 += 1 }
            return kept.withLock { kept in
                var tally = BonusTally()
                for bonus in bonuses {
                    switch kept.updateValue(bonus, forKey: bonus.key)?.total {
                    case nil: tally.created += 1
                    case bonus.total: tally.unchanged += 1
                    default: tally.updated += 1
                    }
                }
                return tally
            }
        }

        func bonuses(in year: Int, after: Int64?, limit: Int) throws(BonusStoreError) -> [Bonus] {
            guard !isAway.withLock({ $0 }) else { throw BonusStoreError(.unreachable, "away") }
            let all = kept.withLock { $0.values.filter { $0.key.year == year && $0.key.userID > after ?? .min } }
            return Array(all.sorted { $0.key.userID < $1.key.userID }.prefix(limit))
        }
    }

    private func bonus(_ id: Int64, _ cents: Int64 = 200_000) -> Bonus {
        Bonus(userID: id, year: 2023, total: Cents(cents), granted: Timestamp(milliseconds: 5))
    }

    private let patient = DeliveryPace(first: .seconds(1000), longest: .seconds(1000))
    private let hasty = DeliveryPace(first: .milliseconds(5), longest: .milliseconds(20))

    @Test func `what the store does not take waits in the outbox and is delivered when it is back`() async throws {
        let directory = try ScratchDirectory()
        let store = MoodyStore()
        let desk = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), pace: hasty)
        store.isAway.withLock { $0 = true }
        #expect(await desk.record(bonus(1)) == .waiting(BonusStoreError(.unreachable, "away")))
        #expect(desk.waitingCount == 1)
        store.isAway.withLock { $0 = false }
        #expect(try await eventually { desk.waitingCount == 0 })
        #expect(store.kept.withLock { $0[bonus(1).key] } == bonus(1))
        desk.close()
    }

    @Test func `what waits outlives the process`() async throws {
        let directory = try ScratchDirectory()
        let store = MoodyStore()
        store.isAway.withLock { $0 = true }
        let first = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), pace: patient)
        for id: Int64 in 1...20 { _ = await first.record(bonus(id)) }
        first.close()
        store.isAway.withLock { $0 = false }
        let second = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), pace: patient)
        #expect(try await eventually { second.waitingCount == 0 })
        #expect(store.kept.withLock { $0.count } == 20)
        second.close()
    }

    @Test func `an older sum that waits is not delivered after a newer one`() async throws {
        let directory = try ScratchDirectory()
        let store = MoodyStore()
        let desk = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), pace: patient)
        store.isAway.withLock { $0 = true }
        for cents: Int64 in [100_100, 100_200, 100_300] { _ = await desk.record(bonus(1, cents)) }
        #expect(desk.waitingCount == 1, "one for a customer and a year")
        store.isAway.withLock { $0 = false }
        #expect(await desk.record(bonus(1, 500_000)) == .recorded(BonusTally(created: 1)))
        #expect(desk.waitingCount == 0)
        desk.deliverSoon()
        desk.close()
        #expect(store.kept.withLock { $0[bonus(1).key]?.total } == Cents(500_000))
    }

    @Test func `many bonuses are recorded in batches, and all of them wait when the store is away`() async throws {
        let directory = try ScratchDirectory()
        let store = MoodyStore()
        let desk = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), lanes: 3, pace: patient)
        let all = (1...5000).map { bonus($0) }
        var tally = BonusTally()
        for outcome in await desk.record(all) { if case .recorded(let each) = outcome { tally += each } }
        #expect(tally == BonusTally(created: 5000))
        #expect(store.writes.withLock { $0 } == 6, "three lanes of 1,667 are six batches")
        store.isAway.withLock { $0 = true }
        for outcome in await desk.record(all) { #expect(outcome == .waiting(BonusStoreError(.unreachable, "away"))) }
        #expect(desk.waitingCount == 5000)
        desk.close()
    }

    @Test func `the list has what waits in place of what the store has`() async throws {
        let directory = try ScratchDirectory()
        let store = MoodyStore()
        let outbox = try BonusOutbox(path: directory.file("outbox.db"))
        let desk = BonusDesk(store: store, outbox: outbox, pace: patient)
        for id: Int64 in [1, 2, 4] { _ = await desk.record(bonus(id)) }
        try outbox.put([bonus(2, 300_000), bonus(3)])
        let listed = try desk.bonuses(in: 2023, limit: 10)
        #expect(listed.map(\.bonus) == [bonus(1), bonus(2, 300_000), bonus(3), bonus(4)])
        #expect(listed.map(\.isWaiting) == [false, true, true, false])
        #expect(try desk.bonuses(in: 2023, after: 2, limit: 1).map(\.bonus) == [bonus(3)])
        desk.close()
    }

    @Test func `through a real driver nothing is lost and nothing doubled when the server dies mid-write`() async throws {
        let directory = try ScratchDirectory()
        let server = try MongoStandIn()
        let store = try MongoBonusStore(uri: server.uri("serverSelectionTimeoutMS=3000&socketTimeoutMS=1500"))
        let desk = BonusDesk(store: store, outbox: try BonusOutbox(path: directory.file("outbox.db")), pace: hasty)
        #expect(await desk.record(bonus(100)) == .recorded(BonusTally(created: 1)))
        for (mode, id) in [("die before", 1), ("die after", 2), ("hang", 3), ("unacknowledged", 4)] as [(String, Int64)] {
            try server.tell(mode)
            guard case .waiting = await desk.record(bonus(id)) else {
                Issue.record("\(mode): it should wait")
                continue
            }
        }
        try server.tell("serve")
        #expect(try await eventually { desk.waitingCount == 0 })
        #expect(try store.bonuses(in: 2023, after: nil, limit: 100).map(\.key.userID) == [1, 2, 3, 4, 100])
        desk.close()
    }
}

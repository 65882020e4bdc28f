import Dispatch
package import SQLite
import Synchronization

/// Takes bonuses and sees to it that the store gets each of them: now, or from the outbox when it is there again.
///
/// Everything about one customer goes through one lane, a queue, so that an older sum never overtakes a newer one; customers are spread
/// over several lanes, so that they do not wait for each other.
package final class BonusDesk: Sendable {
    /// What became of bonuses.
    package enum Outcome: Hashable, Sendable {
        /// The store has them.
        case recorded(BonusTally)
        /// The store did not answer; they wait in the outbox and will be delivered.
        case waiting(BonusStoreError)
        /// They could not be kept at all: nothing was accepted.
        case lost(BonusStoreError, DatabaseError)
    }

    private struct Delivery {
        var pace: DeliveryPace
        var isScheduled = false
        var isClosed = false
    }

    package let store: any BonusStore
    private let outbox: BonusOutbox
    private let lanes: [DispatchQueue]
    private let deliverer = DispatchQueue(label: "bonus-delivery")
    private let delivery: Mutex<Delivery>
    private let report: @Sendable (_ delivered: Int, _ failure: BonusStoreError?) -> Void

    /// The most bonuses that go to the store at once.
    private static let batch = 1000

    /// - Parameter report: is told what came of each attempt to deliver what waits.
    package init(
        store: any BonusStore, outbox: BonusOutbox, lanes: Int = 8, pace: DeliveryPace = DeliveryPace(),
        report: @escaping @Sendable (_ delivered: Int, _ failure: BonusStoreError?) -> Void = { _, _ in }
    ) {
        self.store = store
        self.outbox = outbox
        self.lanes = (0..<lanes).map { DispatchQueue(label: "bonus-lane-\($0)") }
        self.report = report
        delivery = Mutex(Delivery(pace: pace))
        // What waits since the last run.
        schedule(after: .zero)
    }

    /// Tries no more to deliver what waits; it stays in the outbox.
    package func close() {
        delivery.withLock { $0.isClosed = true }
        deliverer.sync {}
        for lane in lanes { lane.sync {} }
    }

    // MARK: Recording

    /// Records a bonus, or keeps it for later.
    package func record(_ bonus: Bonus) async -> Outcome {
        await withCheckedContinuation { continuation in
            lanes[lane(of: bonus.key)].async { continuation.resume(returning: self.recordNow([bonus])) }
        }
    }

    /// Records many bonuses, or keeps them for later; one outcome for each batch.
    package func record(_ bonuses: [Bonus]) async -> [Outcome] {
        let batches = batches(bonuses, lane: { lane(of: $0.key) })
        return await withTaskGroup(of: [Outcome].self) { group in
            for (lane, batches) in batches {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        self.lanes[lane].async { continuation.resume(returning: self.recordNow(all: batches)) }
                    }
                }
            }
            var outcomes: [Outcome] = []
            for await each in group { outcomes += each }
            return outcomes
        }
    }

    private func recordNow(all batches: [[Bonus]]) -> [Outcome] {
        var failure: BonusStoreError?
        return batches.map { batch in
            // Who did not answer a moment ago is not asked again for each batch.
            if let failure { return keep(batch, failure) }
            let outcome = recordNow(batch)
            if case .waiting(let error) = outcome { failure = error }
            return outcome
        }
    }

    /// On the bonuses' lane.
    private func recordNow(_ bonuses: [Bonus]) -> Outcome {
        do throws(BonusStoreError) {
            let tally = try store.record(bonuses)
            // What waited for these customers is older than this.
            try? outbox.remove(bonuses.map(\.key))
            wakeAfterSuccess()
            return .recorded(tally)
        } catch {
            return keep(bonuses, error)
        }
    }

    private func keep(_ bonuses: [Bonus], _ failure: BonusStoreError) -> Outcome {
        do throws(DatabaseError) {
            try outbox.put(bonuses)
        } catch {
            return .lost(failure, error)
        }
        let pause = delivery.withLock { delivery in delivery.isScheduled ? nil : delivery.pace.failed() }
        if let pause { schedule(after: pause) }
        return .waiting(failure)
    }

    private func lane(of key: Bonus.Key) -> Int { Int(UInt64(bitPattern: key.userID) % UInt64(lanes.count)) }

    private func batches<Element>(_ elements: [Element], lane: (Element) -> Int) -> [Int: [[Element]]] {
        Dictionary(grouping: elements, by: lane).mapValues { elements in
            stride(from: 0, to: elements.count, by: Self.batch).map { Array(elements[$0..<min($0 + Self.batch, elements.count)]) }
        }
    }

    // MARK: Listing

    /// A bonus and whether it still waits for its store.
    package struct Listed: Hashable, Sendable {
        package let bonus: Bonus
        package let isWaiting: Bool
    }

    /// The bonuses of a year by customer, those that wait included; blocks.
    ///
    /// What waits is newer than what the store may have for the same customer.
    package func bonuses(in year: Int, after: Int64? = nil, limit: Int) throws(BonusStoreError) -> [Listed] {
        let waiting = waiting(in: year)
        let stored = try store.bonuses(in: year, after: after, limit: limit)
        let newer = Set(waiting.map(\.key))
        let all =
            stored.filter { !newer.contains($0.key) }.map { Listed(bonus: $0, isWaiting: false) }
            + waiting.filter { $0.key.userID > after ?? .min }.map { Listed(bonus: $0, isWaiting: true) }
        return Array(all.sorted { $0.bonus.key.userID < $1.bonus.key.userID }.prefix(limit))
    }

    /// The bonuses of a year that wait for their store.
    package func waiting(in year: Int) -> [Bonus] {
        (try? outbox.entries(in: year, limit: .max))?.map(\.bonus) ?? []
    }

    /// What waits of a year, as it is listed where the store does not answer.
    package func listedWaiting(in year: Int, limit: Int) -> [Listed] {
        waiting(in: year).prefix(limit).map { Listed(bonus: $0, isWaiting: true) }
    }

    /// How many bonuses wait for their store.
    package var waitingCount: Int { (try? outbox.count()) ?? 0 }

    // MARK: Delivering

    /// Tries to deliver what waits, soon.
    package func deliverSoon() { schedule(after: .zero) }

    private func wakeAfterSuccess() {
        delivery.withLock { $0.pace.succeeded() }
        if waitingCount > 0 { schedule(after: .zero) }
    }

    private func schedule(after pause: Duration) {
        delivery.withLock { $0.isScheduled = true }
        deliverer.asyncAfter(deadline: .now() + pause / .seconds(1)) { self.deliver() }
    }

    /// On the deliverer's queue: hands what waits to the store, lane by lane.
    private func deliver() {
        guard delivery.withLock({ $0.isScheduled && !$0.isClosed }) else { return }
        delivery.withLock { $0.isScheduled = false }
        var last: Int64 = 0
        while let entries = try? outbox.entries(after: last, limit: Self.batch), let final = entries.last {
            last = final.serial
            for (lane, batches) in batches(entries, lane: { lane(of: $0.bonus.key) }) {
                for batch in batches {
                    let failure = lanes[lane].sync { self.deliver(batch) }
                    report(failure == nil ? batch.count : 0, failure)
                    guard failure != nil else { continue }
                    schedule(after: delivery.withLock { $0.pace.failed() })
                    return
                }
            }
        }
        delivery.withLock { $0.pace.succeeded() }
    }

    /// On the entries' lane.
    private func deliver(_ entries: [BonusOutbox.Entry]) -> BonusStoreError? {
        do throws(BonusStoreError) {
            let serials = Set(((try? outbox.entries(after: (entries.first?.serial ?? 1) - 1, limit: .max)) ?? []).map(\.serial))
            // Some may have been replaced, or recorded directly, since they were read.
            let current = entries.filter { serials.contains($0.serial) }
            guard !current.isEmpty else { return nil }
            _ = try store.record(current.map(\.bonus))
            try? outbox.remove(current)
            return nil
        } catch {
            return error
        }
    }
}

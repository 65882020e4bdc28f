import Notifications
import Spending
import Synchronization

/// Tells management of average spending, without keeping anybody who asked for it waiting.
///
/// One after the other, and always what the records say when its turn comes: figures that were read before a change and told after it would
/// be news once more.
final class AverageSpendingDesk: Sendable {
    private struct Matter: Sendable {
        let year: Int?
        let isAsked: Bool
    }

    private let matters: AsyncStream<Matter>.Continuation
    /// The years that wait for their turn: once is enough, however many ask for their averages meanwhile.
    private let waiting = Mutex<Set<Int?>>([])

    init(records: SpendingRecords, courier: Courier) {
        let (stream, continuation) = AsyncStream.makeStream(of: Matter.self)
        matters = continuation
        Task { [weak self] in
            for await matter in stream {
                if !matter.isAsked { self?.waiting.withLock { _ = $0.remove(matter.year) } }
                // What cannot be read now is told when somebody asks again.
                guard let snapshot = try? await records.read() else { continue }
                let news = AverageSpendingNews(snapshot.ageAverages(in: matter.year))
                try? await courier.announce(news.notice, topic: news.topic, fingerprint: news.fingerprint, evenIfKnown: matter.isAsked)
            }
        }
    }

    deinit { matters.finish() }

    /// Tells of a year's averages, or of all years', if they are news or were asked to be told.
    func tell(year: Int?, isAsked: Bool) {
        guard isAsked || waiting.withLock({ $0.insert(year).inserted }) else { return }
        matters.yield(Matter(year: year, isAsked: isAsked))
    }
}

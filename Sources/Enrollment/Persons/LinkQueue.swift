import Experiments

/// Wishes to link that wait for the writer.
///
/// They gather while a batch is being committed and share the next transaction. Only one request stands in the writer's queue for all of
/// them. A value without I/O.
struct LinkQueue {
    typealias Completion = @Sendable (Result<LinkOutcome, EnrollmentError>) -> Void

    /// A wish, and who waits for its outcome.
    struct Entry: Sendable {
        let token: DeviceToken
        let person: PersonID
        /// What is known of the device, for the targeted experiments that are for it if it is new.
        let attributes: Attributes
        let completion: Completion
    }

    /// What is to be done about an arrival.
    enum Admission {
        /// It will be heard of; the writer is to be asked, or has been.
        case queued(askWriter: Bool)
        case refused(EnrollmentError)
    }

    private let batch: Int
    private let waiting: Int
    private var entries: [Entry] = []
    private var isAsked = false

    /// - Parameters:
    ///   - batch: the most links in one transaction.
    ///   - waiting: the most that wait; beyond, they are refused.
    init(batch: Int, waiting: Int) { (self.batch, self.waiting) = (batch, waiting) }

    mutating func arrive(_ entry: Entry) -> Admission {
        guard entries.count < waiting else { return .refused(.overloaded(waiting: entries.count)) }
        entries.append(entry)
        defer { isAsked = true }
        return .queued(askWriter: !isAsked)
    }

    /// Those whose turn it is, taken out.
    mutating func take() -> [Entry] {
        let taken = Array(entries.prefix(batch))
        entries.removeFirst(taken.count)
        return taken
    }

    /// Whether the writer is to be asked once more, for those who came meanwhile.
    mutating func finish() -> Bool {
        isAsked = !entries.isEmpty
        return isAsked
    }

    /// All who wait, taken out: the store failed, or is closed.
    mutating func abandon() -> [Entry] {
        defer { (entries, isAsked) = ([], false) }
        return entries
    }
}

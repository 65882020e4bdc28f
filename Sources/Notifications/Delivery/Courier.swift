package import Experiments
import SQLite

/// Sends what is in the outbox: the shell that does what a ``DeliveryQueue`` says.
///
/// A process that ends while a message is under way sends it again when it runs the next time, for nobody knows whether it arrived:
/// receivers of webhooks can tell by the event, people read it twice. In every other case a message arrives once.
package actor Courier {
    /// Something an operator may want to know.
    package enum Event: Hashable, Sendable {
        case delivered(channel: String, event: String)
        case postponed(channel: String, event: String, reason: String)
        case givenUp(channel: String, event: String, reason: String)
        /// The outbox itself cannot be read or written.
        case outboxFailed(reason: String)
    }

    /// A message could not be written down, and so will not be sent.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let reason: String

        package var description: String { "The outbox cannot be written: \(reason)" }
    }

    private let outbox: Outbox
    private let senders: [String: any Sender]
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (Event) -> Void
    private var queue: DeliveryQueue
    private var messages: [Int64: Outbox.Message] = [:]
    private var work: [Int64: Task<Void, Never>] = [:]
    private var timer: Task<Void, Never>?
    private var isClosed = false

    /// The channels that messages are sent to.
    package nonisolated let channels: [String]
    /// A name that tells this server's messages from those of others.
    package nonisolated var identity: String { outbox.identity }

    /// Takes up what an earlier run left; what waits for channels that are not here any more stays in the outbox.
    package init(
        outbox: Outbox, senders: [any Sender], policy: DeliveryQueue.Policy = DeliveryQueue.Policy(),
        now: @escaping @Sendable () -> Timestamp = Timestamp.now, report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.outbox = outbox
        self.senders = Dictionary(senders.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        channels = senders.map(\.name)
        self.now = now
        self.report = report
        queue = DeliveryQueue(policy: policy)
    }

    /// Begins to send what an earlier run left.
    package func start() {
        do throws(DatabaseError) {
            for message in try outbox.waiting() where senders[message.channel] != nil { take(message) }
        } catch {
            report(.outboxFailed(reason: error.message))
        }
        proceed()
    }

    /// Tells all channels of an event, once.
    package func post(_ notice: Notice, event: String) {
        try? accept { () throws(DatabaseError) in try outbox.post(notice, event: event, to: channels, at: now()) }
    }

    /// Tells all channels what is news about a topic; see ``Outbox/announce(_:topic:fingerprint:evenIfKnown:to:at:)``.
    ///
    /// - Throws: if it could not be written down, and so will not be told; the operator knows that already.
    package func announce(
        _ notice: Notice, topic: String, fingerprint: String, evenIfKnown: Bool = false
    ) throws(Refusal) {
        try accept { () throws(DatabaseError) in
            try outbox.announce(
                notice, topic: topic, fingerprint: fingerprint, evenIfKnown: evenIfKnown, to: channels, at: now())
        }
    }

    /// Keeps news until it is known whether it came to be; see ``Outbox/hold(_:_:)``.
    ///
    /// - Throws: if it could not be written down, and so will not be told.
    package func hold(_ notice: Notice, _ held: Outbox.Held) throws(Refusal) {
        try accept { () throws(DatabaseError) in
            try outbox.hold(notice, held)
            return []
        }
    }

    /// What is held back; without channels nothing is asked for.
    package func held() throws(Refusal) -> [Outbox.Held] {
        var held: [Outbox.Held] = []
        try accept { () throws(DatabaseError) in
            held = try outbox.held()
            return []
        }
        return held
    }

    /// Tells all channels what was held back, or drops it.
    package func settle(_ held: Outbox.Held, isTold: Bool) throws(Refusal) {
        try accept { () throws(DatabaseError) in try outbox.settle(held, isTold: isTold, to: channels, at: now()) }
    }

    /// Sends no more; what waits stays in the outbox.
    package func close() async {
        isClosed = true
        timer?.cancel()
        for task in work.values { task.cancel() }
        for task in work.values { await task.value }
    }

    private func accept(_ take: () throws(DatabaseError) -> [Outbox.Message]) throws(Refusal) {
        guard !channels.isEmpty else { return }
        defer { proceed() }
        do throws(DatabaseError) {
            for message in try take() { self.take(message) }
        } catch {
            report(.outboxFailed(reason: error.message))
            throw Refusal(reason: error.message)
        }
    }

    private func take(_ message: Outbox.Message) {
        messages[message.id] = message
        queue.add(
            .init(id: message.id, channel: message.channel, created: message.created, failures: message.failures), free: message.due)
    }

    /// Does what is to be done now, and comes back when there will be more.
    private func proceed() {
        timer?.cancel()
        timer = nil
        while !isClosed {
            switch queue.next(at: now()) {
            case .rest: return
            case .wait(let until):
                let pause = until.milliseconds - now().milliseconds
                timer = Task { [weak self] in
                    guard (try? await Task.sleep(for: .milliseconds(max(1, pause)))) != nil else { return }
                    await self?.proceed()
                }
                return
            case .send(let id):
                guard let message = messages[id], let sender = senders[message.channel] else { return }
                work[id] = Task { self.finished(message, await sender.send(message.notice, event: message.event)) }
            }
        }
    }

    private func finished(_ message: Outbox.Message, _ outcome: DeliveryOutcome) {
        work[message.id] = nil
        // Called off by us: it is as if it had not been tried.
        if isClosed, outcome != .delivered { return }
        let conclusion = queue.finished(message.id, outcome, at: now())
        do throws(DatabaseError) { try outbox.conclude(message.id, conclusion) } catch { report(.outboxFailed(reason: error.message)) }
        switch conclusion {
        case .delivered:
            messages[message.id] = nil
            report(.delivered(channel: message.channel, event: message.event))
        case .givenUp(let reason):
            messages[message.id] = nil
            report(.givenUp(channel: message.channel, event: message.event, reason: reason))
        case .again(_, _, let reason):
            report(.postponed(channel: message.channel, event: message.event, reason: reason))
        }
        proceed()
    }
}

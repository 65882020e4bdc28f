/// A way to somebody: a Telegram chat, a webhook.
package protocol Sender: Sendable {
    /// Names the way in the outbox and in the log, always the same for the same receiver: `telegram:-1001234`.
    var name: String { get }

    /// Sends once, and says what came of it.
    ///
    /// - Parameter event: what happened, in a word that is different for everything that ever happens: receivers can tell by it that they
    ///   have had this before.
    func send(_ notice: Notice, event: String) async -> DeliveryOutcome
}

/// What came of sending.
package enum DeliveryOutcome: Hashable, Sendable {
    case delivered
    /// The receiver wants to be left alone for so many seconds.
    case throttled(seconds: Int)
    /// It did not work this time.
    case failed(reason: String)
    /// It will never work.
    case refused(reason: String)
}

internal import Synchronization

/// Answers a request later, once, from any thread.
///
/// The first answer counts, later ones are ignored. A responder that is dropped without an answer answers 500, so no client waits for ever.
package final class Responder: Sendable {
    struct Dropped: Error {}

    /// What makes the answer on the connection's event loop, given the loop's ``Request/stripe``.
    package typealias Making = @Sendable (_ stripe: Int) -> Answer

    typealias Outcome = Result<Making, any Error>

    private let complete: Mutex<(@Sendable (Outcome) -> Void)?>

    init(_ complete: @escaping @Sendable (Outcome) -> Void) {
        self.complete = Mutex(complete)
    }

    deinit {
        finish(.failure(Dropped()))
    }

    package func respond(_ response: Response) {
        respond { _ in .response(response) }
    }

    package func respond(_ prepared: PreparedResponse) {
        respond { _ in .prepared(prepared) }
    }

    package func respond(_ answer: Answer) {
        respond { _ in answer }
    }

    /// Answers with what the closure makes on the event loop: for whoever answers many at once and has better things to do.
    package func respond(making answer: @escaping Making) {
        finish(.success(answer))
    }

    /// Answers with the problem that the error is, as if the handler had thrown it.
    package func fail(_ error: any Error) {
        finish(.failure(error))
    }

    /// Has the event loops go on only when the closure is done, each woken once: for whoever answers many at once.
    ///
    /// Not to be nested, and not for long.
    package static func together(_ answers: () -> Void) {
        HeldWakes.hold(answers)
    }

    private func finish(_ outcome: Outcome) {
        let complete = complete.withLock { complete in
            defer { complete = nil }
            return complete
        }
        complete?(outcome)
    }
}

internal import Synchronization

/// Answers a request later, once, from any thread.
///
/// The first answer counts, later ones are ignored. A responder that is dropped without an answer answers 500, so no client waits for ever.
package final class Responder: Sendable {
    struct Dropped: Error {}

    private let complete: Mutex<(@Sendable (Result<Answer, any Error>) -> Void)?>

    init(_ complete: @escaping @Sendable (Result<Answer, any Error>) -> Void) {
        self.complete = Mutex(complete)
    }

    deinit {
        finish(.failure(Dropped()))
    }

    package func respond(_ response: Response) {
        finish(.success(.response(response)))
    }

    package func respond(_ prepared: PreparedResponse) {
        finish(.success(.prepared(prepared)))
    }

    package func respond(_ answer: Answer) {
        finish(.success(answer))
    }

    /// Answers with the problem that the error is, as if the handler had thrown it.
    package func fail(_ error: any Error) {
        finish(.failure(error))
    }

    private func finish(_ result: Result<Answer, any Error>) {
        let complete = complete.withLock { complete in
            defer { complete = nil }
            return complete
        }
        complete?(result)
    }
}

import HTTPServer
import Synchronization

// Takes what a webhook sends, once it is willing to.
final class Hook: Sendable {
    private let state = Mutex((failures: 0, requests: 0, taken: [String]()))

    func fail() { state.withLock { $0.failures += 1 } }

    func take(_ body: [UInt8]) -> Response {
        state.withLock { state in
            state.requests += 1
            guard state.failures == 0 else {
                state.failures -= 1
                return Response(.serviceUnavailable)
            }
            state.taken.append(String(decoding: body, as: UTF8.self))
            return .empty()
        }
    }

    var requests: Int { state.withLock { $0.requests } }
    var taken: [String] { state.withLock { $0.taken } }
}

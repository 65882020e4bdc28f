internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// Sends requests and gathers what is answered, up to a limit.
///
/// A delegate of the session does it: without one, a request that the server answers with 401 never ends.
final class HTTPExchange: NSObject, URLSessionDataDelegate, Sendable {
    enum Failure: Error {
        case tooLarge
        case transport(any Error)
    }

    typealias Answer = (status: Int, body: Data)

    private struct Running {
        var status = 0
        var body = Data()
        var isTooLarge = false
        let continuation: CheckedContinuation<Result<Answer, Failure>, Never>
    }

    private let limit: Int
    private let running = Mutex<[Int: Running]>([:])

    /// - Parameter limit: how many bytes an answer may have.
    init(limit: Int) { self.limit = limit }

    /// The answer to a request, sent in a session whose delegate this is.
    func answer(to request: URLRequest, in session: URLSession) async throws(Failure) -> Answer {
        let task = session.dataTask(with: request)
        let result: Result<Answer, Failure> = await withCheckedContinuation { continuation in
            running.withLock { $0[task.taskIdentifier] = Running(continuation: continuation) }
            task.resume()
        }
        return try result.get()
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        running.withLock { $0[dataTask.taskIdentifier]?.status = status }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let limit = limit
        let isTooLarge = running.withLock { running -> Bool in
            running[dataTask.taskIdentifier]?.body.append(data)
            guard let size = running[dataTask.taskIdentifier]?.body.count, size > limit else { return false }
            running[dataTask.taskIdentifier]?.isTooLarge = true
            running[dataTask.taskIdentifier]?.body = Data()
            return true
        }
        if isTooLarge { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        // The user and the password were sent with the request; there are no others.
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let done = running.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if done.isTooLarge {
            done.continuation.resume(returning: .failure(.tooLarge))
        } else if let error, done.status != 401 {
            done.continuation.resume(returning: .failure(.transport(error)))
        } else {
            done.continuation.resume(returning: .success((done.status, done.body)))
        }
    }
}

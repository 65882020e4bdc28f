import Foundation
import FoundationNetworking

/// Posts to other servers.
///
/// Nothing of an address ever comes back in an error, for it may hold a secret; redirections are not followed, for they would carry it to
/// somebody else.
final class WebClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: Data
        private let headers: [String: String]

        init(_ response: HTTPURLResponse, _ body: Data) {
            status = response.statusCode
            self.body = body
            headers = Dictionary(
                response.allHeaderFields.map { ("\($0)".lowercased(), "\($1)") }, uniquingKeysWith: { first, _ in first })
        }

        /// The seconds of `Retry-After`.
        var retryAfter: Int? { headers["retry-after"].flatMap { Int($0) }.flatMap { (0...86400).contains($0) ? $0 : nil } }
    }

    /// Why there is no answer, without the address.
    struct Failure: Error { let reason: String }

    private final class Delegate: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest: URLRequest,
            completionHandler: @escaping (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }

    private let session: URLSession

    init(patienceSeconds: Double) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patienceSeconds
        configuration.timeoutIntervalForResource = patienceSeconds
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: Delegate(), delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    func post(_ url: URL, headers: [(String, String)], body: Data) async throws(Failure) -> Answer {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = body
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        do {
            let (data, response) = try await session.data(for: request)
            guard let response = response as? HTTPURLResponse else { throw Failure(reason: "the answer was not HTTP") }
            return Answer(response, data)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(reason: Self.reason((error as? URLError)?.code))
        }
    }

    private static func reason(_ code: URLError.Code?) -> String {
        switch code {
        case .timedOut: "no answer came in time"
        case .cannotFindHost, .dnsLookupFailed: "the host was not found"
        case .cannotConnectToHost: "the host could not be reached"
        case .networkConnectionLost, .badServerResponse: "the connection broke"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateNotYetValid,
            .serverCertificateHasUnknownRoot:
            "TLS could not be agreed on"
        case .cancelled: "it was called off"
        case let code?: "the connection failed (\(code.rawValue))"
        case nil: "the connection failed"
        }
    }
}

package import HTTPServer
package import Logging

/// Calls a router directly: no sockets, no threads, the same handlers and errors.
package struct InProcessClient: TestClient {
    private let target: InProcess

    package init(_ router: Router, limits: Limits = Limits(), logger: Logger = .silent) {
        target = InProcess(router, limits: limits, logger: logger)
    }

    package func send(_ request: TestRequest) async throws -> TestResponse {
        let (response, body) = try await target.answer(
            method: request.method, target: request.target, headers: request.headers, body: request.body)
        return TestResponse(status: response.status.code, headers: response.headers, body: body)
    }
}

package import Logging

/// Answers requests without a socket, through the same routing, handlers, limits and rendering of errors as a server: for tests.
package struct InProcess: Sendable {
    private let dispatcher: Dispatcher

    package init(_ router: Router, limits: Limits = Limits(), logger: Logger = .silent) {
        dispatcher = Dispatcher(router: router, limits: limits, logger: logger)
    }

    /// - Parameters:
    ///   - target: path and query, as a client would send them.
    ///   - headers: as a client would send them; the body's length is added.
    /// - Returns: the response with its body complete, streams read to their end; HEAD gets no body.
    /// - Throws: `StreamClosed` when a stream breaks off.
    package func answer(
        method: String, target: String, headers: [(String, String)], body: [UInt8]
    ) async throws -> (Response, body: [UInt8]) {
        let bytes = Array(target.utf8)
        let target = bytes.withUnsafeBufferPointer(Target.init)
        let path = bytes.withUnsafeBufferPointer {
            Array(PathTree.path(of: UnsafeBufferPointer(rebasing: $0.prefix { $0 != UInt8(ascii: "?") })))
        }
        var fields = headers.map { (name: Array($0.0.utf8), value: Array($0.1.utf8)) }
        if !body.isEmpty { fields.append((Array("Content-Length".utf8), Array(String(body.count).utf8))) }
        let copy = CopiedHead(path: path, query: target.query, fields: fields, remoteAddress: "127.0.0.1")
        let response = await answer(Array(method.utf8).withUnsafeBufferPointer(Method.init), .copied(copy), target, body)
            .response
        if method == "HEAD" { return (response, []) }
        switch response.body {
        case .bytes(let bytes): return (response, bytes)
        case .stream(let stream): return (response, try await InProcess.collect(stream))
        }
    }

    private func answer(_ method: Method?, _ head: RequestHead, _ target: Target, _ body: [UInt8]) async -> Answer {
        var framing = Framing()
        do {
            for field in head.fields { framing.visit(field) }
            let headBytes = target.count + head.fields.reduce(0) { $0 + $1.name.count + $1.value.count + 4 }
            let length = try framing.check(target: target, headBytes: headBytes, needsHost: false, limits: dispatcher.limits)
            if length.mayExceed(dispatcher.limits.bodyBytes) {
                let limit = try dispatcher.bodyLimit(method, head, length)
                if body.count > limit { throw Problem.bodyTooLarge(limit) }
            }
        } catch {
            return .response(dispatcher.response(for: error, head))
        }
        switch dispatcher.dispatch(method, head, body: body, isEncoded: framing.isEncoded).reply {
        case .response(let response): return .response(response)
        case .prepared(let prepared): return .prepared(prepared)
        case .deferred(let start):
            let outcome = await withCheckedContinuation { continuation in
                start(Responder { continuation.resume(returning: $0) })
            }
            return dispatcher.answer(for: outcome, head)
        }
    }

    private static func collect(_ stream: BodyStream) async throws -> [UInt8] {
        let pipe = BodyPipe(capacity: stream.capacity, clock: .system)
        defer { pipe.abandon() }
        pipe.run(stream.produce)
        var collected: [UInt8] = []
        while true {
            switch await next(from: pipe) {
            case .some(let bytes) where bytes.isEmpty: return collected
            case .some(let bytes): collected += bytes
            case nil: throw StreamClosed()
            }
        }
    }

    /// The next bytes of a pipe, none at its end, nil when it broke off.
    private static func next(from pipe: BodyPipe) async -> [UInt8]? {
        while true {
            var bytes = [UInt8](repeating: 0, count: 16 << 10)
            let chunk = await withCheckedContinuation { (continuation: CheckedContinuation<BodyPipe.Chunk, Never>) in
                let chunk = bytes.withUnsafeMutableBytes { room in
                    pipe.read(into: room) { { continuation.resume(returning: .waiting) } }
                }
                if chunk != .waiting { continuation.resume(returning: chunk) }
            }
            switch chunk {
            case .bytes(let count): return Array(bytes[..<count])
            case .end: return []
            case .broken: return nil
            case .waiting: continue
            }
        }
    }
}

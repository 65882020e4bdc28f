/// What a route takes beyond the server's limit of a body, such as a file, and from whom.
package struct LargeBody: Sendable {
    /// Bytes of a body; above them: 413.
    let bytes: Int
    /// Lets in who may send so much; asked before any of it is read, so that a stranger cannot fill the memory.
    let admit: @Sendable (borrowing Request) throws -> Void

    package init(bytes: Int, admit: @escaping @Sendable (borrowing Request) throws -> Void) {
        self.bytes = bytes
        self.admit = admit
    }
}

extension Dispatcher {
    /// How many bytes the body of a request may have, which is asked where it has more than the server's limit or does not tell.
    ///
    /// - Throws: `Problem` 413, and what those are told who may not send so much.
    func bodyLimit(_ method: Method?, _ head: RequestHead, _ length: BodyLength) throws -> Int {
        guard case .route(let index, let ranges) = router.tree.match(method, head.path), let large = router.routes[index].largeBody,
            large.bytes > limits.bodyBytes
        else {
            if case .told = length { throw Problem.bodyTooLarge(limits.bodyBytes) }
            return limits.bodyBytes
        }
        let route = router.routes[index]
        let parameters = PathParameters(names: route.parameterNames, ranges: ranges)
        try large.admit(Request(method: method ?? route.method, head: head, parameters: parameters, body: []))
        if case .told(let count) = length, count > large.bytes { throw Problem.bodyTooLarge(large.bytes) }
        return large.bytes
    }
}

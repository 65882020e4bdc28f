internal import CMicroHTTPD
internal import Glibc

/// A request's head inside libmicrohttpd, valid while the handler that was called with it runs.
struct LiveHead {
    let connection: OpaquePointer
    let path: UnsafeBufferPointer<UInt8>
    let query: [UInt8]
    let stripe: Int

    /// Nothing is allocated: the search is the iteration's context.
    func run(_ search: inout FieldSearch) {
        let visit: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
            context?.assumingMemoryBound(to: FieldSearch.self).pointee.visit((bytes(name, nameCount), bytes(value, valueCount)))
            return .YES
        }
        withUnsafeMutablePointer(to: &search) { _ = MHD_get_connection_values_n(connection, .HEADER_KIND, visit, $0) }
    }

    /// Checks the head of a request that has just arrived.
    /// - Parameter target: as it was before libmicrohttpd cut it up, and where it lies.
    /// - Returns: how long the body is to be, and whether it is encoded.
    /// - Throws: `Problem`; see `Framing`.
    func check(
        method: UnsafeBufferPointer<UInt8>, target: Target, version: UnsafeBufferPointer<UInt8>, limits: Limits
    ) throws(Problem) -> (length: BodyLength, isEncoded: Bool) {
        struct Pass {
            var framing = Framing()
            var layout: HeadLayout
        }
        var pass = Pass(layout: HeadLayout(method: method, target: target, version: version))
        let visit: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
            let field = (bytes(name, nameCount), bytes(value, valueCount))
            guard let pass = context?.assumingMemoryBound(to: Pass.self) else { return .NO }
            pass.pointee.framing.visit(field)
            pass.pointee.layout.visit(field)
            return .YES
        }
        withUnsafeMutablePointer(to: &pass) { _ = MHD_get_connection_values_n(connection, .HEADER_KIND, visit, $0) }
        let headBytes = gosset_mhd_head_bytes(connection)
        pass.layout.end(method: method, bytes: headBytes)
        let needsHost = !version.equalsIgnoringCase("HTTP/1.0")
        let length = try pass.framing.check(target: target, headBytes: headBytes, needsHost: needsHost, limits: limits)
        guard pass.layout.isWhole else {
            throw .badRequest(
                "The request line or a header has a NUL in it, is folded, or does not end with a carriage return and a line feed.")
        }
        return (length, pass.framing.isEncoded)
    }

    var fields: [HeaderField] {
        var fields: [HeaderField] = []
        let visit: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
            context?.assumingMemoryBound(to: [HeaderField].self).pointee.append((bytes(name, nameCount), bytes(value, valueCount)))
            return .YES
        }
        withUnsafeMutablePointer(to: &fields) { _ = MHD_get_connection_values_n(connection, .HEADER_KIND, visit, $0) }
        return fields
    }

    var remoteAddress: String {
        guard let address = gosset_mhd_address(connection) else { return "unknown" }
        let length = address.pointee.sa_family == sa_family_t(AF_INET6) ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { host in
            let failed = getnameinfo(address, socklen_t(length), host.baseAddress, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
            return failed == 0 ? String(cString: UnsafePointer(host.baseAddress.unsafelyUnwrapped)) : "unknown"
        }
    }
}

private func bytes(_ text: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count).assumingMemoryBound(to: UInt8.self)
}

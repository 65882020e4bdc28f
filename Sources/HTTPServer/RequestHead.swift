internal import CMicroHTTPD
internal import Glibc

/// Where a request's header fields and target are read from.
///
/// A request that is answered on the event loop reads them in place, inside libmicrohttpd; one that outlives the call has a copy.
enum RequestHead {
    case live(LiveHead)
    case copied(CopiedHead)

    var path: UnsafeBufferPointer<UInt8> {
        switch self {
        case .live(let head): head.path
        case .copied(let head): head.path
        }
    }

    var query: [UInt8] {
        switch self {
        case .live(let head): head.query
        case .copied(let head): head.query
        }
    }

    var remoteAddress: String {
        switch self {
        case .live(let head): head.remoteAddress
        case .copied(let head): head.remoteAddress
        }
    }

    func forEachField(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .live(let head): head.forEachField(body)
        case .copied(let head): head.forEachField(body)
        }
    }

    /// The first value of a field and how often the field occurs.
    func field(_ name: StaticString) -> (first: UnsafeBufferPointer<UInt8>?, count: Int) {
        var first: UnsafeBufferPointer<UInt8>?
        var count = 0
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        forEachField { name, value in
            guard name.count == wanted.count else { return }
            for index in 0..<wanted.count where name[index].lowercasedASCII != wanted[index].lowercasedASCII { return }
            if first == nil { first = value }
            count += 1
        }
        return (first, count)
    }

    /// A copy that may leave the event loop.
    var owned: CopiedHead {
        switch self {
        case .live(let head): CopiedHead(copying: head)
        case .copied(let head): head
        }
    }
}

/// A request's head inside libmicrohttpd, valid while the handler that was called with it runs.
struct LiveHead {
    let connection: OpaquePointer
    let path: UnsafeBufferPointer<UInt8>
    let query: [UInt8]

    func forEachField(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var visit = body
            withUnsafeMutablePointer(to: &visit) { context in
                _ = MHD_get_connection_values_n(connection, .HEADER_KIND, visitField, context)
            }
        }
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

private typealias FieldVisitor = (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void

private let visitField:
    @convention(c) (
        UnsafeMutableRawPointer?, MHD_ValueKind, UnsafePointer<CChar>?, Int, UnsafePointer<CChar>?, Int
    ) -> MHD_Result = { context, _, name, nameCount, value, valueCount in
        context?.assumingMemoryBound(to: FieldVisitor.self).pointee(bytes(name, nameCount), bytes(value, valueCount))
        return .YES
    }

private func bytes(_ text: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count).assumingMemoryBound(to: UInt8.self)
}

/// A request's head in memory of its own: one block that holds the path and all fields.
///
/// `@unchecked Sendable`: the block is written in `init`, before anyone else can see it, never changed after, and freed in `deinit`.
final class CopiedHead: @unchecked Sendable {
    let query: [UInt8]
    let remoteAddress: String
    private let block: UnsafeMutableBufferPointer<UInt8>
    private let pathCount: Int
    private let fields: [(name: Range<Int>, value: Range<Int>)]

    convenience init(copying head: LiveHead) {
        var fields: [(name: [UInt8], value: [UInt8])] = []
        head.forEachField { fields.append((Array($0), Array($1))) }
        self.init(path: Array(head.path), query: head.query, fields: fields, remoteAddress: head.remoteAddress)
    }

    init(path: [UInt8], query: [UInt8], fields: [(name: [UInt8], value: [UInt8])], remoteAddress: String) {
        var content = path
        self.fields = fields.map { field in
            let start = content.count
            content += field.name
            content += field.value
            let middle = start + field.name.count
            return (start..<middle, middle..<content.count)
        }
        pathCount = path.count
        block = .allocate(capacity: content.count)
        _ = block.initialize(from: content)
        self.query = query
        self.remoteAddress = remoteAddress
    }

    deinit {
        block.deallocate()
    }

    var path: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: block[..<pathCount])
    }

    func forEachField(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        for field in fields {
            body(UnsafeBufferPointer(rebasing: block[field.name]), UnsafeBufferPointer(rebasing: block[field.value]))
        }
    }
}

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

    var stripe: Int {
        switch self {
        case .live(let head): head.stripe
        case .copied: 0
        }
    }

    var fields: [HeaderField] {
        switch self {
        case .live(let head): head.fields
        case .copied(let head): head.fields
        }
    }

    /// The first value of a field and how often the field occurs.
    func field(_ name: StaticString) -> (first: UnsafeBufferPointer<UInt8>?, count: Int) {
        var search = FieldSearch(name: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        switch self {
        case .live(let head): head.run(&search)
        case .copied(let head): for field in head.fields { search.visit(field) }
        }
        return (search.first, search.count)
    }

    /// A copy that may leave the event loop.
    var owned: CopiedHead {
        switch self {
        case .live(let head): CopiedHead(copying: head)
        case .copied(let head): head
        }
    }
}

/// A header field where it lies.
typealias HeaderField = (name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>)

/// Looks for a field among those it is shown.
struct FieldSearch {
    let name: UnsafeBufferPointer<UInt8>
    private(set) var first: UnsafeBufferPointer<UInt8>?
    private(set) var count = 0

    init(name: UnsafeBufferPointer<UInt8>) {
        self.name = name
    }

    mutating func visit(_ field: HeaderField) {
        guard field.name.count == name.count else { return }
        for index in 0..<name.count where field.name[index].lowercasedASCII != name[index].lowercasedASCII { return }
        first = first ?? field.value
        count += 1
    }
}

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

/// A request's head in memory of its own: one block that holds the path and all fields.
///
/// `@unchecked Sendable`: the block is written in `init`, before anyone else can see it, never changed after, and freed in `deinit`.
final class CopiedHead: @unchecked Sendable {
    let query: [UInt8]
    let remoteAddress: String
    private let block: UnsafeMutableBufferPointer<UInt8>
    private let pathCount: Int
    private let ranges: [(name: Range<Int>, value: Range<Int>)]

    convenience init(copying head: LiveHead) {
        let fields = head.fields.map { (name: Array($0.name), value: Array($0.value)) }
        self.init(path: Array(head.path), query: head.query, fields: fields, remoteAddress: head.remoteAddress)
    }

    init(path: [UInt8], query: [UInt8], fields: [(name: [UInt8], value: [UInt8])], remoteAddress: String) {
        var content = path
        ranges = fields.map { field in
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

    var fields: [HeaderField] {
        ranges.map { (UnsafeBufferPointer(rebasing: block[$0.name]), UnsafeBufferPointer(rebasing: block[$0.value])) }
    }
}

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
        var search = FieldSearch(name: name)
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

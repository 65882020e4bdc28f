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

/// What a client asks for: a path and perhaps a query.
struct Target: Sendable {
    /// Where it lies in memory.
    let address: UInt
    /// Bytes in all.
    let count: Int
    /// Whether it has none of the bytes that cannot be in a target: spaces and control characters.
    private(set) var isPlain = true
    /// Where the first question mark is.
    private(set) var mark: Int?
    /// What follows it.
    private(set) var query: [UInt8] = []

    init() {
        (address, count) = (0, 0)
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        (address, count) = (UInt(bitPattern: bytes.baseAddress), bytes.count)
        for index in 0..<bytes.count {
            if bytes[index] <= 0x20 || bytes[index] == 0x7F { isPlain = false }
            if bytes[index] == UInt8(ascii: "?"), mark == nil { mark = index }
        }
        if let mark { query = Array(bytes[(mark + 1)...]) }
    }
}

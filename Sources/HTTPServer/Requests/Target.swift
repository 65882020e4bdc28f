/// What a client asks for: a path and perhaps a query.
struct Target: Sendable {
    /// Bytes in all.
    private(set) var count = 0
    /// Whether it has none of the bytes that cannot be in a target: spaces and control characters.
    private(set) var isPlain = true
    /// What follows the first question mark.
    private(set) var query: [UInt8] = []

    init() {}

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        count = bytes.count
        var mark: Int?
        for index in 0..<bytes.count {
            if bytes[index] <= 0x20 || bytes[index] == 0x7F { isPlain = false }
            if bytes[index] == UInt8(ascii: "?"), mark == nil { mark = index }
        }
        if let mark { query = Array(bytes[(mark + 1)...]) }
    }
}

/// Follows a request's head through memory, to see that each byte of it is accounted for.
///
/// libmicrohttpd cuts a head up where it lies, with a NUL after each piece, and then takes the length of a piece to be where its first NUL
/// is. What a client put behind a NUL of its own is silently lost, be it half of a token or a line that ends the head for libmicrohttpd and
/// for nobody else. But such bytes still take room: then the next piece does not begin where it would have to. The same finds lines that
/// are folded, which is not allowed any more (RFC 9112 § 5.2), more than one space in the request line, and lines that end without a
/// carriage return. Pointers are compared, nothing is read.
struct HeadLayout {
    /// Where the next line must begin.
    private var next: UInt
    private(set) var isWhole: Bool

    /// Begins with the request line: method, target, version.
    init(method: UnsafeBufferPointer<UInt8>, target: Target, version: UnsafeBufferPointer<UInt8>) {
        isWhole =
            HeadLayout.address(after: method) + 1 == target.address
            && target.address + UInt(target.count) + 1 == HeadLayout.address(of: version)
        next = HeadLayout.address(after: version) + HeadLayout.lineEnd
    }

    /// Goes on with a field: its name, a colon, perhaps spaces, its value.
    mutating func visit(_ field: HeaderField) {
        if HeadLayout.address(of: field.name) != next || HeadLayout.address(of: field.value) <= HeadLayout.address(after: field.name) {
            isWhole = false
        }
        next = HeadLayout.address(after: field.value) + HeadLayout.lineEnd
    }

    /// Ends with an empty line.
    /// - Parameter bytes: of the whole head, that line included.
    mutating func end(method: UnsafeBufferPointer<UInt8>, bytes: Int) {
        if HeadLayout.address(of: method) + UInt(bytes) != next + HeadLayout.lineEnd { isWhole = false }
    }

    private static let lineEnd: UInt = 2

    private static func address(of bytes: UnsafeBufferPointer<UInt8>) -> UInt {
        UInt(bitPattern: bytes.baseAddress)
    }

    private static func address(after bytes: UnsafeBufferPointer<UInt8>) -> UInt {
        address(of: bytes) + UInt(bytes.count)
    }
}

/// Text of numbers, gathered until it is worth writing.
struct CSVText {
    private var bytes: [UInt8]

    init(_ start: String) { bytes = Array(start.utf8) }

    var isFull: Bool { bytes.count > 1 << 20 }

    /// What was gathered; then it is empty.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func append(_ text: String) { bytes += text.utf8 }

    /// A number that is not negative.
    @inline(__always)
    mutating func append(_ number: Int) {
        if number >= 10 { append(number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    mutating func row(_ one: Int, _ two: Int, _ three: Int) {
        append(one)
        bytes.append(UInt8(ascii: ","))
        append(two)
        bytes.append(UInt8(ascii: ","))
        append(three)
        bytes.append(UInt8(ascii: "\n"))
    }
}

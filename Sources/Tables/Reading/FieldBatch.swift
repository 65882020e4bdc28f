/// Where the wanted fields of many records lie among a scanner's bytes.
struct FieldBatch {
    /// Which fields of a record are wanted.
    let wanted: [Bool]
    /// How many they are.
    let width: Int
    /// The records found; they stand in lines that follow each other.
    private(set) var rows = 0
    /// The start and the end of each wanted field, record by record.
    private var spans: [UInt32] = []

    init(wanted: [Bool]) {
        self.wanted = wanted
        width = wanted.count { $0 }
    }

    /// Forgets its records.
    mutating func clear() { rows = 0 }

    /// Calls with the spans of all records: field `k` of record `r` begins at place `2 * (r * width + k)`, and ends at the place after it.
    func withSpans<Result>(_ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result { spans.withUnsafeBufferPointer(body) }

    /// Finds records that need no care: of as many fields as wanted has, each plain or simply quoted, in valid UTF-8.
    ///
    /// Returns where the first record begins that is not finished or needs a closer look. Eight bytes are looked at at a time: L. Lamport,
    /// "Multiple byte processing with full-word instructions", Communications of the ACM 18 (1975), doi:10.1145/360933.360994.
    mutating func fill(from bytes: UnsafeBufferPointer<UInt8>, at start: Int, delimiter: UInt8, limit: Int) -> Int {
        rows = 0
        guard let base = bytes.baseAddress, bytes.count < UInt32.max else { return start }
        // A field takes a byte at least, its delimiter.
        let needed = 2 * (bytes.count - start + 1)
        if spans.count < needed { spans = Array(repeating: 0, count: needed) }
        let columns = wanted.count
        return wanted.withUnsafeBufferPointer { wanted in
            spans.withUnsafeMutableBufferPointer { spans in
                var scan = Scan(base: base, count: bytes.count, delimiter: delimiter, at: start)
                var (record, field, column, write) = (start, start, 0, 0)
                while let place = scan.next() {
                    let byte = base[place]
                    var (end, closing) = (place, byte)
                    var begin = field
                    if byte == Scan.quote {
                        // A quote inside a field is text; one that opens a field may close simply.
                        guard place == field else { continue }
                        guard let close = scan.simpleClose(after: place) else { return record }
                        (begin, end) = (place + 1, close)
                        var after = close + 1
                        if base[after] == Scan.carriageReturn, after + 1 < bytes.count, base[after + 1] == Scan.newline { after += 1 }
                        closing = base[after]
                        guard closing == delimiter || closing == Scan.newline else { return record }
                        scan.go(to: after + 1)
                        field = after + 1
                    } else {
                        field = place + 1
                    }
                    if closing == delimiter {
                        guard column + 1 < columns else { return record }
                    } else {
                        guard closing == Scan.newline, column + 1 == columns else { return record }
                        if byte != Scan.quote, end > begin, base[end - 1] == Scan.carriageReturn { end -= 1 }
                    }
                    if wanted[column] {
                        spans[write] = UInt32(truncatingIfNeeded: begin)
                        spans[write + 1] = UInt32(truncatingIfNeeded: end)
                        write += 2
                    }
                    column += 1
                    guard column == columns else { continue }
                    guard field - record <= limit else { return record }
                    if scan.highEnd > record, !FieldBatch.isUTF8(bytes, record, field) { return record }
                    rows += 1
                    (record, column) = (field, 0)
                }
                return record
            }
        }
    }

    private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        (try? UTF8Span(validating: UnsafeBufferPointer(rebasing: bytes[start..<end]).span)) != nil
    }
}

/// Looks for the bytes that mean something.
private struct Scan {
    let base: UnsafePointer<UInt8>
    let count: Int
    private let delimiters: UInt64
    /// Where the present eight bytes begin, and which of them are still to be told.
    private var at: Int
    private var mask: UInt64 = 0
    private var isLoaded = false
    /// Behind the last bytes that are no ASCII.
    private(set) var highEnd = -1

    static let newline = UInt8(ascii: "\n")
    static let quote = UInt8(ascii: "\"")
    static let carriageReturn = UInt8(ascii: "\r")
    private static let every: UInt64 = 0x0101_0101_0101_0101
    private static let newlines = every &* UInt64(newline)
    private static let quotes = every &* UInt64(quote)
    private static let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

    init(base: UnsafePointer<UInt8>, count: Int, delimiter: UInt8, at: Int) {
        (self.base, self.count, self.at) = (base, count, at)
        delimiters = Scan.every &* UInt64(delimiter)
    }

    /// The place of the next delimiter, line break, quote or zero byte.
    @inline(__always)
    mutating func next() -> Int? {
        while mask == 0 {
            if isLoaded { at += 8 }
            guard at < count else { return nil }
            isLoaded = true
            let word = word(at)
            if word & ~Scan.low != 0 { highEnd = at + 8 }
            mask = Scan.zeros(word ^ delimiters) | Scan.zeros(word ^ Scan.newlines) | Scan.zeros(word ^ Scan.quotes) | Scan.zeros(word)
        }
        let place = at + mask.trailingZeroBitCount >> 3
        mask &= mask &- 1
        return place
    }

    /// Goes on somewhere else.
    mutating func go(to place: Int) { (at, mask, isLoaded) = (place, 0, false) }

    /// The quote that closes a field whose quote opens at a place, if it does so in the same line and is followed by a byte that is no quote.
    mutating func simpleClose(after open: Int) -> Int? {
        var place = open + 1
        while place < count {
            let word = word(place)
            if word & ~Scan.low != 0 { highEnd = place + 8 }
            let found = Scan.zeros(word ^ Scan.newlines) | Scan.zeros(word ^ Scan.quotes) | Scan.zeros(word)
            if found != 0 {
                place += found.trailingZeroBitCount >> 3
                guard place + 1 < count, base[place] == Scan.quote, base[place + 1] != Scan.quote else { return nil }
                return place
            }
            place += 8
        }
        return nil
    }

    /// Eight bytes, those behind the end being letters, which mean nothing.
    @inline(__always)
    private func word(_ place: Int) -> UInt64 {
        if place + 8 <= count { return UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self) }
        var word = Scan.every &* UInt64(UInt8(ascii: "a"))
        for index in 0..<(count - place) {
            let shift = UInt64(index) * 8
            word = word & ~(0xFF << shift) | UInt64(base[place + index]) << shift
        }
        return word
    }

    /// The high bit of each byte that is zero, and of no other.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { ~(((word & low) &+ low) | word | low) }
}

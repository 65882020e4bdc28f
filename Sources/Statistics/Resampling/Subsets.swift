/// All subsets of one size, in lexicographic order.
struct Subsets {
    /// The places chosen, ascending.
    private(set) var chosen: [Int]
    private let count: Int

    init(_ count: Int, _ size: Int) {
        (self.count, chosen) = (count, Array(0..<size))
    }

    /// Goes on to the next subset; false after the last.
    mutating func advance() -> Bool {
        let size = chosen.count
        guard let i = chosen.indices.last(where: { chosen[$0] < count - size + $0 }) else { return false }
        chosen[i] += 1
        for j in (i + 1)..<max(size, i + 1) { chosen[j] = chosen[j - 1] + 1 }
        return true
    }

    /// A function of the values chosen and of those left.
    func split<Value, Result>(_ values: [Value], _ body: ([Value], [Value]) -> Result) -> Result {
        var isChosen = Array(repeating: false, count: count)
        for place in chosen { isChosen[place] = true }
        return body(chosen.map { values[$0] }, values.indices.filter { !isChosen[$0] }.map { values[$0] })
    }

    /// All of them, one after the other.
    static func all(_ count: Int, _ size: Int) -> some Sequence<Subsets> {
        sequence(first: Subsets(count, size)) { subset in
            var next = subset
            return next.advance() ? next : nil
        }
    }

    /// How many there are; `nil` where an integer cannot hold it.
    static func count(_ count: Int, _ size: Int) -> Int? {
        var result = 1
        for i in 0..<min(size, count - size) {
            let (product, overflow) = result.multipliedReportingOverflow(by: count - i)
            if overflow { return nil }
            result = product / (i + 1)
        }
        return result
    }
}

extension RandomStream {
    /// Brings a random subset of this size to the front: the first steps of Fisher and Yates.
    mutating func choose<Value>(_ size: Int, _ values: inout [Value]) {
        values.withUnsafeMutableBufferPointer { values in
            for i in 0..<size {
                let j = i + below(UInt32(truncatingIfNeeded: values.count - i))
                let value = values[i]
                values[i] = values[j]
                values[j] = value
            }
        }
    }
}

import Synchronization

/// The ordinals that belong to a sequence because somebody said so: a growing set that knows the rank of each.
///
/// A bit an ordinal, and a running count for each 512 of them: 1.13 bits an ordinal from the first member on, whatever the share of members.
/// Members come in the order of their ordinals; any number of threads may ask meanwhile.
package final class MemberSet: Sendable {
    private let bits = Mutex(Bits())

    /// An empty set.
    package init() {}

    /// Adds an ordinal above all that are in; one that is in already changes nothing.
    ///
    /// - Returns: whether it is in; false for one that comes too late, which would change the rank of others.
    @discardableResult
    package func insert(_ ordinal: Ordinal) -> Bool { bits.withLock { $0.insert(ordinal) } }

    /// How many members are below an ordinal.
    package func rank(of ordinal: Ordinal) -> UInt64 { bits.withLock { $0.rank(of: ordinal) } }

    /// How many members are below an ordinal that is a member; nil for others.
    package func position(of ordinal: Ordinal) -> UInt64? {
        bits.withLock { $0.contains(ordinal) ? $0.rank(of: ordinal) : nil }
    }

    /// The number of members.
    package var count: UInt64 { bits.withLock { $0.count } }

    /// The bytes that the bits and counts take.
    package var allocatedBytes: Int { bits.withLock { $0.allocatedBytes } }
}

private struct Bits {
    private static let wordsARun = 8
    private static let bitsARun: Ordinal = 512

    /// The ordinal of the first bit, a multiple of ``bitsARun``.
    private var base: Ordinal = 0
    private var words: [UInt64] = []
    /// How many members there are before each run of words.
    private var counts: [UInt64] = []
    private(set) var count: UInt64 = 0
    private var end: Ordinal = 0

    var allocatedBytes: Int { (words.capacity + counts.capacity) * MemoryLayout<UInt64>.stride }

    mutating func insert(_ ordinal: Ordinal) -> Bool {
        guard ordinal >= end else { return contains(ordinal) }
        if words.isEmpty { base = ordinal / Bits.bitsARun * Bits.bitsARun }
        let (run, bit) = (ordinal - base).quotientAndRemainder(dividingBy: Bits.bitsARun)
        while counts.count <= Int(run) {
            counts.append(count)
            words.append(contentsOf: repeatElement(0, count: Bits.wordsARun))
        }
        words[Int(run) * Bits.wordsARun + Int(bit / 64)] |= 1 << (bit % 64)
        count += 1
        end = ordinal + 1
        return true
    }

    func contains(_ ordinal: Ordinal) -> Bool {
        guard ordinal >= base, ordinal < end else { return false }
        let bit = ordinal - base
        return words[Int(bit / 64)] >> (bit % 64) & 1 == 1
    }

    func rank(of ordinal: Ordinal) -> UInt64 {
        guard ordinal > base else { return 0 }
        guard ordinal < end else { return count }
        let bit = ordinal - base
        let run = Int(bit / Bits.bitsARun)
        let word = Int(bit / 64)
        var rank = counts[run]
        for index in run * Bits.wordsARun..<word { rank += UInt64(words[index].nonzeroBitCount) }
        return rank + UInt64((words[word] & (1 << (bit % 64) - 1)).nonzeroBitCount)
    }
}

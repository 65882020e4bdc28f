internal import CMemory

/// From a user's id to the user's place in the tables: their rank by id.
///
/// Ids that lie close enough together are looked up by rank: a bit for each possible id, and beside every 32 of them how many ids come
/// before. That is a quarter of a byte a possible id, so for millions of ids it stays in the processor's own memory. Others are looked up
/// in a hash table.
///
/// `@unchecked Sendable`: the memory is filled in `init` and only read afterwards.
package final class CustomerIndex: @unchecked Sendable {
    /// How many ids there are.
    package let count: Int
    private let lowest: Int
    /// How many possible ids, or slots of the hash table, there are.
    private let capacity: Int
    /// For 32 possible ids each: which of them there are, and above that how many ids come before.
    private let ranks: UnsafeMutablePointer<UInt64>?
    /// The hash table: ids, and their places plus one; 0 is nobody.
    private let keys: UnsafeMutablePointer<Int>?
    private let places: UnsafeMutablePointer<UInt32>?
    private let shift: UInt64

    /// An index in which the ids have the places of their order in `ids`.
    /// - Parameter ids: in ascending order, none twice.
    init(ascending ids: [Int]) {
        count = ids.count
        let low = ids.first ?? 0
        let (range, overflow) = (ids.last ?? 0).subtractingReportingOverflow(low)
        lowest = low
        if !overflow, range < max(1 << 20, 64 * ids.count) {
            capacity = range + 1
            shift = 0
            (keys, places) = (nil, nil)
            let ranks = LargeMemory.zeros((capacity + 31) / 32, of: UInt64.self, 0)
            for id in ids { ranks[(id - low) >> 5] |= 1 << UInt64((id - low) & 31) }
            var before: UInt64 = 0
            for word in 0..<((capacity + 31) / 32) {
                let here = UInt64(ranks[word].nonzeroBitCount)
                ranks[word] |= before << 32
                before += here
            }
            self.ranks = ranks
        } else {
            var bits = 4
            while 1 << bits < 2 * ids.count { bits += 1 }
            capacity = 1 << bits
            shift = UInt64(64 - bits)
            ranks = nil
            let keys = LargeMemory.zeros(capacity, of: Int.self, 0)
            let places = LargeMemory.zeros(capacity, of: UInt32.self, 0)
            (self.keys, self.places) = (keys, places)
            for (place, id) in ids.enumerated() {
                let slot = CustomerIndex.slot(of: id, keys, places, capacity, shift)
                keys[slot] = id
                places[slot] = UInt32(place + 1)
            }
        }
    }

    deinit {
        ranks?.deallocate()
        keys?.deallocate()
        places?.deallocate()
    }

    /// The place of an id, or -1.
    @inline(__always)
    package func place(of id: Int) -> Int {
        guard let ranks else { return hashedPlace(of: id) }
        let (offset, capacity) = (UInt(bitPattern: id &- lowest), UInt(capacity))
        return offset < capacity ? Int(CustomerIndex.rank(in: ranks[Int(bitPattern: offset >> 5)], offset)) : -1
    }

    /// The places of many ids: their accesses to memory may overlap.
    func look(up ids: UnsafeBufferPointer<Int>, into found: UnsafeMutablePointer<Int32>) {
        guard let ranks else {
            for each in 0..<ids.count { found[each] = Int32(truncatingIfNeeded: hashedPlace(of: ids[each])) }
            return
        }
        let (lowest, capacity, last) = (lowest, UInt(capacity), ids.count - 1)
        for each in 0..<ids.count {
            gosset_prefetch(ranks + (ids[min(each &+ Self.ahead, last)] &- lowest) >> 5)
            let offset = UInt(bitPattern: ids[each] &- lowest)
            found[each] = offset < capacity ? CustomerIndex.rank(in: ranks[Int(bitPattern: offset >> 5)], offset) : -1
        }
    }

    /// How many ids ahead of its use a word is fetched, so that many are on their way from memory at once.
    private static let ahead = 32

    /// Bytes that the index takes.
    package var bytes: Int { ranks == nil ? 12 * capacity : capacity / 4 }

    @inline(__always)
    private static func rank(in word: UInt64, _ offset: UInt) -> Int32 {
        let bit: UInt64 = 1 << UInt64(offset & 31)
        guard word & bit != 0 else { return -1 }
        let before = UInt32(truncatingIfNeeded: word & (bit &- 1))
        return Int32(truncatingIfNeeded: word >> 32) &+ Int32(truncatingIfNeeded: before.nonzeroBitCount)
    }

    @inline(never)
    private func hashedPlace(of id: Int) -> Int {
        guard let keys, let places else { return -1 }
        return Int(places[CustomerIndex.slot(of: id, keys, places, capacity, shift)]) - 1
    }

    /// Where an id is in the hash table, or would be.
    private static func slot(
        of id: Int, _ keys: UnsafeMutablePointer<Int>, _ places: UnsafeMutablePointer<UInt32>, _ capacity: Int, _ shift: UInt64
    ) -> Int {
        var slot = Int((UInt64(bitPattern: Int64(id)) &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[slot] != 0, keys[slot] != id { slot = (slot + 1) & (capacity - 1) }
        return slot
    }
}

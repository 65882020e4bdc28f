/// From a user's id to the user's place in the tables.
///
/// Ids that lie close enough together are looked up in a table over their whole range, in one access to memory; others in a hash table.
///
/// `@unchecked Sendable`: the memory is filled in `init` and only read afterwards.
package final class CustomerIndex: @unchecked Sendable {
    /// How many ids there are.
    package let count: Int
    private let lowest: Int
    /// The table of places plus one; 0 is nobody.
    private let places: UnsafeMutablePointer<UInt32>
    private let capacity: Int
    /// The ids beside `places`, if it is a hash table.
    private let keys: UnsafeMutablePointer<Int>?
    private let shift: UInt64

    /// An index in which the ids have the places of their order in `ids`.
    /// - Throws: the first id that is there twice.
    init(_ ids: [Int], path: String) throws(ShopDataError) {
        count = ids.count
        let low = ids.min() ?? 0
        let (range, overflow) = (ids.max() ?? 0).subtractingReportingOverflow(low)
        lowest = low
        let isDense = !overflow && range < max(1 << 20, 16 * ids.count)
        if isDense {
            capacity = range + 1
            keys = nil
            shift = 0
        } else {
            var bits = 4
            while 1 << bits < 2 * ids.count { bits += 1 }
            capacity = 1 << bits
            shift = UInt64(64 - bits)
            keys = .allocate(capacity: capacity)
            keys?.initialize(repeating: 0, count: capacity)
        }
        places = LargeMemory.zeros(capacity, of: UInt32.self, 0)
        for (place, id) in ids.enumerated() {
            let slot = keys == nil ? id - lowest : slot(of: id)
            guard places[slot] == 0 else { throw .duplicateUser(path: path, user: id) }
            places[slot] = UInt32(place + 1)
            keys?[slot] = id
        }
    }

    deinit {
        places.deallocate()
        keys?.deallocate()
    }

    /// The place of an id, or -1.
    @inline(__always)
    package func place(of id: Int) -> Int {
        guard keys == nil else { return Int(places[slot(of: id)]) - 1 }
        let offset = id &- lowest
        return offset >= 0 && offset < capacity ? Int(places[offset]) - 1 : -1
    }

    /// The places of many ids: all accesses to memory may overlap.
    func look(up ids: UnsafeBufferPointer<Int>, into found: UnsafeMutablePointer<Int32>) {
        guard keys == nil else {
            for each in 0..<ids.count { found[each] = Int32(truncatingIfNeeded: place(of: ids[each])) }
            return
        }
        let (places, lowest, capacity) = (places, lowest, UInt(capacity))
        for each in 0..<ids.count {
            let offset = UInt(bitPattern: ids[each] &- lowest)
            found[each] = offset < capacity ? Int32(bitPattern: places[Int(bitPattern: offset)]) &- 1 : -1
        }
    }

    /// Bytes that the index takes.
    package var bytes: Int { capacity * (keys == nil ? 4 : 12) }

    /// Where an id is in the hash table, or would be.
    private func slot(of id: Int) -> Int {
        guard let keys else { return 0 }
        var slot = Int((UInt64(bitPattern: Int64(id)) &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[slot] != 0, keys[slot] != id { slot = (slot + 1) & (capacity - 1) }
        return slot
    }
}

internal import Synchronization

/// What a test's groups are after its ids were looked up: sums of each group, and what was odd about the ids.
struct Membership {
    var groups = [GroupMoments](repeating: GroupMoments(), count: 3)
    var oddities = Oddities()
    /// The same for the same three sets of customers, in whatever order their ids are given.
    var fingerprint: UInt64 = 0
}

/// What was odd about a test's ids.
package struct Oddities: Sendable, Hashable {
    /// Ids that are no customers; they count as customers without sales.
    package internal(set) var unknown = 0
    /// Ids given again in the same group; they count once.
    package internal(set) var repeated = 0
    /// Ids in both groups A; they count once, in the first.
    package internal(set) var inBothA = 0
}

/// Room in which a check marks whom it has seen: two bits for each customer.
///
/// `@unchecked Sendable`: one check uses it at a time; the pool hands it to nobody else meanwhile.
final class Scratch: @unchecked Sendable {
    private var marks: [UInt64]
    private var places: [Int32] = []

    init(customers: Int) { marks = Array(repeating: 0, count: customers / 32 + 1) }

    /// Looks up all ids of a test and sums up its groups.
    func membership(_ test: EffectTest, _ index: CustomerIndex, _ table: SignalTable) throws(EffectTestError) -> Membership {
        var membership = Membership()
        var strangers = Strangers()
        var overlap = (count: 0, example: 0)
        var seen: [ArraySlice<Int32>] = []
        for (group, ids) in [test.a1, test.a2, test.b].enumerated() {
            let mark = UInt64(group + 1)
            look(up: ids, index)
            var fingerprint: UInt64 = 0
            var kept = 0
            for (each, id) in ids.enumerated() {
                let place = Int(places[each])
                if place < 0 {
                    strangers.add(id, mark, &membership, &overlap)
                    continue
                }
                let (word, shift) = (place >> 5, UInt64(place & 31) * 2)
                let earlier = (marks[word] >> shift) & 3
                if earlier == 0 {
                    marks[word] |= mark << shift
                    fingerprint &+= Fingerprint.of(id)
                    places[kept] = Int32(place)
                    kept += 1
                } else if earlier == mark {
                    membership.oddities.repeated += 1
                } else if group == 2 {
                    if overlap.count == 0 { overlap.example = id }
                    overlap.count += 1
                } else {
                    membership.oddities.inBothA += 1
                }
            }
            var moments = GroupMoments()
            for each in 0..<kept { moments.add(table.rows[Int(places[each])]) }
            for _ in 0..<strangers.inGroup { moments.add(table.unknown) }
            fingerprint &+= strangers.fingerprint
            strangers.begin()
            moments.flush()
            membership.groups[group] = moments
            membership.fingerprint = Fingerprint.mix(membership.fingerprint &+ fingerprint &+ mark)
            seen.append(places[..<kept])
        }
        clear(seen)
        if overlap.count > 0 { throw .overlap(count: overlap.count, example: overlap.example) }
        return membership
    }

    /// All ids first, so that the accesses to memory overlap.
    private func look(up ids: [Int], _ index: CustomerIndex) {
        if places.count < ids.count { places = Array(repeating: 0, count: ids.count) }
        places.withUnsafeMutableBufferPointer { places in
            ids.withUnsafeBufferPointer { ids in
                for each in 0..<ids.count { places[each] = Int32(index.place(of: ids[each])) }
            }
        }
    }

    private func clear(_ seen: [ArraySlice<Int32>]) {
        if seen.reduce(0, { $0 + $1.count }) > marks.count / 4 {
            for word in marks.indices { marks[word] = 0 }
        } else {
            for places in seen {
                for place in places { marks[Int(place) >> 5] = 0 }
            }
        }
    }

    /// Ids that are no customers.
    private struct Strangers {
        private var marks: [Int: UInt64] = [:]
        private(set) var inGroup = 0
        private(set) var fingerprint: UInt64 = 0

        mutating func begin() { (inGroup, fingerprint) = (0, 0) }

        mutating func add(_ id: Int, _ mark: UInt64, _ membership: inout Membership, _ overlap: inout (count: Int, example: Int)) {
            guard let earlier = marks[id] else {
                marks[id] = mark
                inGroup += 1
                membership.oddities.unknown += 1
                fingerprint &+= Fingerprint.of(id)
                return
            }
            if earlier == mark {
                membership.oddities.repeated += 1
            } else if mark == 3 {
                if overlap.count == 0 { overlap.example = id }
                overlap.count += 1
            } else {
                membership.oddities.inBothA += 1
            }
        }
    }
}

/// Hashes by which tests are told apart.
enum Fingerprint {
    /// An id's part of a sum that does not depend on the ids' order.
    @inline(__always)
    static func of(_ id: Int) -> UInt64 { mix(UInt64(bitPattern: Int64(id)) &+ 0x9E37_79B9_7F4A_7C15) }

    @inline(__always)
    static func mix(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Scratches that are not in use.
final class ScratchPool: Sendable {
    private let free = Mutex<[Scratch]>([])
    private let customers: Int

    init(customers: Int) { self.customers = customers }

    func with<Result>(_ work: (Scratch) throws(EffectTestError) -> Result) throws(EffectTestError) -> Result {
        let scratch = free.withLock { $0.popLast() } ?? Scratch(customers: customers)
        defer { free.withLock { if $0.count < Workers.count { $0.append(scratch) } } }
        return try work(scratch)
    }
}

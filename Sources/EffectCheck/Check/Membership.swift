internal import CMemory
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
    private let marks: UnsafeMutablePointer<UInt64>
    private let words: Int
    private var places: UnsafeMutablePointer<Int32>
    private var capacity = 4096

    init(customers: Int) {
        words = customers / 32 + 1
        marks = .allocate(capacity: words)
        marks.initialize(repeating: 0, count: words)
        places = .allocate(capacity: capacity)
    }

    deinit {
        marks.deallocate()
        places.deallocate()
    }

    /// Looks up all ids of a test and sums up its groups.
    func membership(_ test: EffectTest, _ index: CustomerIndex, _ table: SignalTable) throws(EffectTestError) -> Membership {
        var membership = Membership()
        var strangers = Strangers()
        var overlap = (count: 0, example: 0)
        let groups = [test.a1, test.a2, test.b]
        reserve(groups.reduce(0) { $0 + $1.count })
        // Those who were marked, in the places at the front.
        var marked = 0
        for (group, ids) in groups.enumerated() {
            let places = places + marked
            let (kept, fingerprint) = ids.withUnsafeBufferPointer { ids in
                index.look(up: ids, into: places)
                return mark(ids, places, group, &strangers, &membership.oddities, &overlap)
            }
            marked += kept
            var moments = GroupMoments()
            moments.add(table.rows, at: UnsafeBufferPointer(start: places, count: kept))
            for _ in 0..<strangers.inGroup { moments.add(table.unknown) }
            moments.flush()
            membership.groups[group] = moments
            let whole = fingerprint &+ strangers.fingerprint &+ UInt64(group + 1)
            membership.fingerprint = Fingerprint.mix(membership.fingerprint &+ whole)
            strangers.begin()
        }
        unmark(marked)
        if overlap.count > 0 { throw .overlap(count: overlap.count, example: overlap.example) }
        return membership
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        places.deallocate()
        places = .allocate(capacity: count)
        capacity = count
    }

    /// Marks the customers whose places were found, and keeps the places of those who count, at the front.
    private func mark(
        _ ids: UnsafeBufferPointer<Int>, _ places: UnsafeMutablePointer<Int32>, _ group: Int, _ strangers: inout Strangers,
        _ oddities: inout Oddities, _ overlap: inout (count: Int, example: Int)
    ) -> (kept: Int, fingerprint: UInt64) {
        let (marks, mark) = (marks, UInt64(group + 1))
        var (kept, fingerprint) = (0, UInt64(0))
        let last = ids.count - 1
        for each in 0..<ids.count {
            gosset_prefetch(marks + Int(places[min(each &+ Self.ahead, last)]) >> 5)
            let place = Int(places[each])
            guard place >= 0 else {
                strangers.add(ids[each], mark, &oddities, &overlap)
                continue
            }
            let (word, shift) = (place >> 5, UInt64(place & 31) &* 2)
            let earlier = (marks[word] >> shift) & 3
            guard earlier == 0 else {
                note(earlier, mark, ids[each], &oddities, &overlap)
                continue
            }
            marks[word] |= mark << shift
            fingerprint &+= Fingerprint.of(ids[each])
            places[kept] = Int32(truncatingIfNeeded: place)
            kept += 1
        }
        return (kept, fingerprint)
    }

    /// How many customers ahead of its use a word of marks is fetched; they mostly lie near.
    private static let ahead = 16

    /// Unmarks those at the first places: one by one if they are few, else all there are.
    private func unmark(_ count: Int) {
        if count > words / 4 {
            marks.update(repeating: 0, count: words)
        } else {
            for each in 0..<count { marks[Int(places[each]) >> 5] = 0 }
        }
    }

    /// Ids that are no customers.
    private struct Strangers {
        private var marks: [Int: UInt64] = [:]
        private(set) var inGroup = 0
        private(set) var fingerprint: UInt64 = 0

        mutating func begin() { (inGroup, fingerprint) = (0, 0) }

        mutating func add(_ id: Int, _ mark: UInt64, _ oddities: inout Oddities, _ overlap: inout (count: Int, example: Int)) {
            guard let earlier = marks[id] else {
                marks[id] = mark
                inGroup += 1
                oddities.unknown += 1
                fingerprint &+= Fingerprint.of(id)
                return
            }
            note(earlier, mark, id, &oddities, &overlap)
        }
    }
}

/// Notes an id that was there before: in the group marked `earlier`, and now in the one marked `mark`.
private func note(
    _ earlier: UInt64, _ mark: UInt64, _ id: Int, _ oddities: inout Oddities, _ overlap: inout (count: Int, example: Int)
) {
    if earlier == mark {
        oddities.repeated += 1
    } else if mark == 3 {
        if overlap.count == 0 { overlap.example = id }
        overlap.count += 1
    } else {
        oddities.inBothA += 1
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

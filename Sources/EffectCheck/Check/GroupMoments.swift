/// Sums over a group of customers: means, covariances of the signals, and who they are.
///
/// Means are those of all; covariances are taken from some twenty thousand where there are more, evenly spread over the group: they need to be
/// right to a per cent only.
struct GroupMoments {
    typealias Row = SignalTable.Row

    private(set) var count = 0
    private(set) var people = People()
    private var sums = SIMD8<Double>(repeating: 0)
    /// Products of the lanes of those who were sampled, and their sums.
    private var sampled = 0
    private var sampledSums = SIMD8<Double>(repeating: 0)
    private var products = Products<SIMD8<Double>>(zero: SIMD8(repeating: 0))
    // A block in single precision, small enough to lose nothing that matters.
    private var block = Row(repeating: 0)
    private var blockProducts = Products<Row>(zero: Row(repeating: 0))
    private var inBlock = 0

    /// Rows whose people are exact in single precision when added up; see ``SignalTable/person(gender:age:isCut:)``.
    private static let peopleLength = 31
    private static let blockLength = 4 * peopleLength
    private static let sampleLength = 20_000

    /// The people of a group.
    struct People {
        var ofGenderOne = 0
        var ages = 0
        /// Those whose sum was cut.
        var cut = 0

        /// Adds the sum of the person lanes of at most 31 rows.
        @inline(__always)
        mutating func add(sum: Float) {
            let sum = Int32(sum)
            ages += Int(sum & 8191)
            ofGenderOne += Int((sum >> 13) & 31)
            cut += Int(sum >> 18)
        }
    }

    /// For each lane up to the seventh, all lanes times that one.
    private struct Products<Lanes: SIMD> {
        var (a, b, c, d, e, f, g): (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

        init(zero: Lanes) { (a, b, c, d, e, f, g) = (zero, zero, zero, zero, zero, zero, zero) }

        subscript(lane: Int) -> Lanes {
            switch lane {
            case 0: a
            case 1: b
            case 2: c
            case 3: d
            case 4: e
            case 5: f
            default: g
            }
        }
    }

    /// Adds one customer.
    @inline(__always)
    mutating func add(_ row: Row) {
        people.add(sum: row[SignalTable.personLane])
        addWithProducts(row)
        if inBlock == Self.blockLength { flush() }
    }

    @inline(__always)
    private mutating func addWithProducts(_ row: Row) {
        block += row
        addProducts(row)
        inBlock += 1
    }

    @inline(__always)
    private mutating func addProducts(_ row: Row) {
        blockProducts.a += row * row[0]
        blockProducts.b += row * row[1]
        blockProducts.c += row * row[2]
        blockProducts.d += row * row[3]
        blockProducts.e += row * row[4]
        blockProducts.f += row * row[5]
        blockProducts.g += row * row[6]
    }

    /// Adds many, given by their places in a table.
    mutating func add(_ rows: UnsafePointer<Row>, at places: UnsafeBufferPointer<Int32>) {
        flush()
        let lanes = UnsafeRawPointer(rows).assumingMemoryBound(to: Float.self)
        // Every so many are sampled; the others only count for the means.
        let step = max(1, places.count / Self.sampleLength)
        var next = 0
        for first in stride(from: 0, to: places.count, by: Self.blockLength) {
            let end = min(first + Self.blockLength, places.count)
            // One number of each row first: so little work that many rows are on their way from memory at once.
            for start in stride(from: first, to: end, by: Self.peopleLength) {
                var persons: Float = 0
                for each in start..<min(start + Self.peopleLength, end) {
                    persons += lanes[Int(places[each]) &* Row.scalarCount &+ SignalTable.personLane]
                }
                people.add(sum: persons)
            }
            if step > 1 {
                var part = Row(repeating: 0)
                for each in first..<end { part += rows[Int(places[each])] }
                sums += SIMD8<Double>(part)
            }
            while next < end {
                addWithProducts(rows[Int(places[next])])
                next += step
            }
            if step == 1 { sums += SIMD8<Double>(block) }
            flushSample()
        }
        count += places.count
    }

    /// Brings the last block in; to be called when all are added.
    mutating func flush() {
        count += inBlock
        sums += SIMD8<Double>(block)
        flushSample()
    }

    private mutating func flushSample() {
        sampled += inBlock
        sampledSums += SIMD8<Double>(block)
        products.a += SIMD8<Double>(blockProducts.a)
        products.b += SIMD8<Double>(blockProducts.b)
        products.c += SIMD8<Double>(blockProducts.c)
        products.d += SIMD8<Double>(blockProducts.d)
        products.e += SIMD8<Double>(blockProducts.e)
        products.f += SIMD8<Double>(blockProducts.f)
        products.g += SIMD8<Double>(blockProducts.g)
        block = Row(repeating: 0)
        blockProducts = Products(zero: Row(repeating: 0))
        inBlock = 0
    }

    /// Adds another group.
    mutating func add(_ other: GroupMoments) {
        count += other.count
        people.ofGenderOne += other.people.ofGenderOne
        people.ages += other.people.ages
        people.cut += other.people.cut
        sums += other.sums
        sampled += other.sampled
        sampledSums += other.sampledSums
        products.a += other.products.a
        products.b += other.products.b
        products.c += other.products.c
        products.d += other.products.d
        products.e += other.products.e
        products.f += other.products.f
        products.g += other.products.g
    }

    /// The mean of a lane.
    func mean(_ lane: Int) -> Double { count > 0 ? sums[lane] / Double(count) : 0 }

    /// The means of the signals.
    var means: [Double] { (0..<Signal.count).map(mean) }

    /// The variance of a lane, with n − 1.
    func variance(_ lane: Int) -> Double { max(0, covariance(lane, lane)) }

    /// The covariances of the signals, row by row.
    var covariance: [Double] {
        (0..<Signal.count).flatMap { i in (0..<Signal.count).map { j in covariance(i, j) } }
    }

    private func covariance(_ i: Int, _ j: Int) -> Double {
        guard sampled > 1 else { return 0 }
        return (products[i][j] - sampledSums[i] * sampledSums[j] / Double(sampled)) / Double(sampled - 1)
    }
}

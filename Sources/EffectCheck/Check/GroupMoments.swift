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

    private static let blockLength = 128
    private static let sampleLength = 20_000

    /// The people of a group.
    struct People {
        var ofGenderOne = 0
        var ages = 0
        /// Those whose sum was cut.
        var cut = 0

        @inline(__always)
        mutating func add(_ row: Row) {
            let person = Int32(row[SignalTable.personLane])
            ofGenderOne += person & 15 == 1 ? 1 : 0
            ages += Int((person >> 4) & 255)
            cut += Int(person >> 12)
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
        addProducts(row)
        people.add(row)
        if inBlock == Self.blockLength { flush() }
    }

    @inline(__always)
    private mutating func addProducts(_ row: Row) {
        block += row
        blockProducts.a += row * row[0]
        blockProducts.b += row * row[1]
        blockProducts.c += row * row[2]
        blockProducts.d += row * row[3]
        blockProducts.e += row * row[4]
        blockProducts.f += row * row[5]
        blockProducts.g += row * row[6]
        inBlock += 1
    }

    /// Adds many, given by their places in a table.
    mutating func add(_ rows: UnsafePointer<Row>, at places: UnsafeBufferPointer<Int32>) {
        withUnsafeTemporaryAllocation(of: Row.self, capacity: Self.gathered) { near in
            guard places.count > 2 * Self.sampleLength else {
                GroupMoments.gather(rows, places, near) { add($0) }
                return
            }
            flush()
            addMany(rows, places, near)
        }
    }

    /// Fetches rows a few at a time: copied one after the other without waiting, their accesses to memory overlap.
    @inline(__always)
    private static func gather(
        _ rows: UnsafePointer<Row>, _ places: UnsafeBufferPointer<Int32>, _ near: UnsafeMutableBufferPointer<Row>, _ use: (Row) -> Void
    ) {
        var first = 0
        while first < places.count {
            let count = min(gathered, places.count - first)
            for each in 0..<count { near[each] = rows[Int(places[first &+ each])] }
            for each in 0..<count { use(near[each]) }
            first += count
        }
    }

    private static let gathered = 64

    private mutating func addMany(
        _ rows: UnsafePointer<Row>, _ places: UnsafeBufferPointer<Int32>, _ near: UnsafeMutableBufferPointer<Row>
    ) {
        // Every so many are sampled; the others only count for the means, which is little work, so that their accesses to memory overlap.
        let step = places.count / Self.sampleLength
        var (sum, part, people) = (SIMD8<Double>(repeating: 0), Row(repeating: 0), self.people)
        var (number, next) = (0, 0)
        GroupMoments.gather(rows, places, near) { row in
            part += row
            people.add(row)
            if number & 127 == 127 {
                sum += SIMD8<Double>(part)
                part = Row(repeating: 0)
            }
            if number == next {
                addProducts(row)
                if inBlock == Self.blockLength { flushSample() }
                next += step
            }
            number += 1
        }
        sum += SIMD8<Double>(part)
        flushSample()
        self.people = people
        sums += sum
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

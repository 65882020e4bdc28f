internal import CMemory

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
    private var products = Products<Double>()
    // A block in single precision, small enough to lose nothing that matters.
    private var block = Row(repeating: 0)
    private var blockProducts = Products<Float>()
    private var inBlock = 0

    /// Rows whose people are exact in single precision when added up; see ``SignalTable/person(gender:age:isCut:)``.
    private static let peopleLength = 31
    private static let blockLength = 4 * peopleLength
    private static let sampleLength = 20_000
    /// How many rows ahead of its use a row is fetched, so that many are on their way from memory at once.
    private static let ahead = 32

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

    /// Products of a row's lanes: of each with itself, and of each pair of signals.
    ///
    /// The first four lanes are signals 0 to 3, the others are signal 4, the pilot, what was before it, and the person. Moved on by one and by
    /// two places the first four meet each other: five products of four lanes instead of all with all.
    private struct Products<Scalar: SIMDScalar & BinaryFloatingPoint> {
        /// Each lane with itself.
        var low = SIMD4<Scalar>.zero
        var high = SIMD4<Scalar>.zero
        /// Of the first four, each with the next and with the one after that, cyclically.
        var next = SIMD4<Scalar>.zero
        var second = SIMD4<Scalar>.zero
        /// The first four, each with signal 4.
        var fourth = SIMD4<Scalar>.zero

        /// The sum of the products of two signals, or of any lane with itself.
        subscript(i: Int, j: Int) -> Scalar {
            let (first, last) = (min(i, j), max(i, j))
            if first == last { return first < 4 ? low[first] : high[first - 4] }
            if last == 4 { return fourth[first] }
            return switch last - first {
            case 1: next[first]
            case 2: second[first]
            default: next[3]
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
        let (low, high) = (row.lowHalf, row.highHalf)
        blockProducts.low += low * low
        blockProducts.high += high * high
        blockProducts.next += low * SIMD4(low[1], low[2], low[3], low[0])
        blockProducts.second += low * SIMD4(low[2], low[3], low[0], low[1])
        blockProducts.fourth += low * high[0]
    }

    /// Adds many, given by their places in a table.
    mutating func add(_ rows: UnsafePointer<Row>, at places: UnsafeBufferPointer<Int32>) {
        flush()
        let last = places.count - 1
        // Every so many are sampled; the others only count for the means.
        let step = max(1, places.count / Self.sampleLength)
        var next = 0
        for first in stride(from: 0, to: places.count, by: Self.blockLength) {
            let end = min(first + Self.blockLength, places.count)
            var part = Row(repeating: 0)
            for start in stride(from: first, to: end, by: Self.peopleLength) {
                var persons: Float = 0
                for each in start..<min(start + Self.peopleLength, end) {
                    gosset_prefetch(rows + Int(places[min(each &+ Self.ahead, last)]))
                    let row = rows[Int(places[each])]
                    persons += row[SignalTable.personLane]
                    part += row
                    guard each == next else { continue }
                    addWithProducts(row)
                    next += step
                }
                people.add(sum: persons)
            }
            sums += SIMD8<Double>(part)
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
        products.low += SIMD4(blockProducts.low)
        products.high += SIMD4(blockProducts.high)
        products.next += SIMD4(blockProducts.next)
        products.second += SIMD4(blockProducts.second)
        products.fourth += SIMD4(blockProducts.fourth)
        block = Row(repeating: 0)
        blockProducts = Products()
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
        products.low += other.products.low
        products.high += other.products.high
        products.next += other.products.next
        products.second += other.products.second
        products.fourth += other.products.fourth
    }

    /// The mean of a lane.
    func mean(_ lane: Int) -> Double { count > 0 ? sums[lane] / Double(count) : 0 }

    /// The means of the signals.
    var means: [Double] { (0..<Signal.count).map(mean) }

    /// The variance of a lane, with n − 1; zero where there is no more of it than single precision leaves of values that are all the same.
    func variance(_ lane: Int) -> Double {
        let (variance, square) = (covariance(lane, lane), products[lane, lane] / Double(max(1, sampled)))
        return variance > Self.rounding * square ? variance : 0
    }

    /// What the sum of a block's squares may be off by, as a share.
    private static let rounding = 1e-5

    /// The covariances of the signals, row by row.
    var covariance: [Double] {
        (0..<Signal.count).flatMap { i in (0..<Signal.count).map { j in covariance(i, j) } }
    }

    private func covariance(_ i: Int, _ j: Int) -> Double {
        guard sampled > 1 else { return 0 }
        return (products[i, j] - sampledSums[i] * sampledSums[j] / Double(sampled)) / Double(sampled - 1)
    }
}

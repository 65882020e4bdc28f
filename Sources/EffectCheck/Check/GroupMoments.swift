/// Sums over a group of customers: means, covariances of the signals, and who they are.
struct GroupMoments {
    typealias Row = SignalTable.Row

    /// The lanes whose products are summed: the signals, the pilot's sum, and the sum before.
    static let lanes = 7

    private(set) var count = 0
    private(set) var people = People()
    private var sums = SIMD8<Double>(repeating: 0)
    private var products = [SIMD8<Double>](repeating: SIMD8(repeating: 0), count: lanes)
    // A block in single precision, small enough to lose nothing that matters.
    private var block = SIMD8<Float>(repeating: 0)
    private var blockProducts = BlockProducts()
    private var inBlock = 0

    /// The people of a group.
    struct People {
        var ofGenderOne = 0
        var ages = 0
        /// Those whose sum was cut.
        var cut = 0
    }

    private struct BlockProducts {
        var (a, b, c, d) = (Row(repeating: 0), Row(repeating: 0), Row(repeating: 0), Row(repeating: 0))
        var (e, f, g) = (Row(repeating: 0), Row(repeating: 0), Row(repeating: 0))
    }

    @inline(__always)
    mutating func add(_ row: Row) {
        block += row
        blockProducts.a += row * row[0]
        blockProducts.b += row * row[1]
        blockProducts.c += row * row[2]
        blockProducts.d += row * row[3]
        blockProducts.e += row * row[4]
        blockProducts.f += row * row[5]
        blockProducts.g += row * row[6]
        let person = Int(row[SignalTable.personLane])
        people.ofGenderOne += person & 15 == 1 ? 1 : 0
        people.ages += (person >> 4) & 255
        people.cut += person >> 12
        inBlock += 1
        if inBlock == 128 { flush() }
    }

    /// Brings the last block in; to be called when all are added.
    mutating func flush() {
        count += inBlock
        sums += SIMD8<Double>(block)
        for (each, product) in [
            blockProducts.a, blockProducts.b, blockProducts.c, blockProducts.d, blockProducts.e, blockProducts.f, blockProducts.g,
        ].enumerated() {
            products[each] += SIMD8<Double>(product)
        }
        block = Row(repeating: 0)
        blockProducts = BlockProducts()
        inBlock = 0
    }

    /// Adds another group.
    mutating func add(_ other: GroupMoments) {
        count += other.count
        people.ofGenderOne += other.people.ofGenderOne
        people.ages += other.people.ages
        people.cut += other.people.cut
        sums += other.sums
        for each in products.indices { products[each] += other.products[each] }
    }

    /// The mean of a lane.
    func mean(_ lane: Int) -> Double { count > 0 ? sums[lane] / Double(count) : 0 }

    /// The means of the signals.
    var means: [Double] { (0..<Signal.count).map(mean) }

    /// The variance of a lane, with n − 1.
    func variance(_ lane: Int) -> Double {
        count > 1 ? max(0, (products[lane][lane] - sums[lane] * mean(lane)) / Double(count - 1)) : 0
    }

    /// The covariances of the signals, row by row.
    var covariance: [Double] {
        let divisor = Double(max(1, count - 1))
        return (0..<Signal.count).flatMap { i in
            (0..<Signal.count).map { j in (products[i][j] - sums[i] * mean(j)) / divisor }
        }
    }
}

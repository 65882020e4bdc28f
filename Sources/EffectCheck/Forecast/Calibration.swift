internal import Glibc

/// What customers of one sort differ by on average from what was expected of them.
///
/// A forecast that is right on the whole may be wrong for some: cutting what lies far off takes more from those who buy rarely and much, and
/// what one week does to people of one gender and age no regression on their past foretells. A group that has many of them would then seem
/// to have an effect. So the mean of each sort is taken off, as far as it is more than chance: each is drawn towards the mean of all by how
/// uncertain it is (D. Morris, "Parametric empirical Bayes inference", 1983, doi:10.1080/01621459.1983.10477920).
struct Calibration {
    private var counts: [Double]
    private var sums: [SIMD8<Double>]
    private var squares: [SIMD8<Double>]

    /// So many sorts, of which nothing is known yet.
    init(sorts: Int) {
        counts = Array(repeating: 0, count: sorts)
        sums = Array(repeating: SIMD8(repeating: 0), count: sorts)
        squares = sums
    }

    /// Takes in one customer.
    @inline(__always)
    mutating func add(_ signals: SIMD8<Double>, sort: Int) {
        counts[sort] += 1
        sums[sort] += signals
        squares[sort] += signals * signals
    }

    /// What is to be taken off each sort.
    var offsets: [SIMD8<Double>] {
        let all = counts.reduce(0, +)
        let mean = sums.reduce(SIMD8(repeating: 0), +) / max(1, all)
        let sorts = counts.indices.filter { counts[$0] > 1 }
        var own = [SIMD8<Double>](repeating: SIMD8(repeating: 0), count: counts.count)
        var errors = own
        // How far sorts lie apart beyond chance, each counting by its customers.
        var (apart, customers) = (SIMD8<Double>(repeating: 0), 0.0)
        for sort in sorts {
            let count = counts[sort]
            own[sort] = sums[sort] / count
            let variance = squares[sort] / count - own[sort] * own[sort]
            errors[sort] = variance.clamped(lowerBound: .zero, upperBound: SIMD8(repeating: .infinity)) / (count - 1)
            let distance = own[sort] - mean
            apart += count * (distance * distance - errors[sort])
            customers += count
        }
        apart = (apart / max(1, customers)).clamped(lowerBound: .zero, upperBound: SIMD8(repeating: .infinity))
        var offsets = [SIMD8<Double>](repeating: mean, count: counts.count)
        for sort in sorts {
            let trust = apart / (apart + errors[sort] + 1e-300)
            offsets[sort] += trust * (own[sort] - mean)
        }
        return offsets
    }
}

extension Calibration {
    /// Sorts by history: the segment, and how much is expected, in steps of a factor of two.
    static func sorts(ofHistory segments: Int) -> Int { segments * levels }

    /// The sort of a customer of whom so much is expected, in the shop's units.
    @inline(__always)
    static func sort(segment: Int, expected: Double) -> Int {
        let level = Int((log2(max(expected, 1e-3)) + 5).rounded(.down))
        return segment * levels + max(0, min(levels - 1, level))
    }

    private static let levels = 11

    /// Sorts by gender and year of age.
    static let sortsOfPeople = 10 * ages

    @inline(__always)
    static func sort(gender: UInt8, age: UInt8) -> Int { min(9, Int(gender)) * ages + min(ages - 1, Int(age)) }

    private static let ages = 151
}

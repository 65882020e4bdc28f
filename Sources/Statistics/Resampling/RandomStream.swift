internal import Glibc

/// A fast seeded source of random numbers: SplitMix64.
///
/// G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA (2014), doi:10.1145/2660193.2660195.
struct RandomStream {
    private var state: UInt64

    /// One of the streams of a seed; streams start at places that are mixed beyond any pattern.
    init(seed: UInt64, stream: UInt64) {
        state = Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ (stream &* 0xD134_2543_DE82_EF95 &+ 0x2545_F491_4F6C_DD1D))
    }

    @inline(__always)
    private static func mix(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number strictly between 0 and 1.
    @inline(__always)
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// A whole number below `bound`, each as likely as any other.
    ///
    /// D. Lemire, "Fast random integer generation in an interval", ACM Transactions on Modeling and Computer Simulation 29 (2019),
    /// doi:10.1145/3230636.
    @inline(__always)
    mutating func below(_ bound: UInt32) -> Int {
        var product = (next() >> 32) &* UInt64(bound)
        if UInt32(truncatingIfNeeded: product) < bound {
            let threshold = (0 &- bound) % bound
            while UInt32(truncatingIfNeeded: product) < threshold { product = (next() >> 32) &* UInt64(bound) }
        }
        return Int(product >> 32)
    }

    /// A binomial number: how many of `trials` succeed.
    ///
    /// Where few are expected, by counting gaps between successes; else by W. Hörmann's transformed rejection (BTRS), "The generation of
    /// binomial random variates", Journal of Statistical Computation and Simulation 46 (1993), doi:10.1080/00949659308811496.
    mutating func binomial(_ trials: Int, _ probability: Double) -> Int {
        if trials == 0 || probability <= 0 { return 0 }
        if probability >= 1 { return trials }
        if probability > 0.5 { return trials - binomial(trials, 1 - probability) }
        return Double(trials) * probability < 10 ? counted(trials, probability) : rejected(Double(trials), probability)
    }

    private mutating func counted(_ trials: Int, _ probability: Double) -> Int {
        let scale = 1 / log1p(-probability)
        var (successes, place) = (-1, 0.0)
        repeat {
            successes += 1
            place += (log(uniform()) * scale).rounded(.down) + 1
        } while place <= Double(trials)
        return successes
    }

    private mutating func rejected(_ n: Double, _ p: Double) -> Int {
        let deviation = (n * p * (1 - p)).squareRoot()
        let b = 1.15 + 2.53 * deviation
        let a = -0.0873 + 0.0248 * b + 0.01 * p
        let center = n * p + 0.5
        let quick = 0.92 - 4.2 / b
        let odds = p / (1 - p)
        let alpha = (2.83 + 5.1 / b) * deviation
        let mode = ((n + 1) * p).rounded(.down)
        while true {
            let u = uniform() - 0.5
            let v = uniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + center).rounded(.down)
            if us >= 0.07, v <= quick { return Int(k) }
            if !(k >= 0 && k <= n) { continue }
            let left = log(v * alpha / (a / (us * us) + b))
            let right =
                (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1))) + (n + 1) * log((n - mode + 1) / (n - k + 1))
                + (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + Self.stirling(mode) + Self.stirling(n - mode) - Self.stirling(k)
                - Self.stirling(n - k)
            if left <= right { return Int(k) }
        }
    }

    /// What Stirling's formula for log k! leaves out.
    private static func stirling(_ k: Double) -> Double {
        if k < 10 { return small[Int(k)] }
        let x = 1 / (k + 1)
        return (1 / 12.0 - (1 / 360.0 - x * x / 1260.0) * x * x) * x
    }

    private static let small: [Double] = [
        0.081_061_466_795_327_26, 0.041_340_695_955_409_29, 0.027_677_925_684_998_34, 0.020_790_672_103_765_09, 0.016_644_691_189_821_19,
        0.013_876_128_823_070_75, 0.011_896_709_945_891_77, 0.010_411_265_261_972_09, 0.009_255_462_182_712_733, 0.008_330_563_433_362_87,
    ]
}

internal import Foundation

/// A seeded source of random numbers for simulations: SplitMix64.
///
/// G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA (2014), doi:10.1145/2660193.2660195.
package struct Draws: Sendable {
    private var state: UInt64

    /// A source of its own for each name and seed.
    package init(seed: UInt64, name: String) {
        // FNV-1a, which is the same on every machine.
        state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number strictly between 0 and 1.
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
    /// A standard normal number, by Box and Muller.
    mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }
    /// An exponential number of mean 1.
    mutating func exponential() -> Double { -log(uniform()) }

    /// How many of `trials` succeed.
    mutating func successes(_ trials: Int, _ probability: Double) -> Int {
        var count = 0
        for _ in 0..<trials where uniform() < probability { count += 1 }
        return count
    }

    /// A Poisson number, by multiplying uniform ones.
    mutating func poisson(_ mean: Double) -> Int {
        let limit = exp(-mean)
        var (count, product) = (-1, 1.0)
        repeat {
            product *= uniform()
            count += 1
        } while product > limit
        return count
    }

    mutating func sample(_ count: Int, _ draw: (inout Draws) -> Double) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(draw(&self)) }
        return values
    }
}

internal import Glibc

/// What is believed of a shop's effects before a test is looked at: how often they are positive, zero or negative, of which kinds, how large.
///
/// A fixed default at first; later what the shop's other tests show, mixed with the default as if that had been seen in twenty tests.
package struct EffectBelief: Sendable {
    /// The default: half of all pilots do good, a quarter nothing, a quarter harm.
    static let defaultSigns = (positive: 0.5, zero: 0.25, negative: 0.25)
    /// Relative lifts, from a twentieth of a per cent to 64 per cent, each a third more than the one before.
    static let sizes: [Double] = (0..<25).map { 0.0005 * pow(0.64 / 0.0005, Double($0) / 24) }

    package internal(set) var positive = defaultSigns.positive
    package internal(set) var zero = defaultSigns.zero
    package internal(set) var negative = defaultSigns.negative
    /// Shares of kinds, and of sizes.
    package internal(set) var kinds: [Double]
    package internal(set) var sizes: [Double]
    /// The share of effects that follow none of the kinds.
    package internal(set) var shapeless = 0.02
    /// Where the groups A of the shop's tests lie on average, and how far apart the tests' common levels are; nil: unknown, and then only
    /// a test's own groups A say where its group B would be.
    var level: [Double]?
    var levelVariance: [Double] = []
    /// The tests it was learnt from.
    package internal(set) var tests = 0
    /// How much likelier what the tests show is under this belief than if no pilot had any effect: the logarithm of the ratio, to which one
    /// test adds two at most.
    package internal(set) var evidence = 0.0
    /// The least lift that counts, in standard errors of a test: a smaller one is as good as none.
    ///
    /// One as long as it is not certain that there are effects at all; less when it is, for many tests tell together what none tells alone.
    package internal(set) var resolution = 1.0

    init(kinds: Int) {
        self.kinds = Array(repeating: 1 / Double(kinds), count: kinds)
        sizes = Array(repeating: 1 / Double(Self.sizes.count), count: Self.sizes.count)
    }
}

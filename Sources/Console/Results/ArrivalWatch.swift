package import Events
package import Experiments
import Foundation
package import Statistics
import Text

/// Whether units reach the analysis in the proportions that they were dealt in, at any look.
///
/// The assignment itself is exact, so what this finds are units that are lost, or added, between the assignment and the analysis. Each epoch
/// has weights of its own and is tested by itself; the Bayes factors are multiplied, which keeps the one probability of a false alarm for
/// all times together. Blocks make counts vary less than the multinomial of the test, so false alarms are rarer than it says.
package struct ArrivalWatch: Sendable {
    /// The probability of a false alarm, ever.
    package static let level = 0.001

    /// How near the weights the ratios are held to be if they are not the weights, in pseudo-units.
    ///
    /// What looks for a loss of a tenth in one variant among some thousand units does not believe its eyes when half are lost of a hundred. The
    /// evidence is the mean over all, which is a test at any look as each is.
    private static let concentrations = [10.0, 100, 1000, 10_000]

    /// The logarithm of the evidence for a mismatch and against the weights.
    package let logEvidence: Double
    /// By variant, with how many the weights make of them.
    package let counts: [(variant: String, units: Int, expected: Double)]
    /// The fact by which units are known to have come; nil if exposures are counted.
    package let active: String?

    /// Holds arrivals against the weights of the epochs.
    package init(_ arrivals: [Arrivals], epochs: [Epoch], active: String?) throws(StatisticsError) {
        self.active = active
        var evidence = ArrivalWatch.concentrations.map { _ in 0.0 }
        var (units, expected, order): ([String: Int], [String: Double], [String]) = ([:], [:], [])
        for (index, epoch) in epochs.enumerated() {
            let allocation = epoch.allocation
            let found = allocation.variants.map { variant in
                arrivals.first { $0.epoch == index && $0.variant == variant.value }?.units ?? 0
            }
            let total = found.reduce(0, +)
            guard total > 0 else { continue }
            for (place, concentration) in ArrivalWatch.concentrations.enumerated() {
                var test = try SequentialSampleRatioTest(
                    weights: allocation.variants.indices.map(allocation.share), concentration: concentration)
                try test.observe(counts: found)
                evidence[place] += test.logEvidence
            }
            for (place, variant) in allocation.variants.enumerated() {
                if units[variant.value] == nil { order.append(variant.value) }
                units[variant.value, default: 0] += found[place]
                expected[variant.value, default: 0] += allocation.share(of: place) * Double(total)
            }
        }
        let most = evidence.max() ?? 0
        logEvidence = most + log(evidence.reduce(0) { $0 + exp($1 - most) } / Double(evidence.count))
        counts = order.map { ($0, units[$0] ?? 0, expected[$0] ?? 0) }
    }

    /// The probability of counts like these at some time or other, were units lost alike in all variants.
    package var pValue: Double { min(1, exp(-logEvidence)) }

    var json: JSONValue {
        [
            "active": active.map { .string($0) } ?? .null, "pValue": .number(pValue),
            "variants": .array(
                counts.map { ["variant": .string($0.variant), "units": .integer($0.units), "expected": .number($0.expected)] }),
        ]
    }

    /// What the counts say.
    package var signal: AlarmRule.Signal {
        let listed = counts.map { "\($0.variant) \(Figures.count($0.units)) of \(Figures.significant($0.expected, 6))" }.joined(
            separator: ", ")
        let what = active.map { "units that \($0) tells of" } ?? "exposed units in the warehouse"
        if pValue < ArrivalWatch.level {
            return .alarming(
                "\(what), beside what the weights make of them: \(listed) (p \(Figures.significant(pValue, 3)) at any look); "
                    + "units are lost on the way in one variant more than in another")
        }
        let text = "\(what), beside what the weights make of them: \(listed) (p \(Figures.significant(pValue, 3)) at any look)"
        return logEvidence < 0 ? .sound(text) : .doubtful(text)
    }
}

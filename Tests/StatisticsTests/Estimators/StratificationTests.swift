import SeededRandom
import Statistics
import Testing

@Suite struct StratificationTests {
    private static func stratum(_ treatment: [[Double]], _ control: [[Double]]) throws -> Stratification.Stratum {
        try Stratification.Stratum(treatment: CoMoments(treatment), control: CoMoments(control))
    }

    // Three strata of other sizes, shares and levels; each side has an outcome and a covariate.
    private static func data(_ seed: UInt64) -> [(treatment: [[Double]], control: [[Double]])] {
        var generator = Generator(seed: seed)
        return [(5, 45, 1.0), (30, 30, 4.0), (40, 20, -2.0)].map { treated, untreated, level in
            func side(_ count: Int) -> [[Double]] {
                let before = generator.sample(count) { level + $0.normal() }
                return [before.map { 2 * $0 + generator.normal() }, before]
            }
            return (side(treated), side(untreated))
        }
    }

    @Test func `The difference is that of least squares on variant and stratum`() throws {
        let data = Self.data(11)
        let strata = try Stratification(data.map { try Self.stratum([$0.treatment[0]], [$0.control[0]]) })
        let (response, variant) = (
            data.flatMap { $0.treatment[0] + $0.control[0] },
            data.flatMap { $0.treatment[0].map { _ in 1.0 } + $0.control[0].map { _ in 0.0 } }
        )
        let dummies = [1, 2].map { number in
            data.enumerated().flatMap { index, part in (part.treatment[0] + part.control[0]).map { _ in index == number ? 1.0 : 0.0 } }
        }
        let fit = try LeastSquares(response: response, columns: [variant] + dummies)
        #expect(close(strata.treatment.means[0] - strata.control.means[0], fit.coefficients[1], 1e-11))
        #expect(strata.strata == 3 && strata.units == 170 && strata.unitsLeftOut == 0)
    }

    @Test func `Its error is that of post-stratification by the same weights`() throws {
        let data = Self.data(12)
        let strata = try Stratification(data.map { try Self.stratum([$0.treatment[0]], [$0.control[0]]) })
        let effect = try PostStratification(
            data.map { part in
                let (a, b) = (Double(part.treatment[0].count), Double(part.control[0].count))
                return try .init(
                    treatment: Summary(part.treatment[0]), control: Summary(part.control[0]), weight: a * b / (a + b))
            }
        ).effect()
        let found = try strata.effect(on: .mean(of: 0))
        #expect(close(found.estimate, effect.estimate, 1e-12) && close(found.standardError, effect.standardError, 1e-12))
        #expect(close(found.degreesOfFreedom, effect.degreesOfFreedom, 1e-11) && close(found.pValue, effect.pValue, 1e-10))
        let welch = try WelchTTest(strata.treatment.summary(0), strata.control.summary(0))
        #expect(close(welch.estimate, effect.estimate, 1e-12) && close(welch.standardError, effect.standardError, 1e-12))
    }

    // As many units as one likes that are all alike say nothing of the few that are not: it is Welch's test of these alone.
    @Test func `A stratum from which the variance comes leaves its own degrees of freedom`() throws {
        let alike = (0..<50).map { Double($0 % 2) * 1e-9 }
        let (few, other) = ([150.0, 172], [90.0, 110])
        let strata = try Stratification([Self.stratum([alike], [alike]), Self.stratum([few], [other])])
        let (effect, alone) = (try strata.effect(on: .mean(of: 0)), try WelchTTest(few, other))
        #expect(close(effect.statistic, alone.statistic, 1e-6) && close(effect.degreesOfFreedom, alone.degreesOfFreedom, 1e-6))
        #expect(close(effect.pValue, alone.pValue, 1e-6) && effect.pValue > 0.05)
    }

    // By linear combinations of the units themselves.
    @Test func `Ratios, and what CUPED leaves, have the degrees of freedom of their strata`() throws {
        let data = Self.data(15)
        let strata = try Stratification(data.map { try Self.stratum($0.treatment, $0.control) })
        func expected(_ value: ([[Double]], CoMoments) -> [Double]) throws -> Effect {
            try PostStratification(
                data.map { part in
                    let (a, b) = (Double(part.treatment[0].count), Double(part.control[0].count))
                    return try .init(
                        treatment: Summary(value(part.treatment, strata.treatment)), control: Summary(value(part.control, strata.control)),
                        weight: a * b / (a + b))
                }
            ).effect()
        }
        let ratio = try strata.effect(on: .ratio(of: 0, to: 1))
        let linear = try expected { columns, side in
            let ratio = side.means[0] / side.means[1]
            return zip(columns[0], columns[1]).map { ratio + ($0 - ratio * $1) / side.means[1] }
        }
        #expect(close(ratio.estimate, linear.estimate, 1e-10) && close(ratio.standardError, linear.standardError, 1e-10))
        #expect(close(ratio.degreesOfFreedom, linear.degreesOfFreedom, 1e-9))
        let slope = try CUPED(treatment: strata.treatment, control: strata.control).slopes[0]
        let adjusted = try strata.adjustedEffect(on: .mean(of: 0))
        let rest = try expected { columns, _ in zip(columns[0], columns[1]).map { $0 - slope * $1 } }
        #expect(close(adjusted.estimate, rest.estimate, 1e-10) && close(adjusted.standardError, rest.standardError, 1e-10))
        #expect(close(adjusted.degreesOfFreedom, rest.degreesOfFreedom, 1e-9))
    }

    @Test func `One stratum is what it was`() throws {
        let part = Self.data(13)[1]
        let one = try Self.stratum(part.treatment, part.control)
        let strata = try Stratification([one])
        #expect(strata.treatment.count == 30 && strata.equivalentUnits == 60)
        for (a, b) in [(strata.treatment, one.treatment), (strata.control, one.control)] {
            #expect(a.means == b.means)
            for i in 0..<2 { for j in 0..<2 { #expect(close(a.covariance(i, j), b.covariance(i, j), 1e-12)) } }
        }
    }

    @Test func `CUPED within strata is strata of what CUPED leaves`() throws {
        let data = Self.data(14)
        let strata = try Stratification(data.map { try Self.stratum($0.treatment, $0.control) })
        let cuped = try CUPED(treatment: strata.treatment, control: strata.control)
        let slope = cuped.slopes[0]
        func rest(_ side: [[Double]]) -> [[Double]] { [zip(side[0], side[1]).map { $0 - slope * $1 }] }
        let direct = try Stratification(data.map { try Self.stratum(rest($0.treatment), rest($0.control)) })
        let expected = try WelchTTest(direct.treatment.summary(0), direct.control.summary(0))
        let effect = try cuped.effect()
        #expect(close(effect.estimate, expected.estimate, 1e-11) && close(effect.standardError, expected.standardError, 1e-11))
        #expect(cuped.varianceReduction > 0.5)
    }

    @Test func `A change of shares does not set the clock`() throws {
        let (few, many) = (CoMoments(columns: 1), try CoMoments([Array(repeating: 1.0, count: 900)]))
        let ten = try CoMoments([Array(repeating: 1.0, count: 100)])
        let first = Stratification.Stratum(treatment: ten, control: many)
        #expect(try Stratification([first]).equivalentUnits == 1000)
        // 500 by 500 tell 250, 100 by 900 tell 90.
        let half = try CoMoments([Array(repeating: 1.0, count: 500)])
        let both = try Stratification([first, .init(treatment: half, control: half)])
        #expect(close(both.equivalentUnits, 1000 * 340 / 90.0, 1e-12))
        // A stratum without one of the variants counts for nothing.
        let lacking = try Stratification([.init(treatment: few, control: many), first])
        #expect(lacking.equivalentUnits == 1000 && lacking.unitsLeftOut == 900 && lacking.strata == 1)
    }

    @Test func `What cannot be compared is refused`() throws {
        let (one, two) = (try CoMoments([[1]]), try CoMoments([[1, 2]]))
        #expect(throws: StatisticsError.empty(argument: "strata")) { try Stratification([]) }
        #expect(throws: StatisticsError.noOverlap(argument: "strata")) {
            try Stratification([.init(treatment: one, control: two), .init(treatment: two, control: one)])
        }
        #expect(throws: StatisticsError.countMismatch(argument: "strata[1].control", count: 2, expected: 1)) {
            try Stratification([.init(treatment: two, control: two), .init(treatment: two, control: CoMoments([[1, 2], [3, 4]]))])
        }
    }

    // A tenth of the units treated while 10 % convert, then half of them while 30 % do: there is no effect, but over all units there seems to be.
    private static func ramp(
        _ generator: inout Generator, _ days: Int
    ) -> (treatment: [[Double]], control: [[Double]]) {
        var (treatment, control): ([[Double]], [[Double]]) = ([[], []], [[], []])
        for day in 0..<days {
            let epoch = day < days / 2 ? 0 : 1
            let treated = epoch == 0 ? 10 : 50
            treatment[epoch] += generator.sample(treated) { $0.uniform() < (epoch == 0 ? 0.1 : 0.3) ? 1 : 0 }
            control[epoch] += generator.sample(100 - treated) { $0.uniform() < (epoch == 0 ? 0.1 : 0.3) ? 1 : 0 }
        }
        return (treatment, control)
    }

    @Test func `With a ramp and a trend, the level is kept where over all units it is lost`() throws {
        var generator = Generator(seed: 20_261_127)
        let rounds = 2000
        var (within, pooled) = (0, 0)
        for _ in 0..<rounds {
            let (treatment, control) = Self.ramp(&generator, 20)
            let strata = try Stratification((0..<2).map { try Self.stratum([treatment[$0]], [control[$0]]) })
            if try WelchTTest(strata.treatment.summary(0), strata.control.summary(0)).pValue < 0.05 { within += 1 }
            if try WelchTTest(treatment.flatMap(\.self), control.flatMap(\.self)).pValue < 0.05 { pooled += 1 }
        }
        // Four standard deviations of a binomial number about 5 %.
        #expect(abs(Double(within) - 100) < 4 * (Double(rounds) * 0.05 * 0.95).squareRoot(), "\(within) of \(rounds)")
        #expect(pooled > rounds * 9 / 10, "\(pooled)")
    }

    @Test func `Whoever looks every day of a ramp is told of an effect that is none at most as often as agreed`() throws {
        var generator = Generator(seed: 20_261_128)
        let rounds = 400
        var told = 0
        for _ in 0..<rounds {
            let (treatment, control) = Self.ramp(&generator, 60)
            looks: for day in stride(from: 6, through: 60, by: 1) {
                let parts = (0..<2).map { epoch in
                    let days = epoch == 0 ? min(day, 30) : max(0, day - 30)
                    let treated = epoch == 0 ? 10 : 50
                    return (Array(treatment[epoch].prefix(days * treated)), Array(control[epoch].prefix(days * (100 - treated))))
                }
                let strata = try Stratification(
                    parts.filter { !$0.0.isEmpty }.map { try Self.stratum([$0.0], [$0.1]) })
                let welch = try WelchTTest(strata.treatment.summary(0), strata.control.summary(0))
                let sequence = try ConfidenceSequence(
                    welch, count: Int(strata.equivalentUnits.rounded()), tuning: .sampleSize(6000, level: 0.9))
                if sequence.pValue < 0.1 {
                    told += 1
                    break looks
                }
            }
        }
        #expect(Double(told) < Double(rounds) * 0.1 + 4 * (Double(rounds) * 0.1 * 0.9).squareRoot(), "\(told) of \(rounds)")
    }
}

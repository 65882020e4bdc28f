import Statistics
import Testing

/// Every distribution against mpmath over a grid that reaches from the body down to 1e-300 in both tails.
@Suite struct DistributionReferenceTests {
    struct File: Decodable { let cases: [Case] }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let distribution: String
        let parameters: [Double]
        let points: [[Double?]]
        var testDescription: String { "\(distribution)\(parameters)" }
    }

    static let cases: [Case] = (try? Fixture.committed("distributions", as: File.self).cases) ?? []

    @Test func thereIsAGridForEveryDistribution() {
        #expect(Set(Self.cases.map(\.distribution)).count == 13)
    }

    @Test(arguments: cases)
    func tailsAndDensityAgreeWithMpmath(_ reference: Case) throws {
        let law = try Law(reference.distribution, reference.parameters)
        let names = ["logDensity", "logCDF", "logSurvival", "density", "cdf", "survival"]
        for point in reference.points {
            let x = try #require(point[0])
            let values = law.values(at: x)
            for (index, name) in names.enumerated() {
                guard let expected = point[index + 1], index < 3 || expected > 1e-300 else { continue }
                let error: Double
                let limit: Double
                if index < 3 {
                    // A logarithm near zero is as precise as what it is the logarithm of.
                    error = abs(values[index] - expected) / max(1, abs(expected))
                    limit = 1e-13
                } else {
                    error = relativeError(values[index], expected)
                    limit = expected > 1e-10 ? 1e-13 : 1e-11
                }
                #expect(error <= limit, "\(name)(\(x)) = \(values[index]), expected \(expected), off by \(error)")
            }
        }
    }

    @Test(arguments: cases)
    func quantilesInvertTheReference(_ reference: Case) throws {
        for point in reference.points {
            guard let x = point[0], abs(x) > 1e-300 || x == 0, let cdf = point[5], let survival = point[6], let density = point[4] else {
                continue
            }
            switch try Law(reference.distribution, reference.parameters) {
            case .continuous(let law):
                // A probability that is rounded moves its quantile by as much as the density there lets it.
                for (p, found) in [(cdf, try law.quantile(cdf)), (survival, try law.inverseSurvival(survival))] where p > 1e-300 && p < 1 {
                    let slack = 1e-13 * abs(x) + 1e-15 * p / density + (p > 1e-10 ? 1e-13 : 1e-11) * p / density
                    #expect(abs(found - x) <= slack, "quantile \(p) = \(found), expected \(x)")
                }
            case .discrete(let law):
                let k = Int(x)
                if cdf > 1e-300, cdf < 0.999 { #expect(abs(try law.quantile(cdf) - k) <= 1) }
                if survival > 1e-300, survival < 0.999 { #expect(abs(try law.inverseSurvival(survival) - k) <= 1) }
            }
        }
    }
}

import Statistics

// What statsmodels, SciPy, NumPy and mpmath say about the estimators; see scripts/fixtures/estimators.py.
extension References {
    static let estimators: JSON = (try? Fixture.committed("estimators")) ?? .null
    static let growthbook: [JSON] = ((try? Fixture.oracle("growthbook/gbstats_vectors.json")) ?? JSON.null).array
    static let teaTasting: [JSON] = ((try? Fixture.oracle("tea-tasting/tea_tasting_vectors.json")) ?? JSON.null).array
}

// Whether two lists of numbers agree, one by one.
func close(_ a: [Double], _ b: [Double], _ tolerance: Double, absolute: Double = 0) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { close($0, $1, tolerance, absolute: absolute) }
}

// Whether intervals covered as often as they should: within the 99.9 % limits of the binomial distribution.
func isCoverage(_ covered: Int, of trials: Int, level: Double) throws -> Bool {
    let law = try Binomial(trials: trials, probability: level)
    return try covered >= law.quantile(0.0005) && covered <= law.inverseSurvival(0.0005)
}

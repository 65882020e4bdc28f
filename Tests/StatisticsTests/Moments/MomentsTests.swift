import SeededRandom
import Statistics
import Testing

@Suite struct MomentsTests {
    struct File: Decodable { let cases: [Case] }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let values: [Double]
        let `repeat`: [Double]
        let times: Int
        let mean, m2, m3, m4: Double
        var testDescription: String { name }
        var sample: [Double] { values + (0..<times).flatMap { _ in `repeat` } }
    }

    static let cases: [Case] = (try? Fixture.committed("moments", as: File.self).cases) ?? []

    @Test(arguments: cases)
    func momentsAreThoseOfRationalArithmetic(_ reference: Case) throws {
        let values = reference.sample
        let moments = try Moments(values)
        let scale = reference.m2.squareRoot()
        #expect(relativeError(moments.mean, reference.mean) < 3e-16)
        #expect(close(moments.summary.squaredDeviations, reference.m2, 1e-14))
        #expect(close(moments.cubedDeviations, reference.m3, 1e-13, absolute: 1e-13 * scale * scale * scale))
        #expect(close(moments.fourthDeviations, reference.m4, 1e-13))
        #expect(try Summary(values).count == values.count)
        #expect(close(try Summary(values).squaredDeviations, reference.m2, 1e-14))
    }

    @Test(arguments: [1, 7, 8, 100, 4096, 9999])
    func partsMergeIntoTheWhole(_ cut: Int) throws {
        var generator = Generator(seed: 5)
        let values = generator.sample(10_000) { 1000 + $0.exponential() }
        let whole = try Moments(values)
        var merged = try Moments(Array(values[..<cut]))
        merged.merge(try Moments(Array(values[cut...])))
        #expect(merged.count == whole.count && merged.minimum == whole.minimum && merged.maximum == whole.maximum)
        #expect(close(merged.mean, whole.mean, 1e-15))
        #expect(close(merged.variance, whole.variance, 1e-13))
        #expect(close(merged.cubedDeviations, whole.cubedDeviations, 1e-12))
        #expect(close(merged.fourthDeviations, whole.fourthDeviations, 1e-12))
        var empty = Moments()
        empty.merge(whole)
        #expect(empty == whole)
    }

    @Test func anExponentialSampleIsSkewedByTwo() throws {
        var generator = Generator(seed: 6)
        let moments = try Moments(generator.sample(200_000) { $0.exponential() })
        #expect(abs(try #require(moments.skewness) - 2) < 0.1)
        #expect(abs(try #require(moments.excessKurtosis) - 6) < 1)
        #expect(try Moments([4, 4, 4]).skewness == nil)
    }

    @Test func valuesThatAreNotFiniteAreNamed() {
        #expect(throws: StatisticsError.notANumber(argument: "values", index: 2)) { try Moments([1, 2, .nan, 4]) }
        #expect(throws: StatisticsError.infinite(argument: "values", index: 0)) { try Summary([-.infinity, 2]) }
        #expect(throws: StatisticsError.outOfRange(argument: "standardDeviation", value: -1, expected: "a number that is not negative")) {
            try Summary(mean: 1, standardDeviation: -1, count: 5)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "count", value: 0, expected: "a positive count")) {
            try Summary(mean: 1, standardDeviation: 1, count: 0)
        }
    }

    /// The certified standard deviations; NumAcc3 and NumAcc4 lose digits when their decimals become doubles, before any arithmetic.
    @Test(
        .enabled(if: Fixture.hasOracles),
        arguments: [
            ("Lew", 14.5), ("Lottery", 14.5), ("Mavro", 12.5), ("Michelso", 13.0), ("NumAcc1", 15), ("NumAcc2", 13.5), ("NumAcc3", 9.2),
            ("NumAcc4", 8.2),
        ])
    func certifiedDigitsAreReached(name: String, digits: Double) throws {
        struct Certified: Decodable {
            struct Values: Decodable { let n: Int, mean, sd: Double }
            let univariate: [String: Values]
        }
        let certified = try #require(Fixture.oracle("nist/certified.json", as: Certified.self).univariate[name])
        let text = try Fixture.oracleText("nist/univariate/\(name).dat")
        let lines = text.split(whereSeparator: \.isNewline)
        let start = try #require(lines.lastIndex { $0.hasPrefix("----") })
        let values = lines[(start + 1)...].compactMap { Double($0.trimmingPrefix { $0 == " " }.prefix { $0 != " " }) }
        let summary = try Summary(values)
        #expect(summary.count == certified.n)
        #expect(relativeError(summary.mean, certified.mean) < 1e-14)
        #expect(relativeError(summary.standardDeviation, certified.sd) < (-digits * 2.302_585_092_994_046).exponential)
    }
}

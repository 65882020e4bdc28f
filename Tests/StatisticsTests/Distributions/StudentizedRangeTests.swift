import Statistics
import Testing

@Suite struct StudentizedRangeTests {
    struct Reference: Decodable {
        struct Case: Decodable { let q, k, v: Double }
        struct Entry: Decodable {
            let source: Case
            let result: Double
            enum CodingKeys: String, CodingKey { case source = "src_case", result = "mp_result" }
        }
        let cdf: [Entry]
        let density: [Entry]
        enum CodingKeys: String, CodingKey { case cdf = "cdf_data", density = "pdf_data" }
    }

    @Test(arguments: [0.5, 4, 37.5], [0.01, 1, 4.4, 30])
    func ofTwoGroupsItIsTheAbsoluteValueOfStudentsT(degrees: Double, q: Double) throws {
        let range = try StudentizedRange(groups: 2, degreesOfFreedom: degrees)
        let t = try StudentT(degreesOfFreedom: degrees)
        let root = 2.0.squareRoot()
        #expect(relativeError(range.survival(q), 2 * t.survival(q / root)) < 1e-13)
        #expect(relativeError(range.density(q), root * t.density(q / root)) < 1e-13)
        #expect(close(range.cdf(q), 1 - 2 * t.survival(q / root), 1e-13, absolute: 1e-15))
    }

    @Test func aQuantileInvertsTheDistribution() throws {
        let range = try StudentizedRange(groups: 3, degreesOfFreedom: 10)
        let q = try range.quantile(0.95)
        #expect(close(q, 3.876_776_750_013, 1e-12))
        #expect(close(range.cdf(q), 0.95, 1e-13))
    }

    @Test func momentsOfTwoGroupsAreThoseOfAFoldedT() throws {
        let range = try StudentizedRange(groups: 2, degreesOfFreedom: 12)
        #expect(close(try #require(range.variance) + (try #require(range.mean)) * (try #require(range.mean)), 2 * 12 / 10, 1e-12))
        #expect(try StudentizedRange(groups: 2, degreesOfFreedom: 0.5).mean == nil)
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func agreesWithTheMpmathReferenceOfSciPy() throws {
        let reference: Reference = try Fixture.oracle("scipy/studentized_range_mpmath_ref.json")
        for entry in reference.cdf {
            let range = try StudentizedRange(groups: Int(entry.source.k), degreesOfFreedom: entry.source.v)
            // The reference was integrated to an absolute 1e-11.
            #expect(close(range.cdf(entry.source.q), entry.result, 1e-10, absolute: 1e-11), "\(entry)")
        }
        for entry in reference.density {
            let range = try StudentizedRange(groups: Int(entry.source.k), degreesOfFreedom: entry.source.v)
            #expect(close(range.density(entry.source.q), entry.result, 1e-10, absolute: 1e-11), "\(entry)")
        }
    }
}

import SeededRandom
import Statistics
import Testing

@Suite struct LeastSquaresTests {
    static let cases = References.estimators["regressions"].array

    @Test(arguments: cases.indices)
    func coefficientsAreThoseOfSixtyDigits(_ index: Int) throws {
        let reference = Self.cases[index]
        let fit = try LeastSquares(response: reference["response"].doubles, columns: reference["columns"].array.map(\.doubles))
        #expect(close(fit.coefficients, reference["coefficients"].doubles, 2e-15))
        #expect(close(try fit.standardErrors(), reference["errors"].doubles, 1e-14))
        #expect(close(fit.residualSquares, reference["residualSquares"].double, 1e-14))
        #expect(close(fit.rSquared, reference["rSquared"].double, 1e-11))
        // A million beside a unit leaves ten digits to what is computed in plain doubles.
        let tolerance = reference["name"].text == "large offsets" ? 1e-9 : 1e-13
        #expect(close(fit.leverages, reference["leverages"].doubles, tolerance))
        for model in [LeastSquares.ErrorModel.hc0, .hc1, .hc2, .hc3] {
            #expect(close(try fit.standardErrors(model), reference["robust"][model.rawValue].doubles, tolerance))
        }
    }

    @Test func aPolynomialKeepsItsDigits() throws {
        let reference = References.estimators["polynomial"]
        let fit = try LeastSquares(
            response: reference["response"].doubles, polynomialIn: reference["x"].doubles, degree: reference["degree"].int)
        #expect(close(fit.coefficients, reference["coefficients"].doubles, 1e-14))
        #expect(close(try fit.standardErrors(), reference["errors"].doubles, 1e-12))
    }

    // NIST's certified values have 15 digits; NumPy's least squares reaches 7 to 8 of them for Filip.
    @Test(
        .enabled(if: Fixture.hasOracles),
        arguments: [
            "Norris", "Pontius", "NoInt1", "NoInt2", "Filip", "Longley", "Wampler1", "Wampler2", "Wampler3", "Wampler4", "Wampler5",
        ])
    func certifiedDigitsAreReached(_ name: String) throws {
        let lines = try Fixture.oracleText("nist/linear/\(name).dat").split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines[60...].map(Self.numbers).filter { !$0.isEmpty }
        let words: [[Substring]] = lines[25..<50].map { $0.split(whereSeparator: \.isWhitespace) }
        let certified: [[Double]] = words.filter { $0.count == 3 && $0[0].hasPrefix("B") }
            .map { Self.numbers($0[1...].joined(separator: " ")) }
        let deviation = try #require(lines[30..<60].first { $0.contains("Standard Deviation   ") }.map(Self.numbers)?.first)
        let y = rows.map { $0[0] }
        let columns = (1..<rows[0].count).map { j -> [Double] in rows.map { $0[j] } }
        let fit =
            switch name {
            case "NoInt1", "NoInt2": try LeastSquares(response: y, columns: columns, intercept: false)
            case "Norris", "Longley": try LeastSquares(response: y, columns: columns)
            default: try LeastSquares(response: y, polynomialIn: columns[0], degree: certified.count - 1)
            }
        #expect(fit.coefficients.count == certified.count)
        // The decimals of Filip's and Longley's data are rounded to doubles before any arithmetic.
        let limit = name == "Filip" ? 2e-12 : 1e-13
        for (found, expected) in zip(fit.coefficients, certified.map { $0[0] }) {
            #expect(relativeError(found, expected) < limit, "\(found) for \(expected)")
        }
        for (found, expected) in zip(try fit.standardErrors(), certified.map { $0[1] }) {
            #expect(expected == 0 ? found < 1e-9 : relativeError(found, expected) < limit, "\(found) for \(expected)")
        }
        #expect(deviation == 0 ? fit.residualVariance < 1e-18 : relativeError(fit.residualVariance.squareRoot(), deviation) < limit)
    }

    private static func numbers(_ line: some StringProtocol) -> [Double] {
        line.split(whereSeparator: \.isWhitespace).compactMap { Double(String($0)) }
    }

    @Test func scalingAColumnScalesItsCoefficient() throws {
        var generator = Generator(seed: 31)
        let x = generator.sample(50) { $0.normal() }
        let y = x.map { 2 + 3 * $0 + generator.normal() }
        let plain = try LeastSquares(response: y, columns: [x])
        let scaled = try LeastSquares(response: y.map { 10 * $0 }, columns: [x.map { 1000 * $0 + 1e6 }])
        #expect(close(scaled.coefficients[1], plain.coefficients[1] / 100, 1e-9))
        #expect(close(try scaled.standardErrors(.hc2)[1], try plain.standardErrors(.hc2)[1] / 100, 1e-9))
        #expect(close(scaled.rSquared, plain.rSquared, 1e-9))
    }

    @Test func whatCannotBeFittedIsNamed() throws {
        let x: [Double] = [1, 2, 3, 4, 5, 6]
        let y: [Double] = [2, 1, 4, 3, 6, 5]
        #expect(throws: StatisticsError.collinear(argument: "columns[2]")) {
            try LeastSquares(response: y, columns: [x, y, zip(x, y).map { $0 / 3 + $1 / 7 }])
        }
        #expect(throws: StatisticsError.collinear(argument: "columns[0]")) {
            try LeastSquares(response: y, columns: [[7, 7, 7, 7, 7, 7]])
        }
        #expect(throws: StatisticsError.countMismatch(argument: "columns[0]", count: 1, expected: 6)) {
            try LeastSquares(response: y, columns: [[1]])
        }
        #expect(throws: StatisticsError.notANumber(argument: "response", index: 1)) {
            try LeastSquares(response: [1, .nan, 3, 5], columns: [[1, 2, 4, 4]])
        }
        #expect(throws: StatisticsError.infinite(argument: "columns[0]", index: 3)) {
            try LeastSquares(response: [1, 2, 3, 5], columns: [[1, 2, 4, .infinity]])
        }
        #expect(throws: StatisticsError.tooFew(argument: "response", count: 2, needed: 3)) {
            try LeastSquares(response: [1, 2], columns: [[1, 2]])
        }
        #expect(throws: StatisticsError.empty(argument: "columns")) { try LeastSquares(response: [1, 2], columns: [], intercept: false) }
        let alone = try LeastSquares(response: y, columns: [[0, 0, 0, 0, 0, 1]])
        #expect(throws: StatisticsError.self) { try alone.standardErrors(.hc2) }
        #expect(try alone.standardErrors().allSatisfy(\.isFinite))
    }
}

/// Linear regression by least squares, with the covariances of its coefficients under equal and under unequal variances.
///
/// The triangular factor is the Cholesky factor of XᵀX, all of it in twice the precision of a double, so it is as good as that of a
/// QR factorisation in doubles and reached in one pass over the rows: I. Yamazaki, S. Tomov and J. Dongarra, "Mixed-precision Cholesky
/// QR factorization and its case studies on multicore CPU with multiple GPUs", SIAM Journal on Scientific Computing 37 (2015),
/// doi:10.1137/14M0973773. The solution is then refined with residuals in the same precision. O(n·p²) for n rows and p coefficients.
public struct LeastSquares: Sendable {
    /// What is assumed of the errors.
    ///
    /// J. G. MacKinnon and H. White, "Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample
    /// properties", Journal of Econometrics 29 (1985), doi:10.1016/0304-4076(85)90158-7.
    public enum ErrorModel: String, Sendable, CaseIterable {
        /// Independent errors of one variance.
        case equalVariances
        /// Independent errors of any variance: White's estimator.
        case hc0
        /// The same times n / (n - p).
        case hc1
        /// Squared residuals over 1 - leverage: unbiased if the variances are equal after all.
        case hc2
        /// Squared residuals over (1 - leverage)²: close to the jackknife.
        case hc3
    }

    /// The coefficients: the intercept first if there is one, then one for each column.
    public let coefficients: [Double]
    /// What is left of each response.
    public let residuals: [Double]
    /// How much each row pulls the fit towards itself: the diagonal of the hat matrix.
    public let leverages: [Double]
    /// The rows less the coefficients.
    public let degreesOfFreedom: Int
    /// The sum of the squared residuals.
    public let residualSquares: Double
    /// The share of the response's squares (about its mean, if there is an intercept) that the fit accounts for.
    public let rSquared: Double
    private let design: Design
    private let factor: Cholesky

    /// Regresses a response on columns of the same length; there must be more rows than coefficients.
    ///
    /// Columns that depend on each other are rejected: `collinear` names the first that says nothing new.
    public init(response: [Double], columns: [[Double]], intercept: Bool = true) throws(StatisticsError) {
        for (j, column) in columns.enumerated() {
            guard column.count == response.count else {
                throw .countMismatch(argument: "columns[\(j)]", count: column.count, expected: response.count)
            }
            try Require.finite(column.span, "columns[\(j)]")
        }
        let ones = intercept ? [Array(repeating: 1.0, count: response.count)] : []
        let names = (intercept ? ["intercept"] : []) + columns.indices.map { "columns[\($0)]" }
        try self.init(response: response, design: Design(columns: ones + columns, lows: [], names: names), intercept: intercept)
    }

    /// Fits a polynomial; the powers are carried in twice the precision of a double, because high ones are nearly collinear.
    public init(response: [Double], polynomialIn x: [Double], degree: Int) throws(StatisticsError) {
        guard x.count == response.count else { throw .countMismatch(argument: "x", count: x.count, expected: response.count) }
        try Require.nonNegative(degree, "degree")
        try Require.finite(x.span, "x")
        var (highs, lows) = ([Array(repeating: 1.0, count: x.count)], [Array(repeating: 0.0, count: x.count)])
        var powers = Array(repeating: DoubleDouble(1), count: x.count)
        for _ in 0..<degree {
            for i in x.indices { powers[i] = powers[i] * DoubleDouble(x[i]) }
            let power = powers.map(\.high)
            try Require.finite(power.span, "power of x")
            highs.append(power)
            lows.append(powers.map(\.low))
        }
        let names = (0...degree).map { "x^\($0)" }
        try self.init(response: response, design: Design(columns: highs, lows: lows, names: names), intercept: true)
    }

    private init(response: [Double], design: Design, intercept: Bool) throws(StatisticsError) {
        let (n, p) = (response.count, design.columns.count)
        guard p > 0 else { throw .empty(argument: "columns") }
        try Require.sample(response.span, "response", atLeast: p + 1)
        let factor: Cholesky
        do {
            // Columns whose angle is below 1e-13 cannot be told from dependent ones once they have been rounded to doubles.
            factor = try Cholesky(design.gram(), size: p, tolerance: 1e-26)
        } catch {
            throw .collinear(argument: design.names[error.column])
        }
        var solution = factor.solve(design.transposed(times: response, lows: []))
        var rest = design.residuals(of: response, at: solution)
        for _ in 0..<2 {
            let step = factor.solve(design.transposed(times: rest.map(\.high), lows: rest.map(\.low)))
            for j in 0..<p { solution[j] = solution[j] + step[j] }
            rest = design.residuals(of: response, at: solution)
        }
        coefficients = solution.map(\.rounded)
        residuals = rest.map(\.rounded)
        degreesOfFreedom = n - p
        residualSquares = residuals.reduce(0) { $0 + $1 * $1 }
        let squares = intercept ? try Summary(response).squaredDeviations : DoubleDouble.dot(response, response).rounded
        rSquared = squares > 0 ? max(0, 1 - residualSquares / squares) : 1
        leverages = (0..<n).map { i in
            min(1, factor.whitened { design.columns[$0][i] }.reduce(0) { $0 + $1 * $1 })
        }
        (self.design, self.factor) = (design, factor)
        guard coefficients.allSatisfy(\.isFinite), residualSquares.isFinite else {
            throw .outOfRange(argument: "response", value: response[0], expected: "values whose squares can be added")
        }
    }

    /// The variance of the errors, if it is one: the squared residuals over their degrees of freedom.
    public var residualVariance: Double { residualSquares / Double(degreesOfFreedom) }

    /// The covariance matrix of the coefficients, row by row.
    ///
    /// HC2 and HC3 do not exist where a row alone determines a coefficient, so that its leverage is 1.
    public func covariance(_ model: ErrorModel = .equalVariances) throws(StatisticsError) -> [Double] {
        let p = coefficients.count
        if model == .equalVariances { return factor.inverse().map { $0 * residualVariance } }
        var result = Array(repeating: 0.0, count: p * p)
        for i in residuals.indices {
            let weight = try weight(of: i, model)
            // What one more unit of the response in this row adds to each coefficient.
            let influence = factor.unwhitened(factor.whitened { design.columns[$0][i] })
            for j in 0..<p {
                for k in 0..<p { result[j * p + k] += weight * influence[j] * influence[k] }
            }
        }
        return result
    }

    /// The standard errors of the coefficients.
    public func standardErrors(_ model: ErrorModel = .equalVariances) throws(StatisticsError) -> [Double] {
        let matrix = try covariance(model)
        return coefficients.indices.map { matrix[$0 * (coefficients.count + 1)].squareRoot() }
    }

    private func weight(of row: Int, _ model: ErrorModel) throws(StatisticsError) -> Double {
        let square = residuals[row] * residuals[row]
        let free = 1 - leverages[row]
        if model == .hc2 || model == .hc3, free < 1e-10 {
            throw .outOfRange(
                argument: "leverages[\(row)]", value: leverages[row], expected: "less than 1: this row alone determines a coefficient")
        }
        switch model {
        case .equalVariances: return residualVariance
        case .hc0: return square
        case .hc1: return square * Double(residuals.count) / Double(degreesOfFreedom)
        case .hc2: return square / free
        case .hc3: return square / (free * free)
        }
    }

    /// The design matrix by columns, with what a double leaves out of each entry where that is known.
    private struct Design: Sendable {
        let columns: [[Double]]
        let lows: [[Double]]
        let names: [String]

        /// XᵀX, its lower triangle.
        func gram() -> [DoubleDouble] {
            let p = columns.count
            var result = Array(repeating: DoubleDouble.zero, count: p * p)
            for j in 0..<p {
                for k in 0...j { result[j * p + k] = inner(j, columns[k], lows.isEmpty ? [] : lows[k]) }
            }
            return result
        }

        /// Xᵀv.
        func transposed(times values: [Double], lows small: [Double]) -> [DoubleDouble] {
            columns.indices.map { inner($0, values, small) }
        }

        private func inner(_ j: Int, _ values: [Double], _ small: [Double]) -> DoubleDouble {
            var result = DoubleDouble.dot(columns[j], values)
            if !lows.isEmpty { result = result + DoubleDouble.dot(lows[j], values) }
            if !small.isEmpty { result = result + DoubleDouble.dot(columns[j], small) }
            return result
        }

        /// y - X b.
        func residuals(of response: [Double], at solution: [DoubleDouble]) -> [DoubleDouble] {
            var result = response.map { DoubleDouble($0) }
            for (j, column) in columns.enumerated() {
                for i in result.indices {
                    result[i] = result[i] - DoubleDouble(column[i], lows.isEmpty ? 0 : lows[j][i]) * solution[j]
                }
            }
            return result
        }
    }
}

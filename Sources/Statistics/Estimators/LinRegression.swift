/// Lin's regression: the outcome on the variant, the covariates and all their interactions, so that adjustment cannot hurt.
///
/// W. Lin, "Agnostic notes on regression adjustments to experimental data: reexamining Freedman's critique", Annals of Applied Statistics 7
/// (2013), doi:10.1214/12-AOAS583. The interactions make it one regression for each variant, taken at the mean of the covariates over all
/// units; that mean is taken as given, the effect being that on the units at hand.
public struct LinRegression: Sendable {
    /// The rows of one variant: an outcome and covariates of the same units.
    public struct Rows: Sendable {
        /// The outcome of each unit.
        public let outcome: [Double]
        /// The covariates, a column each.
        public let covariates: [[Double]]

        /// The rows of one variant.
        public init(outcome: [Double], covariates: [[Double]]) {
            (self.outcome, self.covariates) = (outcome, covariates)
        }
    }

    /// The mean outcome that the treatment would have in all the units.
    public let treatment: Estimate
    /// The mean outcome that the control would have in all the units.
    public let control: Estimate
    /// The slopes among the treated, one for each covariate.
    public let treatmentSlopes: [Double]
    /// The slopes among the controls.
    public let controlSlopes: [Double]

    /// Adjusts from raw rows; the errors' variances may differ from unit to unit (HC2, or another model of them).
    public init(treatment: Rows, control: Rows, errors: LeastSquares.ErrorModel = .hc2) throws(StatisticsError) {
        guard treatment.covariates.count == control.covariates.count else {
            throw .countMismatch(
                argument: "treatment.covariates", count: treatment.covariates.count, expected: control.covariates.count)
        }
        var centers: [Double] = []
        for j in control.covariates.indices {
            var pooled = try Self.summary(control, j, "control")
            pooled.merge(try Self.summary(treatment, j, "treatment"))
            centers.append(pooled.mean)
        }
        (self.treatment, treatmentSlopes) = try Self.fit(treatment, centers, errors, "treatment")
        (self.control, controlSlopes) = try Self.fit(control, centers, errors, "control")
    }

    /// Adjusts from co-moments: the same estimate, with the standard errors of a regression whose errors have one variance in each variant.
    ///
    /// Squared residuals by row, which HC2 weighs, are not to be had from second moments. The columns other than `outcome` are the covariates.
    public init(treatment: CoMoments, control: CoMoments, outcome: Int = 0) throws(StatisticsError) {
        guard treatment.columns == control.columns else {
            throw .countMismatch(argument: "treatment", count: treatment.columns, expected: control.columns)
        }
        let covariates = (0..<control.columns).filter { $0 != outcome }
        let measures = ([outcome] + covariates).map { Measure.mean(of: $0) }
        var all = control
        all.merge(treatment)
        let centers = covariates.map { all.means[$0] }
        (self.treatment, treatmentSlopes) = try Self.fit(treatment.measuring(measures), centers, "treatment")
        (self.control, controlSlopes) = try Self.fit(control.measuring(measures), centers, "control")
    }

    /// The effect of the treatment.
    ///
    /// - Throws: `noVariance` where the covariates foretell every outcome of both, so that nothing is left to measure a difference by.
    public func effect(nullValue: Double = 0) throws(StatisticsError) -> Effect {
        try Effect(treatment: treatment, control: control, nullValue: nullValue)
    }

    private static func summary(_ rows: Rows, _ j: Int, _ name: String) throws(StatisticsError) -> Summary {
        let column = rows.covariates[j]
        let argument = "\(name).covariates[\(j)]"
        guard column.count == rows.outcome.count else {
            throw .countMismatch(argument: argument, count: column.count, expected: rows.outcome.count)
        }
        try Require.finite(column.span, argument)
        return try Summary(column)
    }

    private static func fit(
        _ rows: Rows, _ centers: [Double], _ errors: LeastSquares.ErrorModel, _ name: String
    ) throws(StatisticsError) -> (Estimate, [Double]) {
        try Require.sample(rows.outcome.span, "\(name).outcome", atLeast: centers.count + 2)
        let columns = zip(rows.covariates, centers).map { column, center in column.map { $0 - center } }
        do {
            let fit = try LeastSquares(response: rows.outcome, columns: columns)
            // The outcome may be a copy of a covariate: then only the last digits differ.
            let size = rows.outcome.reduce(0) { max($0, abs($1)) }
            let isForetold = Rounding.explains(fit.residualSquares, of: rows.outcome.count, upTo: size)
            let variance = isForetold ? 0 : try fit.covariance(errors)[0]
            let estimate = Estimate(
                validated: fit.coefficients[0], variance: variance, degreesOfFreedom: Double(fit.degreesOfFreedom))
            return (estimate, Array(fit.coefficients.dropFirst()))
        } catch .collinear(let argument) {
            throw .collinear(argument: "\(name).covariates\(argument.dropFirst("columns".count))")
        }
    }

    private static func fit(
        _ moments: CoMoments, _ centers: [Double], _ name: String
    ) throws(StatisticsError) -> (Estimate, [Double]) {
        let size = centers.count
        try Require.count(moments.count, name, atLeast: size + 2)
        guard size > 0 else { return (try Estimate(moments.summary(0), name), []) }
        let slopes: [Double]
        let factor: Cholesky
        do {
            let matrix = (0..<(size * size)).map { DoubleDouble(moments[$0 / size + 1, $0 % size + 1]) }
            factor = try Cholesky(matrix, size: size, tolerance: 1e-12)
            slopes = factor.solve((0..<size).map { DoubleDouble(moments[$0 + 1, 0]) }).map(\.rounded)
        } catch {
            throw .collinear(argument: "\(name).covariates[\(error.column)]")
        }
        let away = (0..<size).map { centers[$0] - moments.means[$0 + 1] }
        let explained = (0..<size).reduce(0) { $0 + slopes[$1] * moments[$1 + 1, 0] }
        let degrees = Double(moments.count - size - 1)
        let rest = moments[0, 0] - explained
        let variance = Rounding.explains(rest, leftOf: moments[0, 0]) ? 0 : rest / degrees
        let leverage = 1 / Double(moments.count) + factor.whitened { away[$0] }.reduce(0) { $0 + $1 * $1 }
        let value = zip(slopes, away).reduce(moments.means[0]) { $0 + $1.0 * $1.1 }
        return (Estimate(validated: value, variance: variance * leverage, degreesOfFreedom: degrees), slopes)
    }
}

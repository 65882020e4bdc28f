import Statistics

/// Any distribution, made from the name and the parameters that a fixture states.
enum Law: Sendable, CustomStringConvertible {
    case continuous(any ContinuousDistribution)
    case discrete(any DiscreteDistribution)

    init(_ name: String, _ p: [Double]) throws {
        switch name {
        case "Normal": self = .continuous(p.isEmpty ? Normal.standard : try Normal(mean: p[0], standardDeviation: p[1]))
        case "StudentT": self = .continuous(try StudentT(degreesOfFreedom: p[0]))
        case "ChiSquare": self = .continuous(try ChiSquare(degreesOfFreedom: p[0]))
        case "FisherF": self = .continuous(try FisherF(numerator: p[0], denominator: p[1]))
        case "Beta": self = .continuous(try Beta(alpha: p[0], beta: p[1]))
        case "Gamma": self = .continuous(try Gamma(shape: p[0], scale: p[1]))
        case "NoncentralT": self = .continuous(try NoncentralT(degreesOfFreedom: p[0], noncentrality: p[1]))
        case "NoncentralChiSquare": self = .continuous(try NoncentralChiSquare(degreesOfFreedom: p[0], noncentrality: p[1]))
        case "NoncentralF": self = .continuous(try NoncentralF(numerator: p[0], denominator: p[1], noncentrality: p[2]))
        case "StudentizedRange":
            self = .continuous(try StudentizedRange(groups: Int(p[0]), degreesOfFreedom: p[1] == 0 ? .infinity : p[1]))
        case "Binomial": self = .discrete(try Binomial(trials: Int(p[0]), probability: p[1]))
        case "Poisson": self = .discrete(try Poisson(mean: p[0]))
        case "Hypergeometric": self = .discrete(try Hypergeometric(population: Int(p[0]), marked: Int(p[1]), draws: Int(p[2])))
        default: throw UnknownLaw(name: name)
        }
    }

    struct UnknownLaw: Error { let name: String }

    var description: String {
        switch self {
        case .continuous(let law): "\(law)"
        case .discrete(let law): "\(law)"
        }
    }

    /// log density or mass, log cdf, log survival, density or mass, cdf, survival.
    func values(at x: Double) -> [Double] {
        switch self {
        case .continuous(let law):
            [law.logDensity(x), law.logCDF(x), law.logSurvival(x), law.density(x), law.cdf(x), law.survival(x)]
        case .discrete(let law):
            [law.logMass(Int(x)), law.logCDF(Int(x)), law.logSurvival(Int(x)), law.mass(Int(x)), law.cdf(Int(x)), law.survival(Int(x))]
        }
    }
}

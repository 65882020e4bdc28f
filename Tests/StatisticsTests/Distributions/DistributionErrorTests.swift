import Statistics
import Testing

/// A parameter that makes no sense is rejected by name.
@Suite struct DistributionErrorTests {
    @Test func eachBadParameterIsNamed() {
        func positive(_ argument: String, _ value: Double) -> StatisticsError {
            .outOfRange(argument: argument, value: value, expected: "a positive number")
        }
        #expect(throws: positive("standardDeviation", 0)) { try Normal(mean: 0, standardDeviation: 0) }
        #expect(throws: StatisticsError.infinite(argument: "mean", index: nil)) { try Normal(mean: .infinity) }
        #expect(throws: positive("degreesOfFreedom", -1)) { try StudentT(degreesOfFreedom: -1) }
        #expect(throws: StatisticsError.notANumber(argument: "degreesOfFreedom", index: nil)) { try ChiSquare(degreesOfFreedom: .nan) }
        #expect(throws: positive("denominator", 0)) { try FisherF(numerator: 1, denominator: 0) }
        #expect(throws: positive("beta", -2)) { try Beta(alpha: 1, beta: -2) }
        #expect(throws: positive("scale", 0)) { try Gamma(shape: 1, scale: 0) }
        #expect(throws: StatisticsError.notANumber(argument: "noncentrality", index: nil)) {
            try NoncentralT(degreesOfFreedom: 3, noncentrality: .nan)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "noncentrality", value: -1, expected: "a number that is not negative")) {
            try NoncentralChiSquare(degreesOfFreedom: 3, noncentrality: -1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "noncentrality", value: -1, expected: "a number that is not negative")) {
            try NoncentralF(numerator: 1, denominator: 3, noncentrality: -1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "groups", value: 1, expected: "at least 2 groups")) {
            try StudentizedRange(groups: 1, degreesOfFreedom: 3)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "trials", value: -1, expected: "a count that is not negative")) {
            try Binomial(trials: -1, probability: 0.5)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "probability", value: 2, expected: "a probability from 0 to 1")) {
            try Binomial(trials: 1, probability: 2)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "mean", value: -0.1, expected: "a number that is not negative")) {
            try Poisson(mean: -0.1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "marked", value: 6, expected: "at most the population of 5")) {
            try Hypergeometric(population: 5, marked: 6, draws: 1)
        }
    }

    @Test func anErrorReadsAsASentence() {
        #expect("\(StatisticsError.tooFew(argument: "control", count: 1, needed: 2))" == "control has 1 value, at least 2 are needed")
        #expect("\(StatisticsError.notANumber(argument: "control", index: 4))" == "control[4] is not a number")
    }
}

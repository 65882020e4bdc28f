import SeededRandom
import Statistics
import Testing

@Suite struct WelchPowerTests {
    private func plain(_ deviation: Double, _ significance: Double = 0.05, _ ratio: Double = 1) throws -> WelchPower {
        try WelchPower(MeansPower(standardDeviation: deviation, significance: significance, ratio: ratio))
    }

    // SciPy: nct.sf(c, 2n - 2, 2 (n / 2)^½) + nct.cdf(-c, …) at c = t.isf(0.025, 2n - 2), as R's power.t.test(delta = 2, sd = 1, …) with strict = TRUE; and the n
    // where that is 0.8. By the normal formula four units an arm were enough, and one for five deviations.
    @Test func fewUnitsAnArmTellTheirDeviationBadly() throws {
        let test = try plain(1)
        #expect(close(try test.power(effect: 2, size: 4), 0.6568758750949889, 1e-9))
        #expect(close(try test.power(effect: 2, size: 6), 0.8764177714119887, 1e-9))
        #expect(close(try test.size(effect: 2, power: 0.8), 5.08999456826991, 1e-9))
        #expect(close(try test.size(effect: 1, power: 0.8), 16.71472244703577, 1e-9))
        #expect(close(try test.size(effect: 5, power: 0.8), 2.117219911112573, 1e-9))
        // In large samples it is the normal formula and less than one unit more: 6279.10.
        #expect(close(try plain(40).size(effect: 2, power: 0.8), 6280.048916291408, 1e-9))
    }

    // SciPy, likewise with Satterthwaite's degrees of freedom.
    @Test func armsThatDifferHaveSatterthwaitesDegreesOfFreedom() throws {
        let test = try WelchPower(MeansPower(standardDeviation: 1.2, secondDeviation: 0.7, ratio: 0.5))
        #expect(close(try test.power(effect: 1, size: 8), 0.37292892875984723, 1e-9))
        #expect(close(try test.size(effect: 1, power: 0.8), 20.400639674805483, 1e-9))
        #expect(close(try plain(40, 0.05, 1 / 9.0).size(effect: 2, power: 0.8), 31409.466999456523, 1e-9))
        let margin = try WelchPower(.nonInferiority(margin: 0.3, standardDeviation: 2))
        #expect(close(try margin.size(effect: 0, power: 0.9), 934.9545683826238, 1e-8))
    }

    @Test(arguments: Alternative.allCases) func ofArmsThatAreAlikeItIsStudentsTest(_ alternative: Alternative) throws {
        let sign = alternative == .less ? -1.0 : 1.0
        let welch = try WelchPower(MeansPower(standardDeviation: 3, alternative: alternative, nullEffect: sign * 0.5))
        let student = try TTestPower(alternative: alternative)
        for size in [2, 3.5, 12, 400] {
            #expect(close(try welch.power(effect: sign * 2.3, size: size), try student.power(effect: sign * 0.6, size: size), 1e-12))
        }
        #expect(close(try welch.size(effect: sign * 2.3, power: 0.9), try student.size(effect: sign * 0.6, power: 0.9), 1e-10))
        #expect(
            close(
                try welch.detectableEffect(size: 7, power: 0.9) - sign * 0.5, try 3 * student.detectableEffect(size: 7, power: 0.9), 1e-10))
    }

    @Test func eitherArmHasTwoUnits() throws {
        #expect(try plain(1).size(effect: 100, power: 0.8) == 2)
        #expect(try plain(1, 0.05, 1 / 9.0).size(effect: 1000, power: 0.8) == 18 && plain(1, 0.05, 3).size(effect: 100, power: 0.8) == 2)
        let sizes = try ArmsDesign(plain(1), weights: [7, 3, 1]).sizes(effect: 1e6, power: 0.8)
        #expect(sizes.sizes == [14, 6, 2])
        #expect(throws: StatisticsError.outOfRange(argument: "size", value: 1.5, expected: "at least 2.0, for two units of either arm")) {
            try plain(1).power(effect: 1, size: 1.5)
        }
        #expect(throws: StatisticsError.self) { try plain(1, 0.05, 0.1).detectableEffect(size: 10, power: 0.8) }
        // What is looked at any time takes no fewer.
        let any = try AlwaysValidPower(MeansPower(standardDeviation: 1), tunedFor: 1000)
        #expect(try any.size(effect: 100, power: 0.8) == 2)
        #expect(try any.size(effect: 2, power: 0.8) >= plain(1).size(effect: 2, power: 0.8))
    }

    @Test func simulatedTestsFindItAsOftenAsPlanned() throws {
        var generator = Generator(seed: 1989)
        let test = try WelchPower(MeansPower(standardDeviation: 1, secondDeviation: 2, ratio: 2))
        let planned = try test.power(effect: 1.5, size: 9)
        var found = 0
        for _ in 0..<2000 {
            let welch = try WelchTTest(generator.sample(18) { 2 * $0.normal() + 1.5 }, generator.sample(9) { $0.normal() })
            if welch.pValue < 0.05 { found += 1 }
        }
        let law = try Binomial(trials: 2000, probability: planned)
        #expect(try found >= law.quantile(0.0005) && found <= law.inverseSurvival(0.0005), "\(found), \(planned)")
    }
}

import Statistics
import Testing

@Suite struct PostStratificationTests {
    static func strata() throws -> [PostStratification.Stratum] {
        try References.estimators["poststratified"]["strata"].array.map {
            try .init(treatment: Summary($0[0].doubles), control: Summary($0[1].doubles))
        }
    }

    @Test func effectAndErrorAreThoseOfNumPy() throws {
        let reference = References.estimators["poststratified"]
        let effect = try PostStratification(Self.strata()).effect()
        #expect(close(effect.estimate, reference["effect"].double, 1e-12))
        #expect(close(effect.standardError, reference["error"].double, 1e-13))
    }

    @Test func oneStratumIsWelchsTest() throws {
        let stratum = try Self.strata()[0]
        let effect = try PostStratification([stratum]).effect()
        let welch = try WelchTTest(stratum.treatment, stratum.control)
        #expect(close(effect.statistic, welch.statistic, 1e-13) && close(effect.pValue, welch.pValue, 1e-12))
        #expect(close(effect.degreesOfFreedom, welch.degreesOfFreedom, 1e-12))
    }

    @Test func onlyTheProportionsOfWeightsMatter() throws {
        func weighted(_ factor: Double) throws -> Effect {
            let strata = try Self.strata().enumerated().map { index, stratum in
                PostStratification.Stratum(treatment: stratum.treatment, control: stratum.control, weight: factor * Double(index + 1))
            }
            return try PostStratification(strata).effect()
        }
        #expect(close(try weighted(1).statistic, try weighted(250).statistic, 1e-13))
        #expect(try weighted(1).estimate != PostStratification(Self.strata()).effect().estimate)
        #expect(try PostStratification(Self.strata()).effects().count == 3)
    }

    @Test func badStrataAreNamed() throws {
        let good = try Summary([1, 2, 3])
        #expect(throws: StatisticsError.empty(argument: "strata")) { try PostStratification([]) }
        #expect(throws: StatisticsError.tooFew(argument: "strata[0].control", count: 1, needed: 2)) {
            try PostStratification([.init(treatment: good, control: Summary([1]))])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "strata[0].weight", value: 0, expected: "a positive number")) {
            try PostStratification([.init(treatment: good, control: good, weight: 0)])
        }
    }
}

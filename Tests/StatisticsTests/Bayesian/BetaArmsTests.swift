import Foundation
import Statistics
import Testing

@Suite struct BetaArmsTests {
    static let fixture: JSON = (try? Fixture.committed("bayesian")) ?? .null

    static func arms(_ json: JSON) throws -> BetaArms {
        try BetaArms(try json.array.map { try Beta(alpha: $0[0].double, beta: $0[1].double) })
    }

    @Test func chancesAndLossesAgreeWithPlainQuadrature() throws {
        #expect(Self.fixture["cases"].array.count == 6)
        for c in Self.fixture["cases"].array {
            let arms = try Self.arms(c["arms"])
            for i in arms.arms.indices {
                #expect(close(try arms.chanceToBeBest(i), c["best"][i].double, 1e-9, absolute: 1e-14), "\(c) \(i)")
                #expect(close(try arms.expectedLoss(of: i), c["loss"][i].double, 1e-9, absolute: 1e-14), "\(c) \(i)")
            }
        }
    }

    @Test func intervalsOfDifferencesAgreeWithPlainQuadrature() throws {
        #expect(Self.fixture["intervals"].array.count == 4 && Self.fixture["normal"].array.count == 4)
        for c in Self.fixture["intervals"].array {
            let arms = try BetaArms([
                Beta(alpha: c["arm"][0].double, beta: c["arm"][1].double), Beta(alpha: c["other"][0].double, beta: c["other"][1].double),
            ])
            let interval = try arms.credibleInterval(of: 0, less: 1)
            #expect(close(interval.low, c["low"].double, 1e-8) && close(interval.high, c["high"].double, 1e-8), "\(c) \(interval)")
        }
    }

    @Test func wholeParametersHaveAClosedForm() throws {
        // P(B > A) = Σ B(αA + i, βA + βB) / ((βB + i) B(1 + i, βB) B(αA, βA)), i < αB: here (2, 1) against (1, 1) is 1/3.
        let arms = try BetaArms([Beta(alpha: 2, beta: 1), .uniform])
        #expect(close(try arms.chance(of: 1, toBeat: 0), 1.0 / 3, 1e-13))
        // E[(A - B)⁺] of these is ∫ x (1 - x²) dx, and the other way ∫ x² (1 - x) dx.
        #expect(close(try arms.expectedLoss(of: 1), 1.0 / 4, 1e-13))
        #expect(close(try arms.expectedLoss(of: 0), 1.0 / 12, 1e-13))
    }

    @Test func theFarTailIsPrecise() throws {
        let arms = try BetaArms([Proportion(successes: 500, trials: 10_000), Proportion(successes: 900, trials: 10_000)])
        let (up, down) = try (arms.chance(of: 1, toBeat: 0), arms.chance(of: 0, toBeat: 1))
        #expect(up > 0.999_999 && down > 0 && down < 1e-20)
        #expect(try arms.expectedLoss(of: 1) > 0 && arms.expectedLoss(of: 1) < down)
    }

    @Test func whatIsBestSumsToOneAndLossesDifferByUplift() throws {
        let arms = try BetaArms(
            [Proportion(successes: 30, trials: 500), Proportion(successes: 35, trials: 480), Proportion(successes: 0, trials: 40)],
            prior: .jeffreys)
        #expect(close(try (0..<3).map { try arms.chanceToBeBest($0) }.reduce(0, +), 1, 1e-11))
        let two = try BetaArms([arms.arms[0], arms.arms[1]])
        #expect(close(try two.chance(of: 0, toBeat: 1) + two.chance(of: 1, toBeat: 0), 1, 1e-12))
        let difference = try two.expectedLoss(of: 0) - two.expectedLoss(of: 1)
        #expect(close(difference, try two.expectedUplift(of: 1, over: 0), 1e-10))
        let (there, back) = try (two.credibleInterval(of: 1, less: 0, level: 0.8), two.credibleInterval(of: 0, less: 1, level: 0.8))
        #expect(close(there.low, -back.high, 1e-12) && close(there.high, -back.low, 1e-12))
        #expect(try there.contains(two.expectedUplift(of: 1, over: 0)))
    }

    @Test func proportionsNearOneAreTheMirrorOfThoseNearZero() throws {
        let near1 = try BetaArms([Proportion(successes: 30, trials: 30), Proportion(successes: 58, trials: 60)], prior: .jeffreys)
        let near0 = try BetaArms([Proportion(successes: 0, trials: 30), Proportion(successes: 2, trials: 60)], prior: .jeffreys)
        #expect(close(try near1.chance(of: 0, toBeat: 1), try near0.chance(of: 1, toBeat: 0), 1e-9))
        let (a, b) = try (near1.credibleInterval(of: 0, less: 1), near0.credibleInterval(of: 1, less: 0))
        #expect(close(a.low, b.low, 1e-7) && close(a.high, b.high, 1e-7), "\(a) \(b)")
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.tooFew(argument: "arms", count: 1, needed: 2)) { try BetaArms([.uniform]) }
        let arms = try BetaArms([.uniform, .jeffreys])
        #expect(throws: StatisticsError.outOfRange(argument: "other", value: 2, expected: "one of the 2 arms, from 0")) {
            try arms.chance(of: 0, toBeat: 2)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "level", value: 1, expected: "a number between 0 and 1")) {
            try arms.credibleInterval(of: 0, less: 1, level: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "level", value: 0, expected: "a number between 0 and 1")) {
            try Beta.uniform.credibleInterval(level: 0)
        }
    }
}

import EffectCheck
import Foundation
import Testing

// What tests teach, against NumPy's values; see scripts/fixtures/belief.py.
@Suite struct BeliefFitTests {
    private struct Fixture: Decodable {
        struct Belief: Decodable {
            let positive, zero, negative, shapeless, evidence, resolution: Double
            let kinds, sizes: [Double]
        }

        struct Case: Decodable {
            let name: String
            let information, score: [[Double]]
            let shapeless: [Double]
            let belief: Belief

            var tests: [TestLikelihood] {
                information.indices.map {
                    TestLikelihood(information: information[$0], score: score[$0], shapeless: shapeless[$0], shapelessPositive: 0.5)
                }
            }
        }

        let cases: [Case]

        init() throws {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/belief", withExtension: "json"))
            self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    private func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-4 * max(1, abs(other)) }

    @Test func `the belief is what expectation-maximisation over all tests at once finds`() throws {
        let cases = try Fixture().cases
        #expect(cases.count == 4)
        for each in cases {
            let (found, wanted) = (BeliefFit.belief(from: each.tests, kinds: 6), each.belief)
            #expect(found.tests == each.information.count)
            for (ours, theirs, what) in [
                (found.positive, wanted.positive, "positive"), (found.zero, wanted.zero, "zero"),
                (found.negative, wanted.negative, "negative"), (found.shapeless, wanted.shapeless, "shapeless"),
                (found.evidence, wanted.evidence, "evidence"), (found.resolution, wanted.resolution, "resolution"),
            ] { #expect(isNear(ours, theirs), "\(each.name): \(what) is \(ours), not \(theirs)") }
            #expect(zip(found.kinds, wanted.kinds).allSatisfy(isNear), "\(each.name): kinds")
            #expect(found.sizes.count == 25 && zip(found.sizes, wanted.sizes).allSatisfy(isNear), "\(each.name): sizes")
        }
    }

    @Test func `small lifts count where many tests show together that there are some, and not otherwise`() throws {
        let cases = try Fixture().cases
        let beliefs = Dictionary(uniqueKeysWithValues: cases.map { ($0.name, BeliefFit.belief(from: $0.tests, kinds: 6)) })
        #expect(beliefs["no effects"]?.resolution == 1)
        #expect(try #require(beliefs["clear effects"]).resolution < 0.9)
        // Half of these are positive. What counts as none must not be taken for small effects, or there would seem to be ever fewer.
        #expect(try #require(beliefs["weak effects"]).positive > 0.25)
        // A single test, however clear, shows nothing of others.
        let alone = TestLikelihood(
            information: Array(repeating: 400, count: 6), score: Array(repeating: 400, count: 6), shapeless: 0, shapelessPositive: 0.5)
        let none = TestLikelihood(
            information: Array(repeating: 400, count: 6), score: Array(repeating: 0, count: 6), shapeless: 0, shapelessPositive: 0.5)
        #expect(BeliefFit.belief(from: [alone] + Array(repeating: none, count: 50), kinds: 6).resolution == 1)
    }
}

import EffectCheck
import Foundation
import Testing

// What the forecast is built from, against NumPy's values; see scripts/fixtures/forecast.py.
@Suite struct ForecastFixtureTests {
    private struct Fixture: Decodable {
        struct Regression: Decodable {
            let name: String
            let rows: [[Double]]
            let weights: [Double]
            let coefficients: [[Double]]
        }

        struct Habit: Decodable {
            let spent: [Double]
            let level: Double
            let rhythm: Double
            let expected: Double
            let noise: Double
            let active: Int
        }

        let regressions: [Regression]
        let habits: [Habit]

        init() throws {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/forecast", withExtension: "json"))
            self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    private func isNear(_ one: Double, _ other: Double, within relative: Double, of scale: Double = 0) -> Bool {
        abs(one - other) <= relative * max(abs(other), scale)
    }

    @Test func `normal equations solve weighted least squares`() throws {
        let cases = try Fixture().regressions
        #expect(cases.count == 5)
        for each in cases {
            let answers = each.coefficients.count
            let size = each.rows[0].count - answers
            var (whole, first, second) = (
                NormalEquations(size: size, answers: answers), NormalEquations(size: size, answers: answers),
                NormalEquations(size: size, answers: answers)
            )
            for (number, (row, weight)) in zip(each.rows, each.weights).enumerated() {
                row.withUnsafeBufferPointer { row in
                    guard let row = row.baseAddress else { return }
                    whole.add(row, weight: weight)
                    if number.isMultiple(of: 3) { first.add(row, weight: weight) } else { second.add(row, weight: weight) }
                }
            }
            first.add(second)
            #expect(first.rows == whole.rows && whole.rows == Double(each.rows.count))
            // Two columns of which one is twice the other are told apart by a millionth alone, which costs six of the digits.
            let precision = each.name.hasPrefix("columns") ? 1e-5 : 1e-9
            for (solved, merged, expected) in zip3(whole.solved(), first.solved(), each.coefficients) {
                let scale = expected.map(abs).max() ?? 0
                for (ours, theirs, wanted) in zip3(solved, merged, expected) {
                    #expect(isNear(ours, wanted, within: precision, of: scale), "\(each.name): \(ours) is not \(wanted)")
                    #expect(isNear(theirs, wanted, within: precision, of: scale), "\(each.name): \(theirs) is not \(wanted)")
                }
            }
        }
    }

    private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] { zip(a, zip(b, c)).map { ($0, $1.0, $1.1) } }

    @Test func `a habit is the least-squares fit of level, rhythm and trend`() throws {
        let habits = try Fixture().habits
        #expect(habits.count == 19)
        for each in habits {
            let scale = each.spent.max() ?? 0
            let design = Habit.Design(windows: each.spent.count)
            let habit = try each.spent.withUnsafeBufferPointer { design.habit(try #require($0.baseAddress)) }
            #expect(habit.active == each.active)
            for (ours, wanted) in [
                (habit.level, each.level), (habit.rhythm, each.rhythm), (habit.expected, each.expected), (habit.noise, each.noise),
            ] { #expect(isNear(ours, wanted, within: 1e-12, of: scale), "\(each.spent): \(ours) is not \(wanted)") }
        }
    }
}

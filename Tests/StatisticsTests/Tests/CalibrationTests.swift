import StatisticsCalibration
import Testing

// The cases of Documentation/calibration.md, in a reduced form: fewer runs leave wider limits.
@Suite struct CalibrationTests {
    @Test(arguments: CalibrationCase.all.indices)
    func thePromiseIsKept(_ index: Int) throws {
        let promise = CalibrationCase.all[index]
        let outcome = try promise.outcome(runs: 300, seed: 2026)
        #expect(outcome.isAsExpected, "\(promise.name), \(promise.data): \(outcome.rate) is not within \(outcome.allowed)")
    }

    @Test func everyCaseHasItsOwnName() {
        let names = CalibrationCase.all.map { "\($0.kind) \($0.name) \($0.data)" }
        #expect(names.count >= 200 && Set(names).count == names.count)
    }

    @Test func aPromiseThatIsNotKeptIsNoticed() throws {
        // Student's test where its assumption fails rejects far more often than it says.
        let broken = try #require(CalibrationCase.all.first { $0.name == "Student's t, standard deviations 1 to 3" })
        let outcome = try broken.outcome(runs: 300, seed: 1)
        let kept = try #require(CalibrationCase.all.first { $0.name == "Welch's t, standard deviations 1 to 3" })
        #expect(try !kept.outcome(runs: 300, seed: 1).allowed.contains(outcome.rate))
        #expect(try kept.outcome(runs: 300, seed: 1).wrong == kept.outcome(runs: 300, seed: 1).wrong)
    }
}

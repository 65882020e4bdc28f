import Statistics
import Testing

@Suite struct AdjustmentRejectionsTests {
    static let pValues = [0.001, 0.02, 0.011, 0.6]

    @Test func rejectionsFollowTheAdjustedPValues() throws {
        #expect(try Adjustment.bonferroni.rejections(Self.pValues) == [true, false, true, false])
        #expect(try Adjustment.holm.rejections(Self.pValues) == [true, true, true, false])
        #expect(try Adjustment.none.rejections(Self.pValues, significance: 0.01) == [true, false, false, false])
        for adjustment in Adjustment.allCases where adjustment != .none {
            // Stricter levels reject less.
            let (strict, lax) = try (
                adjustment.rejections(Self.pValues, significance: 0.01), adjustment.rejections(Self.pValues, significance: 0.1)
            )
            #expect(zip(strict, lax).allSatisfy { !$0 || $1 })
        }
    }

    @Test func intervalsAreWidenedAsTheMethodPromises() throws {
        let bonferroni = try Adjustment.bonferroni.intervalLevels(Self.pValues)
        #expect(bonferroni.allSatisfy { close($0 ?? 0, 0.9875, 1e-14) })
        #expect(try Adjustment.holm.intervalLevels(Self.pValues).allSatisfy { $0 == nil })
        let selected = try Adjustment.benjaminiHochberg.intervalLevels(Self.pValues)
        #expect(close(selected[1] ?? 0, 1 - 0.05 * 3 / 4, 1e-14) && selected[3] == nil)
        #expect(try Adjustment.benjaminiYekutieli.intervalLevels(Self.pValues)[0] ?? 0 > selected[0] ?? 1)
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func adjustedPValuesAreThoseOfR() throws {
        // p.adjust and mt.rawp2adjp in R, as statsmodels recorded them: raw, then one column a method.
        let reference: JSON = try Fixture.oracle("statsmodels/multipletests_r.json")
        let columns: [(Adjustment, Int)] = [
            (.bonferroni, 1), (.holm, 2), (.hochberg, 3), (.sidak, 4), (.holmSidak, 5), (.benjaminiHochberg, 6), (.benjaminiYekutieli, 7),
        ]
        for name in ["res0_large", "res_multtest1", "res_multtest2", "res_multtest3"] {
            let rows = reference[name].array.map(\.doubles)
            let raw = rows.map { $0[0] }
            for (adjustment, column) in columns {
                for (value, row) in zip(try adjustment.adjust(raw), rows) {
                    #expect(close(value, row[column], 1e-10), "\(name) \(adjustment)")
                }
            }
        }
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.outOfRange(argument: "significance", value: 0, expected: "a number between 0 and 1")) {
            try Adjustment.holm.rejections([0.1], significance: 0)
        }
        #expect(throws: StatisticsError.notANumber(argument: "pValues", index: 0)) { try Adjustment.holm.intervalLevels([.nan]) }
    }
}

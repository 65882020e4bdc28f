import Comparison
import Tables
import Testing

@Suite struct SamplesTests {
    private let text = """
        user,group,spent,visits,before,country
        u1,A,10,2,5,SE
        u2,B,20,3,,SE
        u3,A,30,4,6,FI
        u1,A,5,1,5,SE
        u4,B,abc,1,7,FI
        u5,,7,1,8,FI
        u6,B,9,2,9,
        """

    private func samples(_ rows: String? = nil, _ change: (inout Selection) -> Void = { _ in }) throws -> Samples {
        var selection = Selection(value: "spent", group: "group")
        change(&selection)
        return try Samples(selection, from: Table(Array((rows ?? text).utf8)))
    }

    @Test func `Rows without a value, a group or a covariate are left out and counted`() throws {
        let plain = try samples()
        #expect(plain.groups.map(\.values) == [[10, 30, 5], [20, 9]])
        #expect(plain.source.used == 5)
        #expect(plain.source.missing.map { "\($0.column) \($0.count)" } == ["group 1"])
        #expect(plain.source.strays.map { "\($0.column) \($0.count)" } == ["spent 1"])
        #expect(plain.source.strays.first?.first == ["line 6: 'abc'"])
        let more = try samples {
            $0.others = ["visits", "before"]
            $0.part = "country"
        }
        #expect(more.groups.map(\.values) == [[10, 30, 5]])
        #expect(more.groups[0].others == [[2, 4, 1], [5, 6, 5]])
        #expect(more.groups[0].parts.map { more.groups[0].partNames[$0] } == ["SE", "FI", "SE"])
        #expect(more.source.missing.map { "\($0.column) \($0.count)" } == ["before 1", "group 1", "country 1"])
    }

    @Test func `The control comes first, and one that is not there is a mistake`() throws {
        #expect(try samples { $0.control = "B" }.groups.map(\.name) == ["B", "A"])
        let error = #expect(throws: SampleProblem.self) { try samples { $0.control = "C" } }
        #expect(error?.description == "there is no group 'C'; there are A, B")
    }

    @Test func `A unit with several rows is refused, or its rows are made one`() throws {
        let error = #expect(throws: UnitError.self) { try samples { $0.unit = UnitRule(column: "user") } }
        #expect(error?.description.hasPrefix("1 of 4 units of 'user' have more than one row (such as 'u1' in lines 2 and 5)") == true)
        for (aggregate, value) in [(UnitRule.Aggregate.sum, 15.0), (.mean, 7.5), (.max, 10), (.min, 5)] {
            let summed = try samples {
                $0.unit = UnitRule(column: "user", aggregate: aggregate)
                $0.others = ["visits"]
            }
            #expect(summed.groups[0].values == [value, 30])
            #expect(summed.groups[0].others[0].last == 4)
            #expect(summed.source.units?.count == 4)
            #expect(summed.source.used == 5)
        }
    }

    @Test func `Sums of one unit's rows that differ by rounding only are one value`() throws {
        let rows = "user,group,spent\nu1,A,0.1\nu1,A,0.2\nu1,A,0.3\nu2,A,0.6\nu3,B,0.3\nu3,B,0.2\nu3,B,0.1\nu4,B,0.1\nu4,B,0.2\nu4,B,-0.3\n"
        let summed = try samples(rows) { $0.unit = UnitRule(column: "user", aggregate: .sum) }
        #expect(summed.groups.map(\.values) == [[0.6, 0.6], [0.6, 0]])
    }

    @Test func `A unit in two groups is refused, or left out`() throws {
        let rows = "user,group,spent\nu1,A,1\nu2,B,2\nu1,B,3\nu3,A,4\n"
        let error = #expect(throws: UnitError.self) { try samples(rows) { $0.unit = UnitRule(column: "user", aggregate: .sum) } }
        #expect(
            error?.description
                == "1 of 3 units of 'user' are in more than one group (such as 'u1' in A, line 2, and in B, line 4); "
                + "--crossed leave-out leaves them out")
        let left = try samples(rows) { $0.unit = UnitRule(column: "user", leavesOutCrossed: true) }
        #expect(left.groups.map(\.values) == [[4], [2]])
        #expect(left.source.units?.crossed == 1)
    }

    @Test func `Far values are pulled in to a quantile of all`() throws {
        let rows = "spent,group\n" + (1...100).map { "\($0),\($0 % 2 == 0 ? "A" : "B")\n" }.joined()
        let limited = try samples(rows) { $0.limits = (0.05, 0.95) }
        let values = limited.groups.flatMap(\.values)
        #expect(values.min() == 5.95)
        #expect(values.max() == 95.05)
        #expect(limited.source.limits?.low == 5.95)
        #expect(limited.source.lines.contains("  winsorised: 5 values above 95.05 count as that"))
    }

    @Test func `A refusal tells what was left out, as that may be why`() throws {
        let open = try samples("group,spent\nA,\"1\nA,2\nB,3\nB,4\nB,5\n")
        let refusal = open.source.explaining(SampleProblem.tooFew("A", count: 1, needed: 2))
        #expect("\(refusal)".hasPrefix("A has 1 value, at least 2 are needed; left out of "))
        #expect("\(refusal)".hasSuffix(": 1 bad row (line 2: a quote that is never closed)"))
        let gaps = try samples().source.explaining(SampleProblem.tooFew("A", count: 1, needed: 2))
        #expect("\(gaps)".hasSuffix(": 1 row without 'group', 1 value of 'spent' that is no number (line 6: 'abc')"))
        // Where nothing was left out there is nothing to be told.
        let whole = try samples("group,spent\nA,1\nB,2\n").source.explaining(SampleProblem.tooFew("A", count: 1, needed: 2))
        #expect(whole as? SampleProblem == .tooFew("A", count: 1, needed: 2))
        let refused = #expect(throws: (any Error).self) {
            try ComparisonReport(
                Selection(value: "spent", group: "group"), of: Table(Array("group,spent\nA,\"1\nA,2\nB,3\nB,4\nB,5\n".utf8)),
                question: TestQuestion())
        }
        #expect(refused.map { "\($0)" }?.contains("a quote that is never closed") == true)
    }
}

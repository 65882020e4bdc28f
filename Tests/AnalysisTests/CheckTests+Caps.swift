import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// What a cap comes to, what it cuts, and where it leaves nothing to be told apart.
extension CheckTests {
    // Four of a thousand units have bought: 10, 21, 32 and 43.
    private static let thousand: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(1000) AS r(i)"
    private static let four: SQL = "SELECT i AS id, i * 1.0 AS money FROM (VALUES (10), (21), (32), (43)) AS v(i)"

    @Test(arguments: ["money", "CR"])
    func `a cap that would make all units alike is said, and its metric not judged`(_ decision: String) async throws {
        let yaml = plan.replacing("of: money}", with: "of: money, cap: 99 %}") + "guardrails: {money: {margin: 1}}\n"
        let report = try await analyse(
            yaml + "decision: {ship on: \(decision)}", on: warehouse(CheckTests.thousand, CheckTests.four), prefersTables: true)
        let check = try report.check("cap")
        #expect(check.status == .warning)
        #expect(
            check.text == "99 % of the units have no more than 0 of money, so with cap: 99 % all would count the same in money, "
                + "and it is not judged; 4 of 1,000 units (0.4 %) have more: write a greater share, such as cap: 99.9 %, or a number")
        let metric = try report.metric("money")
        #expect(metric.comparisons.isEmpty && metric.problems == [check.text] && metric.notes.isEmpty)
        #expect(report.guardrails.map(\.outcome) == [.open] && report.guardrails.map(\.problem) == [check.text])
        #expect(try report.metric("CR").comparisons.count == 1)
        // More units may bring enough of it.
        #expect(report.verdict.decision == .keepRunning)
        #expect(report.verdict.text.contains(check.text) == (decision == "money"), "\(report.verdict.text)")
    }

    // 1 to 100 of one variant each, and ten units of both that have much more.
    @Test func `units that count in no variant do not raise a cap`() async throws {
        let seen: SQL = """
            SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(1, 111) AS r(i)
            UNION ALL SELECT i, CASE WHEN i % 2 = 0 THEN 'b' ELSE 'a' END FROM range(101, 111) AS r(i)
            """
        let paid: SQL = "SELECT i AS id, CASE WHEN i > 100 THEN 1e6 ELSE i END AS money FROM range(1, 111) AS v(i)"
        let report = try await analyse(
            plan.replacing("of: money}", with: "of: money, cap: 95 %}"), on: warehouse(seen, paid), prefersTables: true)
        #expect(try report.metric("money").notes.last == "cap: 95 % comes to 95.05; 5 of 100 units (5 %) have more, and count as that")
    }

    // 990 of the thousand have nothing: the quantile is a hundredth of the way to the least that anybody has.
    @Test func `that a cap leaves nothing but whether units have any is told`() async throws {
        let ten: SQL = "SELECT i AS id, i * 1.0 AS money FROM range(10, 120, 11) AS v(i)"
        let few = try await analyse(
            plan.replacing("of: money}", with: "of: money, cap: 99 %}"), on: warehouse(CheckTests.thousand, ten), prefersTables: true)
        #expect(
            try few.metric("money").notes.last == "cap: 99 % comes to 0.1; 10 of 1,000 units (1 %) have more, and count as that: "
                + "these are all that have more than 0, so how much they have does not count")
        let more = try await analyse(
            plan.replacing("of: money}", with: "of: money, cap: 99.2 %}"), on: warehouse(CheckTests.thousand, ten), prefersTables: true)
        #expect(try more.metric("money").notes.last?.hasSuffix("count as that") == true)
    }

    @Test func `a greater share, as the check advises, caps those who have something, and what it cuts is told`() async throws {
        let yaml = plan.replacing("of: money}", with: "of: money, cap: 99.9 %}")
        let report = try await analyse(yaml, on: warehouse(CheckTests.thousand, CheckTests.four), prefersTables: true)
        #expect(!report.checks.contains { $0.name == "cap" })
        // 0.999 · 999 = 998.001: a thousandth of the way from 32 to 43.
        let metric = try report.metric("money")
        #expect(try close(metric.group("b").sum, 21 + 32.011) && close(metric.group("a").sum, 42))
        #expect(metric.notes.last == "cap: 99.9 % comes to 32.011; 1 of 1,000 units (0.1 %) has more, and counts as that")
    }

    @Test func `a cap in money that is not above the least value is said as well, and none where nobody has anything`() async throws {
        let each: SQL = "SELECT i AS id, 5.0 + i % 3 AS money FROM range(1000) AS r(i)"
        for (cap, says) in [
            (
                "5",
                "no unit has less than 5 of money, so with cap: 5 all would count the same in money, and it is not judged; 666 of 1,000 units"
            ),
            ("2.5", "no unit has less than 2.5 of money, so with cap: 2.5 all would count the same"), ("5.5", nil),
        ] {
            let yaml = plan.replacing("of: money}", with: "of: money, cap: \(cap)}")
            let report = try await analyse(yaml, on: warehouse(CheckTests.thousand, each), prefersTables: true)
            let found = report.checks.first { $0.name == "cap" }
            #expect(found.map { $0.text.hasPrefix(says ?? "") } == says.map { _ in true }, "\(found?.text ?? "no check")")
            #expect(found.map { $0.text.hasSuffix("have more: write a greater number, or a share, such as cap: 99 %") } ?? true)
            #expect(try report.metric("money").comparisons.isEmpty == (says != nil))
        }
        let nothing = try await analyse(
            plan.replacing("of: money}", with: "of: money, cap: 99 %}"), on: warehouse(CheckTests.thousand), prefersTables: true)
        #expect(!nothing.checks.contains { $0.name == "cap" })
    }

    @Test func `a single unit that has something can be capped by a number only`() async throws {
        let yaml = plan.replacing("of: money}", with: "of: money, cap: 90 %}")
        let one: SQL = "SELECT 10 AS id, 7.0 AS money"
        let report = try await analyse(yaml, on: warehouse(CheckTests.thousand, one), prefersTables: true)
        #expect(try report.check("cap").text.hasSuffix("; 1 of 1,000 units (0.1 %) has more: write a number"))
    }

    @Test func `a cap is a quantile of the metric's own units, and the same among all`() async throws {
        let yaml =
            plan.replacing("of: money}", with: "of: money, among: buyers, cap: 50 %}") + "populations: {buyers: {of: buys, at least: 1}}"
        let report = try await analyse(yaml, on: warehouse(CheckTests.thousand, CheckTests.four), prefersTables: true)
        let metric = try report.metric("money")
        #expect(metric.notes.last == "cap: 50 % comes to 26.5; 2 of 4 units (50 %) have more, and count as that")
        #expect(try close(metric.group("b").sum, 21 + 26.5))
        #expect(metric.alternatives.map(\.policy) == ["among all units"])
        #expect(metric.alternatives.first?.groups.map(\.sum) == metric.groups.map(\.sum))
    }
}

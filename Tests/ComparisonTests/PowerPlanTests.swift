import Comparison
import Statistics
import Testing
import Text

@Suite struct PowerPlanTests {
    private func plan(_ unknown: PowerPlan.Unknown, _ weights: [Double], looks: LookPlan? = nil) throws -> PowerReport {
        var plan = PowerPlan(
            subject: "means", unknown: unknown, weights: weights, comparisons: "all-pairs", traffic: try Traffic(perDay: 100),
            assumptions: [])
        plan.looks = looks
        return try plan.answer(MeansPower(standardDeviation: 40))
    }

    @Test func `Unequal arms get sizes in their ratio`() throws {
        let report = try plan(.size(lift: 2, power: 0.8), [9, 1])
        let size = try MeansPower(standardDeviation: 40, ratio: 1.0 / 9).size(effect: 2, power: 0.8)
        #expect(abs(report.each.sizes[0] - size) < 1e-9 * size)
        #expect(abs(report.each.sizes[1] * 9 - report.each.sizes[0]) < 1e-9 * size)
        #expect(abs((report.each.days ?? 0) - size * 10 / 9 / 100) < 1e-9 * size)
        #expect(report.conclusion.hasPrefix("The arms need "))
        #expect(report.together == nil)
    }

    @Test func `Looking costs the inflation of the design, and power comes back`() throws {
        let looks = LookPlan(count: 4, spending: .pocock)
        let design = try GroupSequentialDesign(looks: 4, spending: .pocock)
        let (plain, looking) = (try plan(.size(lift: 2, power: 0.8), [1, 1]), try plan(.size(lift: 2, power: 0.8), [1, 1], looks: looks))
        let inflation = try design.inflation(power: 0.8)
        #expect(inflation > 1.05)
        #expect(abs(looking.each.sizePerArm / plain.each.sizePerArm / inflation - 1) < 1e-9)
        let back = try plan(.power(lift: 2, size: looking.each.sizePerArm), [1, 1], looks: looks)
        #expect(abs(back.each.power - 0.8) < 1e-6)
        let lift = try plan(.lift(size: looking.each.sizePerArm, power: 0.8), [1, 1], looks: looks)
        #expect(abs(lift.each.lift - 2) < 1e-9)
        #expect(looking.text.contains("stop where |z| reaches"))
    }

    @Test func `Bounds are the library's`() throws {
        let design = try GroupSequentialDesign(looks: 5)
        let report = try LooksReport(design, power: 0.9)
        for look in design.looks { #expect(report.json.description.contains("\"bound\":\(look.bound)")) }
        #expect(report.conclusion.contains("more units than a test that looks once"))
    }
}

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
        // Whole units, and whole days until the last of them has come.
        let units = size.rounded(.up) + (size / 9).rounded(.up)
        #expect(report.each.wholeTotal == Int(units) && report.each.days == (units / 100).rounded(.up))
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

    // R: power.t.test(delta = 1, sd = 1.68, power = 0.8) gives n = 45.29; 45.3 and 45.3 are not told as 46 and 46 in 91 days.
    @Test func `Days are those of the whole units that are told`() throws {
        func answer(perDay: Double, _ weights: [Double] = [1, 1], sd: Double = 1.68) throws -> PowerReport {
            try PowerPlan(
                subject: "means", unknown: .size(lift: 1, power: 0.8), weights: weights, comparisons: "all-pairs",
                traffic: Traffic(perDay: perDay), assumptions: []
            ).answer(WelchPower(MeansPower(standardDeviation: sd)))
        }
        let report = try answer(perDay: 1)
        #expect(report.each.unitsPerArm == 46 && report.each.wholeTotal == 92 && report.each.days == 92)
        #expect(report.conclusion == "Each arm needs 46 units, both arms 92, 92 days at this traffic.")
        #expect(report.text.contains(#/90\.6 +92\n/#), "\(report.text)")
        #expect(report.json.description.contains("\"days\":92.0,"))
        #expect(try answer(perDay: 91.9).each.days == 2 && answer(perDay: 92).each.days == 1)
        // Of several comparisons, those of all together as well.
        let three = try answer(perDay: 1, [1, 1, 1])
        #expect(three.together?.days == three.together.map { Double($0.wholeTotal) })
        // A month's traffic in days is no round number, and 92 units at 92 a month are 30 days all the same.
        let month = try PowerPlan(
            subject: "means", unknown: .lift(size: 46, power: 0.8), weights: [1, 1], comparisons: "all-pairs",
            traffic: Traffic(perMonth: 92),
            assumptions: []
        ).answer(WelchPower(MeansPower(standardDeviation: 1)))
        #expect(month.each.days == 30)
    }

    // R: power.t.test(delta = 2, sd = 1, power = 0.8) gives n = 5.09; of five deviations it takes 2.12.
    @Test(arguments: [(2.0, 6), (5, 3), (50, 2)]) func `Few units an arm are planned by the t test`(_ lift: Double, _ units: Int) throws {
        let report = try PowerPlan(
            subject: "means", unknown: .size(lift: lift, power: 0.8), weights: [1, 1], comparisons: "all-pairs", traffic: nil,
            assumptions: []
        ).answer(WelchPower(MeansPower(standardDeviation: 1)))
        #expect(report.each.unitsPerArm == units)
        #expect(report.conclusion == "Each arm needs \(units) units, both arms \(2 * units).")
    }

    // In the plan of few units, too, what looking costs is a factor, and there and back is the same.
    @Test func `Looks at few units go on from those of one look`() throws {
        func answer(_ unknown: PowerPlan.Unknown, looks: Bool) throws -> PowerReport.Answer {
            var plan = PowerPlan(
                subject: "means", unknown: unknown, weights: [2, 1], comparisons: "all-pairs", traffic: nil, assumptions: [])
            if looks { plan.looks = LookPlan(count: 4, spending: .pocock) }
            return try plan.answer(WelchPower(MeansPower(standardDeviation: 1))).each
        }
        let (once, looked) = (try answer(.size(lift: 2, power: 0.8), looks: false), try answer(.size(lift: 2, power: 0.8), looks: true))
        let inflation = try GroupSequentialDesign(looks: 4, spending: .pocock).inflation(power: 0.8)
        #expect(abs(looked.sizePerArm / once.sizePerArm / inflation - 1) < 1e-9)
        #expect(abs(try answer(.lift(size: looked.sizePerArm, power: 0.8), looks: true).lift - 2) < 1e-9)
        #expect(abs(try answer(.power(lift: 2, size: looked.sizePerArm), looks: true).power - 0.8) < 1e-8)
    }

    @Test func `Bounds are the library's`() throws {
        let design = try GroupSequentialDesign(looks: 5)
        let report = try LooksReport(design, power: 0.9)
        for look in design.looks { #expect(report.json.description.contains("\"bound\":\(look.bound)")) }
        #expect(report.conclusion.contains("more units than a test that looks once"))
    }
}

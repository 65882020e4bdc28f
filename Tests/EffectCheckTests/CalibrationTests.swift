import EffectCheck
import Testing

// Groups whose customers are unlike the rest, in shops whose forecast is bound to be wrong for some.
@Suite struct CalibrationTests {
    // xorshift64*, so that the shop is always the same.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    // A shop without any effect in which whole weeks pass without a purchase, and one that had a holiday for some people in the pilot.
    private static func shop(users: Int, _ dice: inout Dice) -> (users: String, sales: String, spent: [Double], isElder: [Bool]) {
        var (people, sales) = ("user_id,gender,age\n", "user_id,day,sales\n")
        var (spent, elder) = ([Double](), [Bool]())
        for user in 0..<users {
            let (gender, age) = (Int.random(in: 0...1, using: &dice), Int.random(in: 18...80, using: &dice))
            people += "\(user),\(gender),\(age)\n"
            elder.append(gender == 1 && age >= 50)
            let appetite = Double.random(in: 0...1, using: &dice)
            let chance = appetite * appetite * appetite
            let size = Double.random(in: 5...60, using: &dice)
            var before = 0.0
            for week in 0..<8 where Double.random(in: 0...1, using: &dice) < chance {
                for _ in 0..<Int.random(in: 1...8, using: &dice) {
                    let holiday = week == 7 && elder[user] ? 1.3 : 1
                    let sum = (size * Double.random(in: 0.1...3, using: &dice) * holiday * 100).rounded() / 100
                    sales += "\(user),\(week * 7 + Int.random(in: 0...6, using: &dice)),\(sum)\n"
                    if week < 7 { before += sum }
                }
            }
            spent.append(before)
        }
        return (people, sales, spent, elder)
    }

    @Test(arguments: ["spenders", "elders"])
    func `a group chosen by what it spent before, or by who it is, has no effect for that`(_ chosen: String) throws {
        var dice = Dice(state: 7)
        let shop = Self.shop(users: 20_000, &dice)
        let files = try TemporaryFiles()
        let checker = try EffectChecker(
            ShopReader(users: files.file("u.csv", shop.users), sales: files.file("s.csv", shop.sales)), rule: .significance(alpha: 0.05))
        // One in five is of the sort that B is drawn from; A is drawn from everybody.
        let line = shop.spent.sorted()[16_000]
        let sort = (0..<20_000).filter { chosen == "spenders" ? shop.spent[$0] > line : shop.isElder[$0] }
        var tests: [EffectTest] = []
        for _ in 0..<150 {
            let b = Array(sort.shuffled(using: &dice).prefix(150))
            let a = (0..<20_000).shuffled(using: &dice).filter { !b.contains($0) }.prefix(400)
            tests.append(EffectTest(a1: Array(a.prefix(200)), a2: Array(a.suffix(200)), b: b))
        }
        let findings = try checker.check(all: tests).map { try $0.get() }
        // 150 tests at 0.05: more than 18 have a probability below 0.0005 if the level is kept.
        #expect(findings.count { $0.hasEffect } <= 18, "\(findings.count { $0.hasEffect }) of 150")
        #expect(findings.count { $0.posterior.positive > 0.5 } <= 8, "\(findings.count { $0.posterior.positive > 0.5 }) of 150")
        #expect(findings.count { $0.naivePValue < 0.05 } > 18, "by their sums they do differ")
    }
}

import EffectCheck
import Testing
import Text

@Suite struct EffectCheckerTests {
    @Test(arguments: SimulationPlan.Shape.allCases)
    func `effects are found far more often than by a t-test, and rarely where there are none`(_ shape: SimulationPlan.Shape) throws {
        let lifts: [SimulationPlan.Shape: Double] = [.regular: 0.09, .bursty: 0.3, .plain: 0.18]
        let shop = try InventedShop(InventedShop.plan { ($0.shape, $0.lift, $0.seed) = (shape, lifts[shape], 11) })
        var (ours, naive) = (TestScore(), TestScore())
        for (line, finding) in zip(shop.tests.lines, shop.checker.check(all: shop.tests.lines.map(\.test))) {
            let finding = try finding.get()
            let label = try #require(line.label)
            ours.add(label: label, hasEffect: finding.hasEffect)
            naive.add(label: label, hasEffect: finding.naivePValue < 0.05)
        }
        #expect(ours.count == 100)
        #expect(ours.score >= 7, "\(ours.text); t-test: \(naive.text)")
        #expect(ours.score > naive.score + 2, "\(ours.text); t-test: \(naive.text)")
    }

    @Test(arguments: SimulationPlan.Shape.allCases)
    func `without any effect the significance rule keeps its level, and the other nearly never alarms`(
        _ shape: SimulationPlan.Shape
    ) throws {
        let plan = InventedShop.plan { ($0.shape, $0.hasEffects, $0.tests, $0.groupSize) = (shape, false, 300, 40...80) }
        let findings = try InventedShop(plan, rule: .significance(alpha: 0.05)).answers()
        // 300 tests at 0.05: more than 29 have a probability below 0.0003 if the level is kept.
        #expect(findings.count { $0.hasEffect } <= 29, "\(findings.count { $0.hasEffect })")
        let likelier = findings.count { $0.posterior.positive > 0.5 }
        #expect(likelier <= 15, "\(likelier)")
    }

    @Test func `answers do not depend on the order of tests or ids`() throws {
        let shop = try InventedShop(InventedShop.plan { $0.seed = 5 })
        let tests = shop.tests.lines.map(\.test)
        let first = try shop.checker.check(all: tests).map { try $0.get() }
        let turned = tests.reversed().map { EffectTest(a1: $0.a1.reversed(), a2: $0.a2.reversed(), b: $0.b.reversed()) }
        let again = try shop.checker.check(all: turned + turned).map { try $0.get() }
        #expect(again.count == 200)
        for (one, other) in zip(first, again.prefix(100).reversed()) {
            #expect(one.hasEffect == other.hasEffect)
            #expect(abs(one.posterior.positive - other.posterior.positive) < 1e-4)
            #expect(one.belief.tests == 100 && other.belief.tests == 100)
        }
    }

    @Test func `odd ids are counted, and count once`() throws {
        let shop = try InventedShop(InventedShop.plan())
        let test = try #require(shop.tests.lines.first).test
        let clean = try shop.checker.check(test)
        #expect(clean.oddities.unknown == 0 && clean.oddities.repeated == 0 && clean.oddities.inBothA == 0)
        let odd = EffectTest(a1: test.a1 + [test.a1[0], -7], a2: test.a2 + [test.a1[1]], b: test.b + [5, 5, test.b[2], 6])
        let finding = try shop.checker.check(odd)
        #expect(finding.oddities.unknown == 3 && finding.oddities.repeated == 3 && finding.oddities.inBothA == 1)
        #expect(finding.groups[0].customers == test.a1.count + 1)
        #expect(finding.groups[1].customers == test.a2.count)
        #expect(finding.groups[2].customers == test.b.count + 2)
    }

    @Test func `a customer in both A and B makes the test unanswerable, known or not`() throws {
        let shop = try InventedShop(InventedShop.plan())
        var test = try #require(shop.tests.lines.first).test
        test.a2.append(test.b[3])
        #expect(throws: EffectTestError.overlap(count: 1, example: test.b[3])) { try shop.checker.check(test) }
        #expect(throws: EffectTestError.overlap(count: 1, example: 3)) { try shop.checker.check(EffectTest(a1: [3], a2: [4], b: [3])) }
        #expect(throws: EffectTestError.emptyGroup("group_b")) { try shop.checker.check(EffectTest(a1: [3], a2: [4], b: [])) }
        // Nothing is left marked by a test that failed.
        test.a2.removeLast()
        #expect(try shop.checker.check(test).oddities == shop.checker.check(test).oddities)
        #expect(try shop.checker.check(test).oddities.repeated == 0)
    }

    @Test func `groups of one customer, or of strangers alone, have an answer`() throws {
        let shop = try InventedShop(InventedShop.plan())
        let test = try #require(shop.tests.lines.first).test
        let tiny = try shop.checker.check(EffectTest(a1: [test.a1[0]], a2: [test.a2[0]], b: [test.b[0]]))
        let strangers = try shop.checker.check(EffectTest(a1: [1], a2: [2], b: [3]))
        for finding in [tiny, strangers] {
            #expect(!finding.hasEffect)
            #expect(finding.posterior.positive.isFinite && finding.adjusted.low.isFinite && finding.adjusted.high.isFinite)
        }
    }

    @Test func `a single customer tells nothing of how customers vary, and alone shows no effect`() throws {
        for rule in [DecisionRule.likelier, .significance(alpha: 0.05)] {
            let shop = try InventedShop(InventedShop.plan(), rule: rule)
            let test = try #require(shop.tests.lines.first).test
            // Whatever they did in the week of the pilot, some of it far from what was expected.
            for customer in test.b {
                let one = try shop.checker.check(EffectTest(a1: test.a1, a2: test.a2, b: [customer]))
                #expect(!one.hasEffect && one.posterior.positive == 0 && one.reason.contains("a single customer"))
                #expect(!one.naive.hasEnds && one.naivePValue == 1)
                #expect(one.betweenA.hasEnds && one.adjusted.hasEnds)
            }
            // Two groups of one are two customers, whose sums differ.
            let few = try shop.checker.check(EffectTest(a1: [test.a1[0]], a2: [test.a2[0]], b: test.b))
            #expect(few.naive.hasEnds && few.naive.high - few.naive.low > 0 && few.imbalance != nil)
        }
    }

    @Test func `sums that are all the same tell of no chance, and a group that is within another is not held against it`() throws {
        let shop = try InventedShop(InventedShop.plan())
        let test = try #require(shop.tests.lines.first).test
        let strangers = try shop.checker.check(EffectTest(a1: [1, 2], a2: [3, 4], b: [5, 6]))
        #expect(!strangers.naive.hasEnds && strangers.naivePValue == 1 && strangers.imbalance == nil && strangers.adjustedLift == nil)
        #expect(strangers.json.description.contains("\"imbalance\":null"))
        let same = try shop.checker.check(EffectTest(a1: test.a1, a2: test.a1, b: test.b))
        #expect(!same.betweenA.hasEnds && same.betweenAPValue == 1 && same.groups[1].customers == 0)
        #expect(same.adjusted.hasEnds && same.naive.hasEnds)
    }

    @Test func `one enormous sum decides nothing`() throws {
        let files = try TemporaryFiles()
        let texts = try InventedShop.texts(InventedShop.plan { $0.hasEffects = false })
        let test = try TestFile(path: try files.file("tests.jsonl", texts.tests)).lines[2].test
        let users = try files.file("users.csv", texts.users)
        let plain = try EffectChecker(ShopReader(users: users, sales: try files.file("a.csv", texts.sales)))
        let enormous = try files.file("b.csv", texts.sales + "\(test.b[0]),51,50000000\n")
        let rich = try EffectChecker(ShopReader(users: users, sales: enormous))
        let (before, after) = (try plain.check(test), try rich.check(test))
        #expect(after.naive.value > 100_000)
        #expect(after.groups[2].cut >= 1)
        #expect(!before.hasEffect && !after.hasEffect)
        #expect(abs(after.adjusted.value - before.adjusted.value) < 0.05 * before.groups[2].pilot)
    }

    @Test func `a group of other people is compared with what people like them were expected to spend`() throws {
        let files = try TemporaryFiles()
        let texts = try InventedShop.texts(InventedShop.plan { ($0.hasEffects, $0.seed) = (false, 3) })
        let checker = try EffectChecker(
            ShopReader(users: try files.file("u.csv", texts.users), sales: try files.file("s.csv", texts.sales)))
        // Those of gender 1 pay more for each purchase: group B has nobody else, the groups A have none of them.
        let people = texts.users.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        let ones = people.filter { $0[1] == "1" }.compactMap { Int($0[0]) }
        let others = people.filter { $0[1] == "0" }.compactMap { Int($0[0]) }
        let finding = try checker.check(EffectTest(a1: Array(others[..<3000]), a2: Array(others[3000..<6000]), b: Array(ones[..<6000])))
        #expect(finding.naivePValue < 0.05)
        #expect(!finding.hasEffect, "\(finding.reason)")
        #expect(abs(finding.adjusted.value) < abs(finding.naive.value) / 2)
        #expect(finding.groups[2].shareOfGenderOne == 1 && finding.groups[0].shareOfGenderOne == 0)
    }

    @Test func `what is remembered of tests is bounded, and asking again teaches nothing`() throws {
        let shop = try InventedShop(InventedShop.plan())
        let test = try #require(shop.tests.lines.first).test
        let ids = test.a1 + test.a2 + test.b
        let many = (0..<(TestLedger.capacity + 200)).map { number in
            EffectTest(a1: [ids[number % 40], 10 + number], a2: [ids[40 + number % 30]], b: [ids[80 + number % 50]])
        }
        _ = shop.checker.check(all: many)
        #expect(shop.checker.currentBelief.tests == TestLedger.capacity)
        let other = try InventedShop(InventedShop.plan())
        _ = other.checker.check(all: Array(repeating: test, count: 50))
        #expect(other.checker.currentBelief.tests == 1)
    }
}

extension InventedShop {
    func answers() throws -> [EffectFinding] { try checker.check(all: tests.lines.map(\.test)).map { try $0.get() } }
}

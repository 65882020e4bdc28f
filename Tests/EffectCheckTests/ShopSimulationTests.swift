import EffectCheck
import Testing

@Suite struct ShopSimulationTests {
    @Test func `the same seed makes the same shop, another seed another`() throws {
        let plan = InventedShop.plan { $0.users = 3000 }
        let (one, two) = (try InventedShop.texts(plan), try InventedShop.texts(plan))
        #expect(one == two)
        let other = try InventedShop.texts(InventedShop.plan { ($0.users, $0.seed) = (3000, 2) })
        #expect(one.sales != other.sales && one.users != other.users)
    }

    @Test func `half of the tests have a positive effect, and their groups share nobody`() throws {
        let files = try TemporaryFiles()
        let texts = try InventedShop.texts(InventedShop.plan { $0.users = 5000 })
        let tests = try TestFile(path: try files.file("t.jsonl", texts.tests))
        #expect(tests.lines.count { $0.label == 1 } == 50)
        var treated: Set<Int> = []
        for line in tests.lines {
            let (a, b) = (Set(line.test.a1).union(line.test.a2), Set(line.test.b))
            #expect(a.count == line.test.a1.count + line.test.a2.count)
            #expect(a.isDisjoint(with: b) && treated.isDisjoint(with: b))
            treated.formUnion(b)
        }
    }

    @Test func `the pilot's week is more like the one two weeks before than like the last`() throws {
        let files = try TemporaryFiles()
        let texts = try InventedShop.texts(InventedShop.plan { ($0.users, $0.hasEffects) = (8000, false) })
        let shop = try ShopReader(users: try files.file("u.csv", texts.users), sales: try files.file("s.csv", texts.sales)).read()
        let correlations = [5, 6].map { correlation(shop.customers, $0, 7) }
        #expect(correlations[0] > 0.8 && correlations[0] < 0.95)
        #expect(correlations[1] > 0.5 && correlations[1] < 0.8)
        let rows = Double(shop.salesRows) / 8000
        #expect(rows > 33 && rows < 47)
    }

    private func correlation(_ customers: Customers, _ one: Int, _ other: Int) -> Double {
        let count = Double(customers.count)
        let pairs = (0..<customers.count).map { (customers.spent($0, one), customers.spent($0, other)) }
        let (x, y) = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
        let products = pairs.reduce((0.0, 0.0, 0.0)) { sum, pair in
            let (dx, dy) = (pair.0 - x, pair.1 - y)
            return (sum.0 + dx * dy, sum.1 + dx * dx, sum.2 + dy * dy)
        }
        return products.0 / (products.1 * products.2).squareRoot()
    }
}

import EffectCheck
import Testing

@Suite struct ShopReaderTests {
    private let files: TemporaryFiles

    init() throws { files = try TemporaryFiles() }

    private func users(_ count: Int = 60) -> String {
        "user_id,gender,age\n" + (0..<count).map { "\(1000 + 7 * $0),\($0 % 2),\(20 + $0 % 30)\n" }.joined()
    }

    private func read(_ users: String, _ sales: String, _ format: ShopFormat = ShopFormat()) throws -> ShopReader.Result {
        try ShopReader(users: try files.file("users.csv", users), sales: try files.file("sales.csv", sales), format: format).read()
    }

    @Test func `sums and purchases are those of each customer's weeks, the pilot's days inclusive`() throws {
        let sales = "user_id,day,sales\n1000,0,5\n1000,6,7\n1000,7,11\n1007,48,100\n1007,49,200\n1007,55,300\n1000,55,1\n"
        let shop = try read(users(), sales)
        let (first, second) = (shop.customers.index.place(of: 1000), shop.customers.index.place(of: 1007))
        #expect(shop.customers.windows == 8)
        #expect(shop.customers.spent(first, 0) == 12 && shop.customers.purchases(first, 0) == 2)
        #expect(shop.customers.spent(first, 1) == 11)
        #expect(shop.customers.spent(second, 6) == 100)
        #expect(shop.customers.spent(second, 7) == 500 && shop.customers.purchases(second, 7) == 2)
        #expect(shop.customers.spent(first, 7) == 1)
        #expect(shop.salesRows == 7 && shop.badSales.count == 0 && shop.badUsers.count == 0)
    }

    @Test func `columns may stand in any order beside others, quoted, with decimals and carriage returns`() throws {
        let sales = "\"sales\";note;day;user_id\r\n\"12.34\";a b;3;1000\r\n0.5;;3; 1000 \r\n7;\"x\";4;1007"
        let shop = try read(users(), sales)
        #expect(abs(shop.customers.spent(shop.customers.index.place(of: 1000), 0) - 12.84) < 1e-9)
        #expect(shop.customers.spent(shop.customers.index.place(of: 1007), 0) == 7)
        #expect(shop.salesRows == 3)
    }

    @Test func `rows out of range are counted and shown with their lines`() throws {
        let good = String(repeating: "1000,5,1\n", count: 3)
        let sales = "user_id,day,sales\n" + good + "1000,56,1\n" + good + "999,1,1\n1000,1,-5\n"
        let shop = try read(users(), sales)
        #expect(shop.badSales.outOfRange == 2 && shop.badSales.unknownUsers == 1 && shop.badSales.malformed == 0)
        #expect(Set(shop.badSales.examples.map(\.line)) == [5, 9, 10])
        #expect(shop.badSales.examples.contains { $0.reason.contains("day 56") && $0.line == 5 })
        #expect(shop.customers.spent(shop.customers.index.place(of: 1000), 0) == 6)
        #expect(shop.badSales.text(path: "s.csv")?.hasPrefix("s.csv: 3 rows were not used") == true)
    }

    @Test func `a few rows that cannot be read are counted, many refuse the file with the first one's line`() throws {
        let good = String(repeating: "1000,5,1\n", count: 2000)
        let shop = try read(users(), "user_id,day,sales\n" + good + "1000,five,1\n" + good)
        #expect(shop.badSales.malformed == 1 && shop.badSales.examples.first?.line == 2002)
        let error = #expect(throws: ShopDataError.self) { try read(users(), "user_id,day,sales\n1000,5,1\n1000;5\n1000,x,2\n") }
        guard case .malformed(let path, let line, _, let count) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("sales.csv") && line == 3 && count == 2)
    }

    @Test func `files that cannot be used say why`() throws {
        let sales = try files.file("sales.csv", "user_id,day,sales\n1000,1,1\n")
        #expect(throws: ShopDataError.unreadable(path: "/nowhere/u.csv", reason: "No such file or directory")) {
            try ShopReader(users: "/nowhere/u.csv", sales: sales).read()
        }
        #expect(throws: ShopDataError.unreadable(path: files.path, reason: "it is not a regular file")) {
            try ShopReader(users: files.path, sales: sales).read()
        }
        let error = #expect(throws: ShopDataError.self) { try read("id,gender,age\n1,0,1\n", "user_id,day,sales\n1,1,1\n") }
        #expect(error?.description.hasSuffix("users.csv, line 1: there is no column 'user_id'; there are 'id', 'gender', 'age'") == true)
        #expect(throws: ShopDataError.self) { try read("", "user_id,day,sales\n1,1,1\n") }
        let twice = #expect(throws: ShopDataError.self) { try read(users() + "1000,1,20\n", "user_id,day,sales\n1000,1,1\n") }
        #expect(twice?.description.contains("user 1000 is there more than once") == true)
        let few = #expect(throws: ShopDataError.self) { try read(users(3), "user_id,day,sales\n1000,1,1\n") }
        #expect(few?.description.contains("3 users are too few") == true)
    }

    @Test func `a file of many pieces sums up as if read at once, whatever the length of its rows`() throws {
        var text = "user_id,day,sales\n"
        var (state, expected) = (UInt64(7), [Int](repeating: 0, count: 60 * 8))
        let rows = 700_000
        for _ in 0..<rows {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (user, day, sale) = (Int(state >> 33) % 60, Int(state >> 40) % 56, Int(state >> 20) % 100_000)
            text += "\(1000 + 7 * user),\(day),\(sale)\n"
            expected[user * 8 + day / 7] += sale
        }
        #expect(text.utf8.count > 9 << 20)
        let shop = try read(users(), text)
        #expect(shop.salesRows == rows)
        var purchases = 0.0
        for user in 0..<60 {
            for week in 0..<8 {
                #expect(shop.customers.spent(user, week) == Double(expected[user * 8 + week]))
                purchases += shop.customers.purchases(user, week)
            }
        }
        #expect(purchases == Double(rows))
    }

    @Test func `ids far apart are found as well as ids close together`() throws {
        let ids = (0..<60).map { 1 + $0 * 1_000_000_007 }
        let users = "user_id,gender,age\n" + ids.map { "\($0),0,30\n" }.joined()
        let shop = try read(users, "user_id,day,sales\n" + ids.map { "\($0),50,\($0 % 1000)\n" }.joined())
        for (place, id) in ids.enumerated() {
            #expect(shop.customers.index.place(of: id) == place)
            #expect(shop.customers.spent(place, 7) == Double(id % 1000))
        }
        #expect(shop.customers.index.place(of: 2) == -1 && shop.customers.index.place(of: -5) == -1)
    }

    @Test(arguments: [1, 3, 40, 5_000, 90_000_000_000]) func `places are the ranks of ids, whatever the order and the gaps between them`(
        _ gap: Int
    ) throws {
        var random = SystemRandomNumberGenerator()
        let ids = Set((0..<500).map { _ in Int.random(in: 0..<(500 * gap), using: &random) + 17 })
        let text = "user_id,gender,age\n" + ids.shuffled().map { "\($0),1,30\n" }.joined()
        let index = try read(text, "user_id,day,sales\n\(ids.first ?? 0),1,1\n").customers.index
        for (rank, id) in ids.sorted().enumerated() { #expect(index.place(of: id) == rank) }
        let strangers = ids.flatMap { [$0 - 1, $0 + 1, $0 + 32, -$0] } + [0, -1, .min, .max, 1 << 32]
        for id in strangers where !ids.contains(id) { #expect(index.place(of: id) == -1) }
    }

    @Test func `the pilot may last other days, and what lies before is cut into windows of its length`() throws {
        var format = ShopFormat()
        (format.days, format.pilot) = (30, 20...23)
        let shop = try read(
            users(), "user_id,day,sales\n1000,0,1\n1000,3,2\n1000,4,4\n1000,19,8\n1000,20,16\n1000,23,32\n1000,24,64\n", format)
        #expect(shop.customers.windows == 6)
        #expect((0..<6).map { shop.customers.spent(0, $0) } == [3, 4, 0, 0, 8, 48])
        format.pilot = 10...14
        #expect(throws: ShopDataError.self) { try read(users(), "user_id,day,sales\n1000,0,1\n", format) }
    }
}

internal import Glibc

/// Makes an invented shop and tests in it, the same for the same plan.
package struct ShopSimulation {
    private let plan: SimulationPlan
    private let customers: Int
    private let ids: [Int]
    private var people: [(gender: UInt8, age: UInt8)] = []

    /// Draws the customers' ids, in no order.
    package init(_ plan: SimulationPlan) {
        self.plan = plan
        customers = plan.users
        var random = ShopRandom(seed: plan.seed, stream: 1)
        // Numbers of seven digits, or more if there are more customers, each at most once: a random step through their range.
        var range = 9_000_000
        while range < 2 * plan.users { range *= 10 }
        var taken = [UInt64](repeating: 0, count: range / 64 + 1)
        var ids: [Int] = []
        ids.reserveCapacity(plan.users)
        while ids.count < plan.users {
            let number = random.below(range)
            if taken[number >> 6] & (1 << UInt64(number & 63)) != 0 { continue }
            taken[number >> 6] |= 1 << UInt64(number & 63)
            ids.append(range / 9 + number)
        }
        self.ids = ids
    }

    /// The customers, the sales and the tests, as text.
    ///
    /// - Parameters:
    ///   - users: given the text of `df_users.csv`, piece by piece.
    ///   - sales: given the text of `df_sales.csv`, piece by piece, in no order.
    ///   - tests: given the lines of `tests.jsonl`.
    package mutating func run(
        users: ([UInt8]) throws -> Void, sales: ([UInt8]) throws -> Void, tests: ([UInt8]) throws -> Void
    ) rethrows {
        people = drawPeople()
        try writeUsers(users)
        let pilots = drawPilots()
        var pilotOf = [Int32](repeating: -1, count: customers)
        for (number, pilot) in pilots.enumerated() {
            for customer in pilot.b { pilotOf[customer] = Int32(number) }
        }
        var rows = drawSales(pilots, pilotOf)
        shuffle(&rows)
        try writeSales(rows, sales)
        for pilot in pilots { try tests(line(pilot)) }
    }

    // MARK: Customers

    private func stream(of customer: Int) -> ShopRandom { ShopRandom(seed: plan.seed, stream: UInt64(customer) + 1000) }

    private func drawPeople() -> [(gender: UInt8, age: UInt8)] {
        (0..<customers).map { customer in
            var random = stream(of: customer)
            let drawn = SimulatedCustomer(plan.shape, &random)
            return (UInt8(drawn.gender), UInt8(drawn.age))
        }
    }

    private func writeUsers(_ write: ([UInt8]) throws -> Void) rethrows {
        var text = CSVText("user_id,gender,age\n")
        for customer in 0..<customers {
            text.row(ids[customer], Int(people[customer].gender), Int(people[customer].age))
            if text.isFull { try write(text.take()) }
        }
        try write(text.take())
    }

    // MARK: Pilots

    /// Groups B are apart from each other and from all groups A; groups A are drawn from the rest and may share customers.
    private func drawPilots() -> [SimulatedPilot] {
        var random = ShopRandom(seed: plan.seed, stream: 2)
        var order = Array(0..<customers)
        for each in stride(from: customers - 1, to: 0, by: -1) { order.swapAt(each, random.below(each + 1)) }
        // At most six tenths of the customers are treated.
        let room = customers * 6 / 10
        let mean = (plan.groupSize.lowerBound + plan.groupSize.upperBound) / 2
        let shrink = min(1, Double(room) / Double(max(1, plan.tests * mean)))
        var treated = order[..<room]
        // Where nothing has an effect, nobody has to be kept apart.
        let untreated = plan.hasEffects ? order[room...] : order[...]
        func size() -> Int {
            let drawn = plan.groupSize.lowerBound + random.below(plan.groupSize.count)
            return max(2, Int(Double(drawn) * shrink))
        }
        return (0..<plan.tests).map { number in
            let kind = plan.kinds[random.below(plan.kinds.count)]
            let sign = number.isMultiple(of: 2) ? 1.0 : random.uniform() < 0.5 ? 0 : -1
            let lift = plan.hasEffects ? sign * plan.typicalLift * random.uniform(0.4...1.6) : 0
            var pilot = SimulatedPilot(kind: kind, lift: lift)
            // The two groups A of a test share nobody, so both are cut from one draw.
            let sizeOfA = size()
            let start = random.below(max(1, untreated.count - 2 * sizeOfA))
            let both = untreated.dropFirst(start).prefix(2 * sizeOfA)
            pilot.a1 = Array(both.prefix(sizeOfA))
            pilot.a2 = Array(both.dropFirst(sizeOfA))
            let tilt = random.uniform() < plan.unbalanced ? 0.7 : 0
            let wanted = size()
            if !plan.hasEffects {
                // Any other part of the order will do.
                let first = (start + 2 * sizeOfA + random.below(max(1, customers - 2 * sizeOfA))) % customers
                treated = ArraySlice((0..<min(6 * wanted, customers - 2 * sizeOfA)).map { order[(first + $0) % customers] })
                let inA = Set(both)
                treated.removeAll { inA.contains($0) }
            }
            // The tilted draw leaves some behind; they go to the end of the line.
            var left: [Int] = []
            while pilot.b.count < wanted, let customer = treated.popFirst() {
                let odds = tilt * (Double(people[customer].gender) - 1 + 0.05 * (Double(people[customer].age) - 45))
                if tilt == 0 || random.uniform() < exp(min(0, odds)) { pilot.b.append(customer) } else { left.append(customer) }
                if left.count > 4 * wanted { break }
            }
            treated.append(contentsOf: left)
            return pilot
        }
    }

    // MARK: Sales

    /// All sales: customer, day and sum in one word each.
    private func drawSales(_ pilots: [SimulatedPilot], _ pilotOf: [Int32]) -> [UInt64] {
        let (mean, idle) = measurePilotWeek()
        var rows: [UInt64] = []
        rows.reserveCapacity(customers * 40)
        var purchases: [Double] = []
        for customer in 0..<customers {
            var random = stream(of: customer)
            var drawn = SimulatedCustomer(plan.shape, &random)
            for week in 0..<8 {
                drawn.week(week, into: &purchases, &random)
                if week == 7, pilotOf[customer] >= 0 {
                    pilots[Int(pilotOf[customer])].apply(to: &purchases, check: drawn.check, mean: mean, idle: idle, &random)
                }
                for purchase in purchases {
                    let sum = UInt64(min(4_000_000_000, max(1, (purchase - 0.5 + random.uniform()).rounded())))
                    rows.append(UInt64(customer) << 40 | UInt64(week * 7 + random.below(7)) << 32 | sum)
                }
            }
        }
        return rows
    }

    /// Revenue per person in the pilot's week, and what the idle would spend with one purchase each, from a sample.
    private func measurePilotWeek() -> (mean: Double, idle: Double) {
        var (sum, idle, count) = (0.0, 0.0, 0)
        var purchases: [Double] = []
        for customer in stride(from: 0, to: customers, by: max(1, customers / 20_000)) {
            var random = stream(of: customer)
            var drawn = SimulatedCustomer(plan.shape, &random)
            for week in 0..<8 { drawn.week(week, into: &purchases, &random) }
            sum += purchases.reduce(0, +)
            if purchases.isEmpty { idle += drawn.check }
            count += 1
        }
        return (sum / Double(count), idle / Double(count))
    }

    private func shuffle(_ rows: inout [UInt64]) {
        var random = ShopRandom(seed: plan.seed, stream: 3)
        rows.withUnsafeMutableBufferPointer { rows in
            for each in stride(from: rows.count - 1, to: 0, by: -1) { rows.swapAt(each, random.below(each + 1)) }
        }
    }

    private func writeSales(_ rows: [UInt64], _ write: ([UInt8]) throws -> Void) rethrows {
        var text = CSVText("user_id,day,sales\n")
        for row in rows {
            text.row(ids[Int(row >> 40)], Int(row >> 32) & 255, Int(row & 0xFFFF_FFFF))
            if text.isFull { try write(text.take()) }
        }
        try write(text.take())
    }

    private func line(_ pilot: SimulatedPilot) -> [UInt8] {
        var text = CSVText("{\"test\":{")
        for (group, members) in zip(EffectTest.keys, [pilot.a1, pilot.a2, pilot.b]) {
            text.append((group == EffectTest.keys[0] ? "\"" : ",\"") + group + "\":[")
            for (each, customer) in members.enumerated() {
                if each > 0 { text.append(",") }
                text.append(ids[customer])
            }
            text.append("]")
        }
        text.append("},\"label\":\(pilot.label),\"kind\":\"\(pilot.kind.rawValue)\",\"lift\":\(pilot.lift)}\n")
        return text.take()
    }
}

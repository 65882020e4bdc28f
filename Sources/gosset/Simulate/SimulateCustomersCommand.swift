import Glibc
import Spending

/// `gosset simulate customers`: an invented shop's records, to try the spending routes on.
struct SimulateCustomersCommand: Command {
    let name = "simulate customers"
    let summary = "Invent customers and what they paid, as a SQLite file for gosset serve --spending."
    let discussion = """
        Writes user_info(user_id, name, email, age) and user_spending(user_id, money_spent, year). About half of the customers spend
        anything; some are under 18 or did not tell their age. The same seed invents the same shop.
        """

    let options: [Option] = [
        Option("customers", "N", help: "How many customers.", default: "3000"),
        Option("payments", "N", help: "How many payments.", default: "12000"),
        Option("first-year", "YEAR", help: "The first year of payments.", default: "2023"),
        Option("last-year", "YEAR", help: "The last year of payments.", default: "2025"),
        Option("seed", "N", help: "Another number invents another shop.", default: "1"),
    ]
    let operands = Operands(placeholder: "FILE", count: 1...1)

    func run(_ options: Options) async throws -> Int32 {
        let first = try options.integer("first-year", in: 1...9999)
        let last = try options.integer("last-year", in: 1...9999)
        guard first <= last else { throw UsageError("--first-year must not be after --last-year") }
        let simulation = CustomerSimulation(
            customers: try options.integer("customers", in: 1...100_000_000),
            payments: try options.integer("payments", in: 0...1_000_000_000),
            years: first...last, seed: UInt64(try options.integer("seed", in: 0...Int.max)))
        let path = options.operands[0]
        // Made here, so that nothing that is there is ever written over.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFailure("\(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
        do {
            try simulation.write(to: path)
        } catch {
            unlink(path)
            throw error
        }
        let customers = simulation.customers == 1 ? "1 customer" : "\(simulation.customers) customers"
        let payments = simulation.payments == 1 ? "1 payment" : "\(simulation.payments) payments"
        Terminal.say("\(path): \(customers), \(payments), \(first) to \(last)")
        return 0
    }

    private struct FileFailure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
